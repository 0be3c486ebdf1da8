"""A grumble on the matter of an open complaint of the same customer is a contact of it (decisions/0008)."""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import orjson
import pytest
from nats.aio.msg import Msg
from sqlmodel import Session

from services.intake.admitting import admitted
from services.intake.registration import Registration
from services.intake.service import Intake, now
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.contract.subjects import SUBMIT_STREAM, command, query
from shared.runtime.messages.timeline import read_timeline
from tests.integration.grumbles import ALONE, BEGUN, data_of, new_customer, new_grumble, order, state
from tests.integration.intake_service import Door, new_submission, seen
from tests.integration.test_intake_joining import arrive, close
from tests.unit.submissions import WEB, context

OPENED, JOINED = ["received", "promise_made", "notice"], ["contact_added", "notice"]
TAKEN_ALONG = [[*ALONE, "promoted"], [*OPENED, "promoted"]]
AGAIN = {"narrative": "手机又死机了，客服的态度还是很差。"}
OTHER = {"title": "发票", "narrative": "发票抬头开错了，请重开。"}
Json = dict[str, Any]


pytestmark = pytest.mark.each_database


def pair(**changes: Any) -> tuple[str, Json, str, Json]:
    """A complaint, and a grumble of the same customer about the same order."""
    customer = new_customer()
    own = {"order_ref": f"order-{customer}"}
    complaint, message = new_submission(customer={"ref": customer}, **own)
    grumbled, other = new_grumble(**({"customer": customer} | own | AGAIN | changes))
    return complaint, message, grumbled, other


async def waiting(door: Door, *messages: Json) -> None:
    """Sent, so that intake will find all of them at once."""
    for message in messages:
        await door.submit(message)

    async def all_there() -> bool | None:
        info = await door.admin.jetstream().consumer_info(SUBMIT_STREAM, INTAKE_SUBMISSIONS.name)
        return True if info.num_pending == len(messages) else None

    await seen(all_there)


async def test_a_grumble_about_an_open_complaint_is_a_contact_of_it(door: Door) -> None:
    complaint, message, grumbled, again = pair()
    async with door.open():
        await arrive(door, message, again)
    async with door.open():
        await arrive(door, again, message)
        stands = (await state(door, grumbled))["result"]
        answered, promoted = [await order(door, verb, grumbled) for verb in ("answer_grumble", "promote")]
        contact = await data_of(door, complaint, "contact_added")
        read = {"text_ref": contact["text_ref"], "actor": {"id": "agent-1"}, "purpose": "handling"}
        words = (await door.ask(query("text"), read))["result"]["text"]
        said = {"data": {"channel": "phone", "text": "还没有人回电。"}, "actor": {"id": "customer"}}
        further = await door.ask(command("add_contact"), {"command_id": "c", "complaint_id": grumbled} | said)

    assert await door.names(complaint) == [*OPENED, *JOINED, "contact_added"]
    assert await door.names(grumbled) == ["merged"]
    assert (contact["alias"], words) == (grumbled, AGAIN["narrative"])
    assert (await data_of(door, complaint, "notice"))["template"] == "contact_joined"
    assert (stands["standing"], stands["into"]) == ("joined", complaint)
    assert stands["allowed"] == ["add_contact", "erase"]
    for reply in (answered, promoted):
        assert reply["error"]["code"] == "not_allowed_now"
        assert reply["error"]["allowed"] == ["add_contact", "erase"]
        assert f"has joined the complaint {complaint}" in reply["error"]["message"]
    assert (further["ok"], further["complaint_id"]) == (True, complaint)


async def test_a_grumble_that_leaves_a_doubt_or_comes_too_late_stays_for_itself(door: Door) -> None:
    doubts: list[tuple[Json, list[str]]] = [
        (OTHER, ALONE),  # another thing about one order
        ({"safety": True}, ["grumbled", *BEGUN]),  # a danger that nobody spoke of is a complaint at once
        ({"customer": new_customer()}, ALONE),  # somebody else
    ]
    async with door.open():
        for doubt, stays in doubts:
            complaint, message, grumbled, again = pair(**doubt)
            await arrive(door, message, again)
            assert await door.names(complaint) == OPENED, doubt
            assert await door.names(grumbled) == stays, doubt
        complaint, message, grumbled, again = pair()
        await arrive(door, message)
        await close(door, complaint)
        await arrive(door, again)
        assert await door.names(grumbled) == ALONE


async def test_a_quoted_joined_grumble_leads_to_its_complaint_and_counts_for_no_repeat(
    door: Door,
) -> None:
    complaint, message, joined, again = pair()
    customer = message["data"]["customer"]["ref"]
    other, about_else = new_grumble(customer, **OTHER)
    quoting, words = new_grumble(customer, narrative=f"编号{joined}，请尽快。", title=None)
    async with door.open():
        await arrive(door, message, again, about_else, words)

    assert await door.names(complaint) == [*OPENED, *JOINED, *JOINED]
    assert await door.names(joined) == await door.names(quoting) == ["merged"]
    assert await door.names(other) == ALONE


