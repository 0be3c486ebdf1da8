"""One matter, many contacts: what a customer sends about it again joins the first (row 5)."""

import asyncio
import re
import secrets
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from nats.aio.msg import Msg
from sqlmodel import select

from services.intake.registration import register
from services.intake.service import Intake
from services.intake.tables import ComplaintRow
from shared.contract.events import Closed, FactHeader
from shared.contract.ids import complaint_id
from shared.contract.outgoing import outgoing
from shared.contract.subjects import EVENTS_STREAM, Service, event
from shared.contract.values import SYSTEM, Outcome, PolicyId, Stage
from shared.runtime.messages.timeline import read_timeline
from tests.integration.intake_service import SOURCE, Door, new_submission, seen
from tests.unit.submissions import CUSTOMER, context

OPENED = ["received", "promise_made", "notice"]
JOINED = ["contact_added", "notice"]
Json = dict[str, Any]


pytestmark = pytest.mark.each_database


def person() -> Json:
    """A customer that no other test has."""
    return CUSTOMER | {"ref": f"cust-{secrets.token_hex(6)}"}


async def facts(door: Door, complaint: str) -> list[Json]:
    return await read_timeline(door.admin, complaint)


async def arrived(door: Door, *complaints: str) -> None:
    """Wait until something was said of each, and nothing more is coming."""
    for complaint in complaints:

        async def look(one: str = complaint) -> bool | None:
            return True if await door.names(one) else None

        await seen(look)
    await door.idle()


async def arrive(door: Door, *messages: Json, channel: str = "web") -> None:
    """Send one after the other, each once the one before has been taken."""
    for message in messages:
        await door.submit(message, channel)
        await arrived(door, complaint_id(SOURCE, message["id"]))


async def text(door: Door, ref: str) -> str:
    asked = {"text_ref": ref, "actor": {"id": "agent-1"}, "purpose": "handling"}
    reply = await door.ask("complaints.v1.query.text", asked)
    assert reply["ok"], reply
    return str(reply["result"]["text"])


async def close(door: Door, complaint: str) -> None:
    """Say what followup says at the end."""
    header = FactHeader(
        complaint_id=complaint,
        seq=1,
        cycle=1,
        stage=Stage.CLOSED,
        actor=SYSTEM,
        policy=PolicyId(id="default", hash="0" * 16),
    )
    last = (await facts(door, complaint))[-1]
    at = datetime.fromisoformat(last["time"])
    said = outgoing(Service.FOLLOWUP, header, Closed(outcome=Outcome.SATISFIED), at)
    await door.admin.jetstream().publish(event("closed", complaint), said.body, stream=EVENTS_STREAM)


async def test_phone_then_web_then_mail_about_one_order_is_one_complaint_with_three_contacts(
    door: Door,
) -> None:
    customer, order = person(), f"order-{secrets.token_hex(4)}"
    first, by_phone = new_submission(customer=customer, order_ref=order)
    second, by_web = new_submission(
        customer=customer, order_ref=order.upper(), narrative="还是没有人联系我。"
    )
    third, by_mail = new_submission(customer=customer, narrative=f"我的投诉编号是 {first}，请尽快。")
    async with door.open():
        for channel, message in (("phone", by_phone), ("web", by_web), ("email", by_mail)):
            await arrive(door, message, channel=channel)
        assert await door.names(first) == [*OPENED, *JOINED, *JOINED]
        assert await door.names(second) == await door.names(third) == ["merged"]
        found = await facts(door, first)
        assert [one["data"]["seq"] for one in found] == list(range(1, 8))
        contacts = [one["data"] for one in found if one["type"].endswith(".contact_added.v1")]
        assert [(one["channel"], one["alias"]) for one in contacts] == [("web", second), ("email", third)]
        assert await text(door, contacts[0]["text_ref"]) == "还是没有人联系我。"
        assert contacts[0]["text_ref"].startswith(f"intake:{first}:")
        (alias,) = await facts(door, second)
        assert (alias["data"]["into"], alias["data"]["seq"]) == (first, 1)


