"""Grumbles over NATS: on record once, answered or promoted once, whoever dies in between."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.aio.msg import Msg

from services.intake.admitting import admitted
from services.intake.grumbles.admitting import Grumbles
from services.intake.grumbles.steps import GrumbleSteps
from services.intake.service import Intake
from shared.contract.erasure import ErasureOrder
from shared.contract.subjects import command, query
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.texts.erasing import Eraser
from tests.integration.grumbles import ALONE, BEGUN, data_of, grumble, new_grumble, order, state
from tests.integration.intake_service import Door, new_submission, seen
from tests.unit.submissions import NARRATIVE, context

pytestmark = pytest.mark.each_database


async def test_a_grumble_sent_a_hundred_times_is_one_grumble_and_no_complaint(
    door: Door, customer: str
) -> None:
    complaint, message = new_grumble(customer)
    async with door.open():
        for _ in range(100):
            await door.submit(message)
        await door.idle()
        result = (await state(door, complaint))["result"]

    assert await door.names(complaint) == ALONE
    assert (result["standing"], result["channel"], result["customer_ref"]) == ("open", "web", customer)
    assert result["allowed"] == ["add_contact", "answer_grumble", "promote", "erase"]


async def test_the_second_grumble_becomes_a_complaint_and_both_are_linked(door: Door, customer: str) -> None:
    async with door.open():
        first = await grumble(door, customer, received_at="2026-11-10T09:00:00Z")
        stranger = await grumble(door, f"{customer}-b")
        second = await grumble(door, customer)
        third = await grumble(door, customer)
        became = (await state(door, first))["result"]

    assert await door.names(first) == [*ALONE, "promoted"]
    assert await door.names(second) == ["grumbled", *BEGUN]
    assert await door.names(stranger) == await door.names(third) == ALONE
    promoted = await data_of(door, first, "promoted")
    assert (promoted["because"], promoted["into"], promoted["seq"]) == ("repeat", second, 3)
    assert promoted["grumbles"] == [first, second]
    assert (await data_of(door, second, "promoted"))["grumbles"] == [first, second]
    received = await data_of(door, second, "received")
    assert (received["grumbled_at"], received["grumbles"]) == ("2026-11-10T09:00:00Z", [first, second])
    assert (became["standing"], became["into"], became["because"]) == ("promoted", second, "repeat")


async def test_grumbles_more_than_thirty_days_apart_are_no_repeat(door: Door, customer: str) -> None:
    async with door.open():
        first = await grumble(door, customer, received_at="2026-01-10T09:00:00Z")
        second = await grumble(door, customer)

    assert await door.names(first) == await door.names(second) == ALONE


async def test_grumbles_of_one_customer_that_come_at_once_make_one_complaint(
    door: Door, customer: str
) -> None:
    pair = [new_grumble(customer) for _ in range(2)]
    async with AsyncExitStack() as doors:
        for _ in range(1 if "sqlite" in door.settings.database_url else 2):
            await doors.enter_async_context(door.open())
        await asyncio.gather(*(door.submit(message) for _, message in pair * 5))
        await door.idle()

    names = [await door.names(complaint) for complaint, _ in pair]
    assert sorted(names, key=len) == [[*ALONE, "promoted"], ["grumbled", *BEGUN]]


async def test_an_answer_is_sent_to_the_customer_and_the_grumble_still_counts_for_a_repeat(
    door: Door, customer: str
) -> None:
    async with door.open():
        first = await grumble(door, customer)
        reply = await order(door, "answer_grumble", first)
        told = await data_of(door, first, "notice")
        read = {"text_ref": told["text_ref"], "actor": {"id": "gateway"}, "purpose": "delivery"}
        words = (await door.ask(query("text"), read))["result"]["text"]
        answered = (await state(door, first))["result"]["standing"]
        second = await grumble(door, customer)

    assert reply["events"] == ["grumble_answered", "notice"]
    assert reply["allowed"] == ["add_contact", "promote", "erase"]
    assert (told["template"], words, answered) == ("grumble_answer", "我们已补发配件。", "answered")
    assert await door.names(first) == [*ALONE, "grumble_answered", "notice", "promoted"]
    assert await door.names(second) == ["grumbled", *BEGUN]


@pytest.mark.parametrize(("actor", "role"), [("agent-1", "agent"), ("customer", "customer")])
async def test_a_grumble_becomes_the_complaint_once_on_request(
    door: Door, customer: str, actor: str, role: str
) -> None:
    async with door.open():
        complaint = await grumble(door, customer)
        await order(door, "answer_grumble", complaint)
        again = {"command_id": "the same"}
        first = await order(door, "promote", complaint, actor, **again)
        second = await order(door, "promote", complaint, actor, **again)
        other = await order(door, "promote", complaint, actor)
        telling = await data_of(door, complaint, "notice")
        read = {"text_ref": telling["text_ref"], "actor": {"id": "gateway"}, "purpose": "delivery"}
        words = (await door.ask(query("text"), read))["result"]["text"]

    assert first == second
    assert (first["events"], first["result"]) == (BEGUN, {"into": complaint})
    assert (
        first["allowed"]
        == other["error"]["allowed"]
        == ["add_contact", "confirm_duplicate", "link_customer", "erase"]
    )
    assert other["error"]["code"] == "not_allowed_now"
    assert await door.names(complaint) == [*ALONE, "grumble_answered", "notice", *BEGUN]
    promoted = await data_of(door, complaint, "promoted")
    assert (promoted["because"], promoted["actor"]) == (
        "request",
        {"id": actor, "role": role, "via": "admin"},
    )
    assert "手机死机" in words


async def test_an_impossible_command_about_a_grumble_is_refused_exactly_and_leaves_nothing(
    door: Door, customer: str
) -> None:
    async with door.open():
        complaint, message = new_submission()
        await door.submit(message)
        open_ = await grumble(door, customer)
        unknown = "Caaaaaaaaaaaaaaa"
        refusals = {
            "nobody": await order(door, "promote", open_, "nobody"),
            "unknown": await order(door, "answer_grumble", unknown),
            "no id": await order(door, "promote", "no such \x00 id"),
            "complaint": await order(door, "promote", complaint),
            "by customer": await order(door, "answer_grumble", open_, "customer"),
            "wordless": await order(door, "answer_grumble", open_, data={}),
        }
        unheard = await state(door, complaint)

    errors = {name: (reply["error"]["code"], reply["error"].get("field")) for name, reply in refusals.items()}
    assert errors == {
        "nobody": ("unknown_actor", "actor.id"),
        "unknown": ("unknown_complaint", "complaint_id"),
        "no id": ("unknown_complaint", "complaint_id"),
        "complaint": ("not_allowed_now", "complaint_id"),
        "by customer": ("not_allowed_now", "actor.id"),
        "wordless": ("malformed", "data.text"),
    }
    assert unheard["error"]["code"] == "unknown_complaint"
    assert await door.names(open_) == ALONE


async def test_a_repeat_that_was_stored_and_not_published_is_published_for_both_in_order_and_once(
    door: Door, customer: str
) -> None:
    async with door.open():
        first = await grumble(door, customer)
    second, message = new_grumble(customer)
    await door.submit(message)

    async def record_and_say_some(intake: Intake, messages: list[Msg]) -> None:
        work = intake.submissions.work
        one = admitted(messages[0].subject, messages[0].data, work.now(), context())  # type: ignore[attr-defined]
        (recorded,) = await intake.store.record([one])
        await intake.submissions.delivery.publisher.publish(recorded.facts[:2], again=True)

    async with door.short_memory() as forgotten:
        await door.crash(record_and_say_some)
        await forgotten()
        async with door.open():
            await door.idle()

    assert await door.names(first) == [*ALONE, "promoted"]
    assert await door.names(second) == ["grumbled", *BEGUN]


async def test_a_promotion_of_a_dead_process_is_published_by_the_next_process(
    door: Door, customer: str
) -> None:
    async with door.open() as intake:
        complaint = await grumble(door, customer)

        async def dead(*_: Any, **__: Any) -> None:
            raise TimeoutError

        intake.ledger_publisher.publisher.publish = dead  # type: ignore[method-assign]
        reply = await order(door, "promote", complaint, "customer")
    assert reply["error"]["code"] == "unavailable"
    assert await door.names(complaint) == ALONE

    async def said() -> bool | None:
        return True if await door.names(complaint) == [*ALONE, *BEGUN] else None

    async with door.open():
        await seen(said)


async def test_names_and_words_of_a_grumble_are_in_no_fact(door: Door, customer: str) -> None:
    async with door.open():
        first = await grumble(door, customer)
        await order(door, "answer_grumble", first)
        await order(door, "promote", first, "customer")
        await order(door, "promote", first, "customer")
    for event in await read_timeline(door.admin, first):
        for secret in (NARRATIVE, "手机死机", "我们已补发配件。", "客户坚持"):
            assert secret not in str(event)


async def test_a_contact_of_the_first_grumble_reaches_the_complaint_that_the_second_became(
    door: Door, customer: str
) -> None:
    async with door.open():
        first, second = await grumble(door, customer), await grumble(door, customer)
        request = {"command_id": "c", "complaint_id": first, "actor": {"id": "customer"}}
        said = {"data": {"channel": "phone", "text": "还没有人回电。"}}
        reply = await door.ask(command("add_contact"), request | said)

    assert (reply["ok"], reply["complaint_id"]) == (True, second)
    assert await door.names(second) == ["grumbled", *BEGUN, "contact_added"]
    assert await door.names(first) == [*ALONE, "promoted"]


async def test_a_grumble_whose_texts_were_erased_never_becomes_a_complaint_by_itself(
    door: Door, customer: str
) -> None:
    async with door.open() as intake:
        complaint = await grumble(door, customer)
        database, texts = intake.store.database, intake.store.texts
        steps, at = GrumbleSteps(Grumbles(texts, context().policy)), datetime.now(UTC) + timedelta(days=8)
        order = ErasureOrder(erasure_id="e", complaint_ids=[complaint])
        await Eraser(texts, lambda: at)(order)
        became = await database.write(lambda session: steps.unanswered(session, complaint, at))

    assert became is None
    assert await door.names(complaint) == ALONE


async def test_a_second_grumble_that_arrives_before_the_first_is_still_the_complaint(
    door: Door, customer: str
) -> None:
    async with door.open():
        second = await grumble(door, customer, received_at="2026-11-12T09:00:00Z")
        first = await grumble(door, customer, received_at="2026-11-10T09:00:00Z")
        third = await grumble(door, customer, received_at="2026-11-11T09:00:00Z")

    assert await door.names(first) == ["grumbled", "promoted"]
    assert await door.names(second) == [*ALONE, *BEGUN]
    assert await door.names(third) == ALONE
    received = await data_of(door, second, "received")
    assert (received["grumbles"], received["seq"]) == ([first, second], 4)
    assert received["grumbled_at"] == "2026-11-10T09:00:00Z"


async def test_a_complaint_about_what_its_customer_grumbled_about_takes_the_grumble_along(
    door: Door, customer: str
) -> None:
    async with door.open():
        own = {"order_ref": f"order-{customer}"}
        first = await grumble(door, customer, received_at="2026-11-10T09:00:00Z", **own)
        about_else, other = new_submission(
            customer={"ref": customer},
            title="发票",
            narrative="发票抬头开错了，请重开。",
            order_ref="order-9",
        )
        await door.submit(other)
        await door.idle()
        complaint, message = new_submission(
            customer={"ref": customer}, narrative="还是死机，我要投诉。", **own
        )
        for _ in range(2):
            await door.submit(message)
            await door.idle()
        refused = await order(door, "answer_grumble", first)

    assert await door.names(about_else) == ["received", "promise_made", "notice"]
    assert await door.names(complaint) == ["received", "promise_made", "notice", "promoted"]
    assert await door.names(first) == [*ALONE, "promoted"]
    promoted = await data_of(door, first, "promoted")
    assert (promoted["because"], promoted["into"], promoted["grumbles"]) == ("request", complaint, [first])
    received = await data_of(door, complaint, "received")
    assert (received["grumbled_at"], received["grumbles"]) == ("2026-11-10T09:00:00Z", [first])
    assert complaint in refused["error"]["message"]
