"""Every submission that was acknowledged is on record once, and its facts are said once."""

import asyncio
import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from nats.aio.msg import Msg
from sqlmodel import select

from services.intake.registration import register
from services.intake.service import Intake
from services.intake.tables import ComplaintRow
from shared.contract import subjects
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.contract.outgoing import unpacked
from shared.runtime.health import Health, nats_check
from shared.runtime.messages.timeline import read_timeline
from tests.integration.intake_service import Door, new_submission
from tests.unit.submissions import context, registered

SAID = ["received", "promise_made", "notice"]


async def test_a_submission_becomes_three_facts_in_order_and_leaves_the_queue(door: Door) -> None:
    complaint, message = new_submission()
    async with door.open():
        await door.submit(message, "phone")
        await door.idle()

    events = await read_timeline(door.admin, complaint)
    assert await door.names(complaint) == SAID
    assert events[0]["data"]["channel"] == "phone"
    state = (await door.admin.jetstream().stream_info(subjects.SUBMIT_STREAM)).state
    assert state.messages == 0


async def test_the_stream_holds_exactly_the_stored_bytes(door: Door) -> None:
    complaint, message = new_submission()
    async with door.open() as intake:
        await door.submit(message)
        await door.idle()
        row = await intake.store.database.read(lambda session: session.get(ComplaintRow, complaint))

    assert row is not None
    js = door.admin.jetstream()
    for fact in unpacked(row.facts):
        stored = await js.get_last_msg(subjects.EVENTS_STREAM, fact.subject, direct=True)
        assert stored.data == fact.body
        assert (stored.headers or {})["content-type"] == "application/cloudevents+json"
        assert (stored.headers or {})["Nats-Msg-Id"] == fact.id


async def test_one_complaint_sent_a_hundred_times_is_one_complaint(door: Door) -> None:
    complaint, message = new_submission()
    _, otherwise = new_submission(narrative="说法变了")
    async with door.open():
        for number in range(100):
            await door.submit(message if number % 2 == 0 else otherwise | {"id": message["id"]})
        await door.idle()

    assert await door.names(complaint) == SAID


async def test_a_complaint_sent_again_after_the_stream_forgot_its_ids_is_still_one(door: Door) -> None:
    complaint, message = new_submission()
    async with door.short_memory() as forgotten:
        for _ in range(3):
            async with door.open():
                await door.submit(message)
                await door.idle()
            await forgotten()

    assert await door.names(complaint) == SAID


async def test_a_crash_between_publishing_and_acknowledging_doubles_nothing(door: Door) -> None:
    complaint, message = new_submission()
    await door.submit(message)

    async def say_everything(intake: Intake, messages: list[Msg]) -> None:
        assert await intake.submissions.work(messages) == [None]

    async with door.short_memory() as forgotten:
        await door.crash(say_everything)
        assert await door.names(complaint) == SAID
        await forgotten()
        async with door.open():
            await door.idle()

    assert await door.names(complaint) == SAID


@pytest.mark.parametrize("already_said", [0, 1, 2])
async def test_a_crash_in_the_midst_of_publishing_is_made_good_in_order(
    door: Door, already_said: int
) -> None:
    complaint, message = new_submission()
    await door.submit(message)

    async def say_some(intake: Intake, messages: list[Msg]) -> None:
        registration = register(messages[0].subject, messages[0].data, datetime.now(UTC), context())
        (recorded,) = await intake.store.record([registration])
        publisher = intake.submissions.delivery.publisher
        await publisher.publish(recorded.facts[:already_said], again=False)

    async with door.short_memory() as forgotten:
        await door.crash(say_some)
        assert await door.names(complaint) == SAID[:already_said]
        await forgotten()
        async with door.open():
            await door.idle()

    assert await door.names(complaint) == SAID


async def test_facts_that_cannot_go_together_go_one_by_one(door: Door) -> None:
    """The row was lost, but the stream still knows the facts: what was said stays said."""
    complaint, message = new_submission()
    other, neighbour = new_submission()
    registration = registered(message, now=datetime.now(UTC))
    js = door.admin.jetstream()
    for fact in registration.facts[:2]:
        await js.publish(fact.subject, fact.body, headers={"Nats-Msg-Id": fact.id})
    await door.submit(message)
    await door.submit(neighbour)
    async with door.open():
        await door.idle()

    assert await door.names(complaint) == SAID
    assert await door.names(other) == SAID


async def test_five_hundred_at_once_all_come_through(door: Door) -> None:
    sent = dict(new_submission() for _ in range(500))
    await asyncio.gather(*(door.submit(message) for message in sent.values()))
    async with door.open() as intake:
        await door.idle()
        rows = await intake.store.database.read(lambda session: session.exec(select(ComplaintRow)).all())

    assert {row.complaint_id for row in rows} == set(sent)
    said = [await door.names(complaint) for complaint in sent]
    assert said == [SAID] * 500


async def test_intake_is_ready_when_its_consumer_its_streams_and_its_database_answer(door: Door) -> None:
    async with door.open() as intake:
        assert await intake.health.report() == {"nats": "ok", "streams": "ok", "database": "ok"}


async def test_a_service_whose_consumer_was_deleted_is_not_ready(door: Door) -> None:
    gone = replace(INTAKE_SUBMISSIONS, name=f"gone-{secrets.token_hex(4)}")

    assert (await Health({"nats": nats_check(door.admin, gone)}).report())["nats"].startswith("NotFound")
