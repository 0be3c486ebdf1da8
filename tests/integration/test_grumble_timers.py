"""The timers of grumbles on a real Temporal: what nobody answers in time becomes a complaint, once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from services.intake.grumbles.timers import Timers
from services.intake.service import Intake
from shared.contract.ids import grumble_workflow_id
from shared.runtime.messages.timeline import read_timeline
from tests.integration.grumbles import ALONE, BEGUN, data_of, grumble, new_grumble, order
from tests.integration.intake_service import NOBODY, Door, new_submission, seen
from tests.patience import PATIENCE
from tests.temporal import TemporalServer


@pytest.fixture
async def bare_temporal(temporal_server: TemporalServer) -> Client:
    return await temporal_server.connect()


@pytest.fixture(autouse=True)
def _with_timers(door: Door, temporal_server: TemporalServer) -> None:
    door.settings.temporal_address = temporal_server.address
    door.settings.time_skipping = True


async def status(bare_temporal: Client, complaint: str) -> WorkflowExecutionStatus | None:
    try:
        return (await bare_temporal.get_workflow_handle(grumble_workflow_id(complaint)).describe()).status
    except RPCError:
        return None


async def reaches(bare_temporal: Client, complaint: str, wanted: WorkflowExecutionStatus) -> None:
    async def look() -> bool | None:
        return True if await status(bare_temporal, complaint) == wanted else None

    await seen(look)


async def waiting(door: Door, bare_temporal: Client, customer: str) -> str:
    """A grumble whose timer runs."""
    complaint = await grumble(door, customer)
    await reaches(bare_temporal, complaint, WorkflowExecutionStatus.RUNNING)
    return complaint


async def move(bare_temporal: Client, complaint: str, days: float) -> None:
    """As `amends fast-forward` does; nobody plays routing here, so only the grumble's own workflow moves."""
    handle = bare_temporal.get_workflow_handle(grumble_workflow_id(complaint))
    skipper = TimeSkipper(bare_temporal, config=TimeSkippingConfig(enabled=False, max_session_skip_count=100))
    await asyncio.wait_for(skipper.fast_forward(handle, timedelta(days=days)), PATIENCE)


async def test_an_unanswered_grumble_becomes_a_complaint_at_its_own_clock(
    door: Door, bare_temporal: Client, customer: str
) -> None:
    async with door.open():
        complaint = await waiting(door, bare_temporal, customer)
        answer_by = datetime.fromisoformat((await data_of(door, complaint, "grumbled"))["answer_by"])
        await move(bare_temporal, complaint, 8)
        await reaches(bare_temporal, complaint, WorkflowExecutionStatus.COMPLETED)

    events = await read_timeline(door.admin, complaint)
    assert await door.names(complaint) == [*ALONE, *BEGUN]
    assert events[2]["data"]["because"] == "unanswered"
    became = datetime.fromisoformat(events[3]["time"])
    assert timedelta(0) <= became - answer_by < timedelta(seconds=5)
    assert events[3]["data"]["received_at"] == events[3]["time"]


@pytest.mark.parametrize(
    ("verb", "names"), [("answer_grumble", ["grumble_answered", "notice"]), ("promote", BEGUN)]
)
async def test_an_answer_or_a_request_ends_the_timer(
    door: Door, bare_temporal: Client, customer: str, verb: str, names: list[str]
) -> None:
    async with door.open():
        complaint = await waiting(door, bare_temporal, customer)
        await order(door, verb, complaint)
        await reaches(bare_temporal, complaint, WorkflowExecutionStatus.COMPLETED)

    assert await door.names(complaint) == [*ALONE, *names]


async def test_a_command_after_a_move_of_the_clock_happens_at_that_clock(
    door: Door, bare_temporal: Client, customer: str
) -> None:
    async with door.open():
        complaint = await waiting(door, bare_temporal, customer)
        await move(bare_temporal, complaint, 3)
        await order(door, "promote", complaint, "customer")

    begun, *_, received, _, _ = await read_timeline(door.admin, complaint)
    moved = datetime.fromisoformat(received["time"]) - datetime.fromisoformat(begun["time"])
    assert timedelta(days=3) <= moved < timedelta(days=3, minutes=1)