@pytest.mark.parametrize("complaint_first", [True, False])
async def test_grumbles_of_a_batch_are_linked_once_also_when_intake_dies_before_the_acknowledgement(
    door: Door, complaint_first: bool
) -> None:
    complaint, message, grumbled, again = pair()
    await waiting(door, *((message, again) if complaint_first else (again, message)))

    async def do_all(intake: Intake, messages: list[Msg]) -> None:
        assert len(messages) == 2
        assert await intake.submissions.work(messages) == [None, None]

    async with door.short_memory() as forgotten:
        await door.crash(do_all)
        before = [await door.names(one) for one in (grumbled, complaint)]
        await forgotten()
        async with door.open():
            await door.idle()

    assert before == ([["merged"], [*OPENED, *JOINED]] if complaint_first else TAKEN_ALONG)
    assert [await door.names(one) for one in (grumbled, complaint)] == before


async def test_contacts_that_a_dead_batch_joined_are_published_once_and_in_order(door: Door) -> None:
    complaint, message, grumbled, again = pair()
    await waiting(door, message, again)

    async def record_and_say_some(intake: Intake, messages: list[Msg]) -> None:
        recorded = await intake.store.record([read(one.data) for one in messages])
        await intake.submissions.delivery.publisher.publish(recorded[1].facts[:4], again=True)

    async with door.short_memory() as forgotten:
        await door.crash(record_and_say_some)
        assert await door.names(complaint) == [*OPENED, "contact_added"]
        await forgotten()
        async with door.open():
            await door.idle()

    assert await door.names(complaint) == [*OPENED, *JOINED]
    assert await door.names(grumbled) == ["merged"]


async def test_grumbles_that_two_processes_take_at_once_are_one_complaint_all_the_same(door: Door) -> None:
    pairs = [pair() for _ in range(6)]
    async with AsyncExitStack() as doors:
        for _ in range(1 if "sqlite" in door.settings.database_url else 2):
            await doors.enter_async_context(door.open())
        await asyncio.gather(
            *(door.submit(one) for _, message, _, again in pairs for one in (message, again))
        )

        async def all_said() -> bool | None:
            said = [
                await door.names(one) for complaint, _, grumbled, _ in pairs for one in (complaint, grumbled)
            ]
            return True if all(said) else None

        await seen(all_said)
        await door.idle()

    for complaint, _, grumbled, _ in pairs:
        found = [await door.names(one) for one in (grumbled, complaint)]
        assert found in ([["merged"], [*OPENED, *JOINED]], TAKEN_ALONG)


@pytest.mark.each_database("sqlite")
async def test_a_batch_decides_as_single_messages_would_and_publishes_every_number_once(door: Door) -> None:
    """Whatever the order of a complaint, two grumbles on its matter and one on another."""
    orders = list(itertools.permutations(range(4)))
    together, alone = [four() for _ in orders], [four() for _ in orders]
    batch = [said[place][1] for said, places in zip(together, orders, strict=True) for place in places]
    await waiting(door, *batch)

    async def do_all(intake: Intake, messages: list[Msg]) -> None:
        assert len(messages) == len(batch)
        assert not any(await intake.submissions.work(messages))

    await door.crash(do_all)
    async with door.open() as intake:
        await door.idle()
        for said, places in zip(alone, orders, strict=True):
            for place in places:
                await intake.store.record([read(orjson.dumps(said[place][1]))])
        in_a_batch = [await became(intake, said) for said in together]
        one_by_one = [await became(intake, said) for said in alone]

    assert in_a_batch == one_by_one
    assert {(0, "joined") in one for one in in_a_batch} == {True, False}
    for complaint, _ in itertools.chain(*together):
        numbers = [event["data"]["seq"] for event in await read_timeline(door.admin, complaint)]
        assert numbers == list(range(1, len(numbers) + 1))


def four() -> list[tuple[str, Json]]:
    """A complaint of a customer, two grumbles on its matter, and one on another."""
    complaint, message, grumbled, again = pair()
    customer, own = message["data"]["customer"]["ref"], {"order_ref": message["data"]["order_ref"]}
    return [
        (complaint, message),
        (grumbled, again),
        new_grumble(customer, **own),
        new_grumble(customer, **OTHER),
    ]


def read(body: bytes) -> Registration:
    return admitted(WEB, body, now(), context())


async def became(intake: Intake, said: Sequence[tuple[str, Json]]) -> list[tuple[int | None, str | None]]:
    """Of each, in which of them it goes on, and how it stands as a grumble."""
    places = {complaint: place for place, (complaint, _) in enumerate(said)}

    def look(session: Session) -> list[tuple[int | None, str | None]]:
        rows = [session.get_one(ComplaintRow, one) for one in places]
        grumbles = [session.get(GrumbleRow, one) for one in places]
        into = [places.get(row.merged_into or "") for row in rows]
        return list(zip(into, [row.standing if row else None for row in grumbles], strict=True))

    return await intake.store.database.read(look)