async def test_a_returning_complainant_is_notified_of_the_complaint_and_the_date(door: Door) -> None:
    customer = person()
    first, message = new_submission(customer=customer, language="en")
    _, again = new_submission(customer=customer, language="en", order_ref=message["data"]["order_ref"])
    async with door.open():
        await arrive(door, message, again)
        told = [one["data"] for one in await facts(door, first) if ".notice." in one["type"]]
        assert [one["template"] for one in told] == ["acknowledgement", "contact_joined"]
        promised, restated = [await text(door, one["text_ref"]) for one in told]
        assert first in restated
        date = re.search(r" by (\d+ \w+ \d{4}, \d\d:\d\d)", promised)
        assert date
        assert date[1] in restated


@pytest.mark.parametrize("apart", [False, True], ids=["one batch", "one after the other"])
async def test_a_hundred_redeliveries_add_nothing_also_after_a_restart(door: Door, apart: bool) -> None:
    customer = person()
    first, message = new_submission(customer=customer)
    second, again = new_submission(customer=customer, order_ref=message["data"]["order_ref"])
    async with door.open():
        if apart:
            await arrive(door, message)
        else:
            await door.submit(message)
        for _ in range(49):
            await door.submit(again)
        await arrive(door, again)
    async with door.open() as intake:
        for _ in range(50):
            await door.submit(again)
        await arrive(door, message)
        # Of two that come at the same moment, either may be the first.
        joined = apart or await door.names(second) == ["merged"]
        survivor, alias = (first, second) if joined else (second, first)
        assert await door.names(survivor) == [*OPENED, *JOINED]
        assert await door.names(alias) == ["merged"]
        rows = await intake.store.database.read(lambda session: session.exec(select(ComplaintRow)).all())
        assert {row.complaint_id: row.merged_into for row in rows} == {survivor: None, alias: survivor}


async def test_submissions_that_two_processes_take_at_once_join_all_the_same(door: Door) -> None:
    customers = [person() for _ in range(8)]
    sent = [
        new_submission(customer=one, order_ref=f"order-{one['ref']}") for one in customers for _ in range(6)
    ]
    async with door.open(), door.open():
        await asyncio.gather(*(door.submit(message) for _, message in sent))
        await arrived(door, *(complaint for complaint, _ in sent))
        names = [await door.names(complaint) for complaint, _ in sent]
        assert names.count(["merged"]) == len(sent) - len(customers)
        assert names.count([*OPENED, *(JOINED * 5)]) == len(customers)


async def test_the_same_words_join_unless_they_name_another_order(door: Door) -> None:
    customer = person()
    first, message = new_submission(customer=customer, order_ref=None)
    same, repeated = new_submission(customer=customer, order_ref=None)
    other, about_another = new_submission(
        customer=customer, order_ref="order-2", narrative="别的事情，充电器坏了。"
    )
    async with door.open():
        await arrive(door, message, repeated, about_another)
        assert await door.names(same) == ["merged"]
        assert (await door.names(other))[:3] == OPENED
        assert await door.names(first) == [*OPENED, *JOINED]


async def test_a_stranger_who_quotes_a_complaint_or_names_its_order_gets_a_complaint_of_their_own(
    door: Door,
) -> None:
    first, message = new_submission(customer=person())
    quoting, quoted = new_submission(customer=person(), narrative=f"关于 {first} 我也要投诉。")
    naming, named = new_submission(customer=person(), order_ref=message["data"]["order_ref"])
    async with door.open():
        await arrive(door, message)
        await arrive(door, quoted, named)
        assert await door.names(first) == OPENED
        for complaint, score in ((quoting, 1.0), (naming, 0.8)):
            assert await door.names(complaint) == [*OPENED, "duplicate_suspected"]
            suspected = (await facts(door, complaint))[-1]["data"]
            assert (suspected["of"], suspected["score"], suspected["seq"]) == (first, score, 4)


async def test_a_merely_similar_submission_is_suspected_and_stays_a_complaint(door: Door) -> None:
    customer = person()
    words = {"order_ref": None, "title": None, "product": None, "customer": customer, "hints": {}}
    first, message = new_submission(**words, narrative="羽绒服跑毛严重，才穿一周，麻烦给我换一件新的。")
    alike, again = new_submission(**words, narrative="在专柜买的羽绒服一直跑毛，穿了一周，要求换新的。")
    other, unlike = new_submission(**words, narrative="上次买的鞋子开胶了。")
    async with door.open():
        await arrive(door, message, again, unlike)
        assert await door.names(alike) == [*OPENED, "duplicate_suspected"]
        suspected = (await facts(door, alike))[-1]["data"]
        assert suspected["of"] == first
        assert 0.3 <= suspected["score"] < 0.95
        assert await door.names(other) == OPENED