async def test_grumbles_are_recorded_while_temporal_is_away_and_timers_start_when_it_is_back(
    door: Door, bare_temporal: Client, customer: str, temporal_server: TemporalServer
) -> None:
    door.settings.temporal_address = NOBODY
    complaint, message = new_submission()
    async with door.open() as intake:
        await door.submit(message)
        grumbled = await grumble(door, customer)
        answered = await grumble(door, f"{customer}-b")
        assert (await order(door, "answer_grumble", answered))["ok"]
        assert set((await intake.health.report()).values()) == {"ok"}
    assert await door.names(complaint) == ["received", "promise_made", "notice"]
    assert await door.names(grumbled) == ALONE
    assert await status(bare_temporal, grumbled) is None

    door.settings.temporal_address = temporal_server.address
    async with door.open():
        await reaches(bare_temporal, grumbled, WorkflowExecutionStatus.RUNNING)
        last = await waiting(door, bare_temporal, f"{customer}-c")
    assert await status(bare_temporal, answered) is None
    assert await door.names(last) == ALONE


async def test_a_timer_that_ran_out_while_intake_was_dead_rings_when_it_is_back(
    door: Door, bare_temporal: Client, customer: str
) -> None:
    async with door.open():
        complaint = await waiting(door, bare_temporal, customer)
    moving = asyncio.create_task(move(bare_temporal, complaint, 8))
    async with door.open():
        await moving
        await reaches(bare_temporal, complaint, WorkflowExecutionStatus.COMPLETED)

    assert await door.names(complaint) == [*ALONE, *BEGUN]


async def test_a_promotion_that_was_stored_and_not_published_is_published_once_by_the_next_attempt(
    door: Door, bare_temporal: Client, customer: str
) -> None:
    async with door.open() as intake:
        complaint = await waiting(door, bare_temporal, customer)
        publisher = intake.ledger_publisher.publisher
        publish, tries = publisher.publish, 0

        async def dies_in_the_midst(facts: Any, *, again: bool) -> None:
            nonlocal tries
            tries += 1
            await publish(facts[:3] if tries == 1 else facts, again=again)
            if tries == 1:
                raise TimeoutError

        publisher.publish = dies_in_the_midst  # type: ignore[method-assign]
        await move(bare_temporal, complaint, 8)
        await reaches(bare_temporal, complaint, WorkflowExecutionStatus.COMPLETED)

    assert tries > 1
    assert await door.names(complaint) == [*ALONE, *BEGUN]


async def test_a_repeat_a_request_and_the_end_of_the_time_at_once_make_one_complaint(
    door: Door, bare_temporal: Client, customer: str
) -> None:
    async with door.open():
        first = await waiting(door, bare_temporal, customer)
        second, message = new_grumble(customer)
        await asyncio.gather(
            door.submit(message),
            order(door, "promote", first, "customer"),
            order(door, "promote", first),
            move(bare_temporal, first, 8),
        )
        await door.idle()
        await reaches(bare_temporal, first, WorkflowExecutionStatus.COMPLETED)

    names = [await door.names(first), await door.names(second)]
    assert names in ([[*ALONE, "promoted"], ["grumbled", *BEGUN]], [[*ALONE, *BEGUN], ALONE])


async def test_a_timer_that_temporal_lost_is_set_again_once_its_time_is_over(
    door: Door, bare_temporal: Client, customer: str
) -> None:
    async with door.open() as intake:
        complaint = await waiting(door, bare_temporal, customer)
        late = datetime.fromisoformat((await data_of(door, complaint, "grumbled"))["answer_by"])
        found = await _overdue(intake, bare_temporal, late + timedelta(minutes=2))
        early = await _overdue(intake, bare_temporal, late)

    assert complaint in found
    assert early == []


async def _overdue(intake: Intake, bare_temporal: Client, now: datetime) -> list[str]:
    timers = Timers(bare_temporal, intake.store.database, lambda: now)
    rows = await intake.store.database.read(timers.long_over)
    return [complaint for complaint, _ in rows]
