"""What comes under a source and id that are on record: a repeat, a contact, or the quarantine."""

import asyncio
import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlmodel import select

from services.intake.tables import ComplaintRow, FurtherContentRow
from shared.contract import subjects
from shared.contract.contents import content_of
from shared.contract.erasure import ErasureOrder
from shared.contract.subjects import command, query
from shared.contract.submission import Submitted
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.texts.erasing import Eraser
from tests.integration.intake_service import Door, new_submission, seen
from tests.patience import PATIENCE

BEGUN = ["received", "promise_made", "notice"]
JOINED = [*BEGUN, "contact_added", "notice"]
WORSE = "有人推了她，她住院了。"


pytestmark = pytest.mark.each_database


def other(message: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The same source and id with other data."""
    return message | {"data": message["data"] | changes}


async def send(door: Door, *messages: Any) -> None:
    for message in messages:
        await door.submit(message)
    await door.idle()


async def quarantined(door: Door, complaint: str) -> list[dict[str, str]]:
    """The headers of the copies that were quarantined for a reused id and name this complaint."""
    js = door.admin.jetstream(timeout=PATIENCE)
    subscription = await js.subscribe(
        subjects.quarantine("id_reused"), stream=subjects.QUARANTINE_STREAM, ordered_consumer=True
    )
    found = []
    try:
        while True:
            message = await subscription.next_msg(timeout=0.5)
            if (message.headers or {}).get("Amends-Complaint") == complaint:
                found.append(dict(message.headers or {}))
    except TimeoutError:
        return found
    finally:
        await subscription.unsubscribe()


async def last_contact(door: Door, complaint: str) -> dict[str, Any]:
    facts = await read_timeline(door.admin, complaint)
    found = [fact["data"] for fact in facts if fact["type"] == "complaints.event.contact_added.v1"]
    return dict(found[-1])


async def text(door: Door, ref: str) -> str:
    read = {"text_ref": ref, "actor": {"id": "agent-1"}, "purpose": "test"}
    return str((await door.ask(query("text"), read))["result"]["text"])


async def test_other_words_of_the_same_customer_are_a_contact_once_and_can_be_read(door: Door) -> None:
    complaint, first = new_submission()
    second, third = other(first, narrative=WORSE, safety=True), other(first, narrative="还在等。")
    async with door.open():
        await send(door, first)  # which of two comes first, counts: one that failed comes again later
        await send(door, second, second)
        assert await door.names(complaint) == JOINED
        contact = await last_contact(door, complaint)
        assert (contact["safety"], await text(door, contact["text_ref"])) == (True, WORSE)
        await send(door, third, second, first, third)
        assert await door.names(complaint) == [*JOINED, "contact_added", "notice"]
        assert await text(door, (await last_contact(door, complaint))["text_ref"]) == "还在等。"
        assert await text(door, contact["text_ref"]) == WORSE


async def test_each_content_counts_once_in_one_batch_and_with_two_processes(door: Door) -> None:
    complaint, first = new_submission()
    second = other(first, narrative=WORSE)
    for _ in range(5):
        await door.submit(first)
        await door.submit(second)
    async with door.open(), door.open():
        await door.idle()
    assert sorted(await door.names(complaint)) == sorted(JOINED)


async def test_another_customer_under_the_same_id_is_quarantined_and_nothing_is_written(door: Door) -> None:
    complaint, first = new_submission()
    theirs = other(first, customer={"ref": "cust-777"}, narrative=WORSE, safety=True)
    async with door.open() as intake:
        await send(door, first)  # a delivery that failed comes again later, and would make theirs the first
        await send(door, theirs)
        (headers,) = await quarantined(door, complaint)
        assert (headers["Amends-Reason"], headers["Amends-Field"]) == ("id_reused", "id")
        assert "another customer" in headers["Amends-Detail"]
        assert headers["Amends-Danger"] == "true"
        assert "call the customer now" in headers["Amends-Detail"]
        assert await door.names(complaint) == BEGUN
        further = await intake.store.database.read(lambda session: session.get(ComplaintRow, complaint))
        assert further is not None
        assert further.customer_ref == first["data"]["customer"]["ref"]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: orjson.dumps(one, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2),
        lambda one: orjson.dumps(one).replace(b'"severity":3', b'"severity":3.0'),
        lambda one: orjson.dumps(one).replace(b'"199.00"', b'"199.0"'),
        lambda one: one | {"time": "2026-11-22T00:00:00Z"},
        lambda one: other(one, received_at="2026-11-21T01:20:01Z"),
        lambda one: other(one, attachments=[], safety=False, something_unknown=1),
        lambda one: other(one, title="Cafe\u0301"),
    ],
    ids=["order", "number", "amount", "time", "received_at", "defaults", "unicode"],
)
async def test_the_same_content_in_another_form_is_a_repeat(door: Door, change: Any) -> None:
    complaint, first = new_submission(title="Café")
    async with door.open():
        await send(door, first, change(first))
        assert await door.names(complaint) == BEGUN


async def test_a_contact_that_was_written_and_not_published_is_published_once_by_the_next_process(
    door: Door,
) -> None:
    complaint, first = new_submission()
    second = other(first, narrative=WORSE)
    async with door.open():
        await send(door, first)
    await door.submit(second)

    async def written(intake: Any, messages: list[Any]) -> None:
        intake.store.said = lambda _: None
        intake.submissions.work.publisher = Silent()
        with pytest.raises(Unsaid):
            await intake.submissions.work(messages)

    await door.crash(written)
    async with door.open():
        await door.idle()
        await seen(lambda: _when(door, complaint, JOINED))
        assert await door.names(complaint) == JOINED


class Unsaid(Exception):
    pass


class Silent:
    """A publisher of a process that dies before it says anything."""

    async def publish_all(self, facts: list[Any]) -> None:
        if facts:
            raise Unsaid

    async def publish(self, facts: list[Any], *, again: bool = False) -> None:
        raise Unsaid


async def _when(door: Door, complaint: str, names: list[str]) -> bool | None:
    return True if await door.names(complaint) == names else None


async def test_other_content_after_the_end_is_quarantined(door: Door) -> None:
    complaint, first = new_submission()
    async with door.open():
        await send(door, first)
        facts = await read_timeline(door.admin, complaint)
        ended = facts[-1] | {"id": f"{complaint}-followup-1", "type": "complaints.event.closed.v1"}
        ended["data"] = ended["data"] | {"stage": "closed", "outcome": "satisfied", "seq": 1}
        await door.admin.jetstream().publish(subjects.event("closed", complaint), orjson.dumps(ended))
        await send(door, other(first, narrative=WORSE))
        (headers,) = await quarantined(door, complaint)
        assert "is over" in headers["Amends-Detail"]


async def test_the_second_of_two_grumbles_under_one_id_makes_it_a_complaint(door: Door) -> None:
    complaint, first = new_submission()
    grumbled = first | {"type": "complaints.grumbled.v1"}
    async with door.open():
        await send(door, grumbled, other(grumbled, narrative="又排了一小时队"))
        names = await door.names(complaint)
        await send(door, other(grumbled, narrative="又排了一小时队"))
        assert await door.names(complaint) == names
    assert names == ["grumbled", "notice", "promoted", *BEGUN, "contact_added"]


async def test_a_repeat_after_the_erasure_stores_no_text_again(door: Door) -> None:

    complaint, first = new_submission()
    second = other(first, narrative=WORSE)
    async with door.open() as intake:
        await send(door, first, second)
        await Eraser(intake.store.texts, lambda: datetime.now(UTC))(
            ErasureOrder(erasure_id=secrets.token_hex(8), complaint_ids=[complaint])
        )
        await send(door, first, second)
        assert await door.names(complaint) == JOINED
        contact = await last_contact(door, complaint)
        read = {"text_ref": contact["text_ref"], "actor": {"id": "agent-1"}, "purpose": "test"}
        assert (await door.ask(query("text"), read))["error"]["code"] == "erased"


async def test_a_command_is_repeated_refused_or_remembered_by_its_content(door: Door) -> None:
    complaint, first = new_submission()
    async with door.open():
        await send(door, first)
        data = {"channel": "phone", "text": "还是没有回音。"}
        ask = {"command_id": secrets.token_hex(8), "complaint_id": complaint, "actor": {"id": "agent-1"}}
        replies = await asyncio.gather(
            *(door.ask(command("add_contact"), ask | {"data": data | {"text": f"{n % 2}"}}) for n in range(6))
        )
        done = [one for one in replies if one["ok"]]
        refused = [one["error"] for one in replies if not one["ok"]]
        assert (len(done), len(refused)) == (3, 3)
        assert {(one["code"], one["field"]) for one in refused} == {("malformed", "command_id")}
        assert (await door.names(complaint)).count("contact_added") == 1
        actor = await door.ask(command("add_contact"), ask | {"data": data, "actor": {"id": "customer"}})
        assert actor["error"]["field"] == "command_id"


async def test_a_refusal_is_remembered_and_marked_so_and_a_malformed_command_is_not(door: Door) -> None:
    complaint, first = new_submission()
    async with door.open():
        await send(door, first)
        ask = {"command_id": secrets.token_hex(8), "complaint_id": complaint, "actor": {"id": "agent-1"}}
        refused = await door.ask(command("answer_grumble"), ask | {"data": {"text": "好的"}})
        again = await door.ask(command("answer_grumble"), ask | {"data": {"text": "好的"}})
        assert (refused["error"]["code"], refused["error"].get("remembered")) == ("not_allowed_now", None)
        assert (again["error"]["code"], again["error"]["remembered"]) == ("not_allowed_now", True)
        assert "首次回复" in again["error"]["message_zh"]
        ask["command_id"] = secrets.token_hex(8)
        early = {"channel": "phone", "text": "好的", "at": "2150-01-01T00:00:00Z"}
        assert (await door.ask(command("add_contact"), ask | {"data": early}))["error"]["field"] == "data.at"
        assert (await door.ask(command("add_contact"), ask | {"data": {"channel": "phone", "text": "好的"}}))[
            "ok"
        ]


async def test_no_digest_of_a_short_text_can_be_guessed(door: Door) -> None:
    complaint, first = new_submission()
    async with door.open() as intake:
        await send(door, first, other(first, narrative="no"))
        row = await intake.store.database.read(lambda session: session.get(ComplaintRow, complaint))
        rows = await intake.store.database.read(lambda session: session.exec(select(FurtherContentRow)).all())
    plain = content_of(Submitted.model_validate(first))
    assert row is not None
    assert len(row.digest) == 32
    assert row.digest != hashlib.sha256(plain).digest()
    assert len(rows) == 1


async def test_the_door_learns_of_a_used_id_before_it_submits(door: Door) -> None:
    _, first = new_submission()
    async with door.open():
        await send(door, first)
        assert await door.ask(subjects.REUSED, first) == {"detail": "", "detail_zh": ""}
        told = await door.ask(subjects.REUSED, other(first, customer={"ref": "cust-777"}))
        assert "another customer" in told["detail"]
        assert await door.ask(subjects.REUSED, other(first, narrative=WORSE)) == {
            "detail": "",
            "detail_zh": "",
        }