async def test_a_new_danger_is_not_buried_in_an_older_complaint(door: Door) -> None:
    customer = person()
    first, message = new_submission(customer=customer)
    order = message["data"]["order_ref"]
    grave, again = new_submission(customer=customer, order_ref=order, safety=True)
    async with door.open():
        await arrive(door, message, again)
        assert await door.names(first) == OPENED
        assert await door.names(grave) == [*OPENED, "duplicate_suspected"]


async def test_a_submission_after_the_end_is_a_new_complaint(door: Door) -> None:
    customer = person()
    first, message = new_submission(customer=customer)
    second, again = new_submission(customer=customer, order_ref=message["data"]["order_ref"])
    async with door.open():
        await arrive(door, message)
        await close(door, first)
        await arrive(door, again)
        assert await door.names(second) == OPENED
        assert await door.names(first) == [*OPENED, "closed"]


async def test_a_quoted_alias_means_its_survivor(door: Door) -> None:
    customer = person()
    first, message = new_submission(customer=customer)
    alias, again = new_submission(customer=customer, order_ref=message["data"]["order_ref"])
    third, quoting = new_submission(
        customer=customer, order_ref=None, title="催办", narrative=f"{alias} 怎么样了"
    )
    async with door.open():
        await arrive(door, message, again, quoting)
        assert await door.names(third) == ["merged"]
        assert (await facts(door, third))[0]["data"]["into"] == first


async def test_a_contact_to_an_alias_is_one_of_the_survivor_once(door: Door) -> None:
    customer = person()
    first, message = new_submission(customer=customer)
    alias, again = new_submission(customer=customer, order_ref=message["data"]["order_ref"])
    request = {
        "command_id": "c1",
        "complaint_id": alias,
        "actor": {"id": "customer"},
        "data": {"channel": "phone", "text": "我又打来了。"},
    }
    async with door.open():
        await arrive(door, message, again)
        replies = [await door.ask("complaints.v1.command.add_contact", request) for _ in range(3)]
        assert {reply["complaint_id"] for reply in replies} == {first}
        assert await door.names(first) == [*OPENED, *JOINED, "contact_added"]
        direct = await door.ask("complaints.v1.command.add_contact", request | {"complaint_id": first})
        assert direct["ok"], "the same number means another command where it was sent to another id"
        assert (await door.names(first)).count("contact_added") == 3


async def test_a_contact_that_was_stored_and_not_published_is_published_once(door: Door) -> None:
    """Intake dies between the record and the stream; the message comes back to the next process."""
    customer = person()
    first, message = new_submission(customer=customer)
    second, again = new_submission(customer=customer, order_ref=message["data"]["order_ref"])

    async def only_record(intake: Intake, messages: list[Msg]) -> None:
        now = datetime.now(UTC)
        await intake.store.record([register(one.subject, one.data, now, context()) for one in messages])

    async with door.open():
        await arrive(door, message)
    await door.submit(again)
    await door.crash(only_record)
    assert await door.names(first) == OPENED
    async with door.open():
        await door.idle()

        async def told() -> bool | None:
            return True if await door.names(second) else None

        await seen(told)
        assert await door.names(first) == [*OPENED, *JOINED]
        assert await door.names(second) == ["merged"]


async def test_no_word_of_a_joined_submission_is_in_a_fact(door: Door) -> None:
    customer = person() | {"name": "欧阳不见"}
    first, message = new_submission(customer=customer)
    marks = {"title": "手机死机不见", "narrative": "手机三天就死机，不见", "product": "X1 手机不见"}
    second, again = new_submission(customer=customer, order_ref=message["data"]["order_ref"], **marks)
    async with door.open():
        await arrive(door, message, again)
        said = orjson.dumps([*await facts(door, first), *await facts(door, second)]).decode()
        assert ("merged" in said, "不见" in said) == (True, False)
