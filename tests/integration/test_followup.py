"""Followup on the real servers: delivery, commands, clocks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from services.followup.rates import Counts, count_facts
from shared.contract.envelope import RawEvent
from shared.contract.events import (
    CaseEnded,
    ConcernedAdded,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    Withdrawn,
    read_fact,
)
from tests.conftest import NatsServer
from tests.integration.followup_service import FollowUpService, own_complaint, verdict
from tests.temporal import TemporalServer

MOST_EVENTS = 20
MOVING_THE_CLOCK = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
}
"""Events that only a moved clock leaves in a history."""


@pytest.fixture(scope="module")
async def service(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FollowUpService]:
    running = await FollowUpService.prepare(nats_server, temporal_server, tmp_path_factory.mktemp("followup"))
    await running.start()
    yield running
    await running.stop()


async def until_due(service: FollowUpService, complaint: str) -> str:
    """Move the clock to the first callback; its instant."""
    due = str((await service.until(complaint, "callback_scheduled"))[0]["data"]["due"])
    ahead = datetime.fromisoformat(due) - datetime.now(UTC) + timedelta(minutes=1)
    await service.fast_forward(complaint, ahead)
    await service.until(complaint, "callback_scheduled", "callback_due")
    return due


def events_of(history: WorkflowHistory) -> int:
    """How many events a history would have if its clock had not been moved."""
    return sum(event.event_type not in MOVING_THE_CLOCK for event in history.events)


async def test_a_straight_followup_goes_from_callback_to_closed(service: FollowUpService) -> None:
    complaint = own_complaint()
    due, reply = await straight(service, complaint)
    assert reply["events"] == ["callback_reported", "satisfaction_recorded", "notice", "closed"]
    facts = await service.facts(complaint)
    assert [fact["data"]["seq"] for fact in facts] == [1, 2, 3, 4, 5, 6]
    assert facts[1]["time"] == due
    assert facts[-1]["data"]["outcome"] == "satisfied"


async def test_a_straight_followup_costs_few_history_events(service: FollowUpService) -> None:
    histories = []
    for complaint in (own_complaint(), own_complaint(), own_complaint()):
        await straight(service, complaint)
        histories.append(await service.workflow(complaint).fetch_history())
    # A machine that is busy with other things adds workflow tasks; the follow-up itself is the shortest.
    shortest = min(histories, key=events_of)
    print(f"history events of straight follow-ups: {[events_of(history) for history in histories]}")
    names = [EventType.Name(event.event_type) for event in shortest.events]
    assert events_of(shortest) <= MOST_EVENTS, names


async def straight(service: FollowUpService, complaint: str) -> tuple[str, dict[str, Any]]:
    """Resolved, one callback, one verdict, closed: when the callback was due, and the last reply."""
    await service.resolve(complaint)
    due = await until_due(service, complaint)
    reply = await service.command(complaint, "record_satisfaction", "agent-2", "c1", **verdict())
    assert reply["ok"], reply
    return due, reply


async def test_the_complainant_may_speak_as_soon_as_the_resolution_is_published(
    service: FollowUpService,
) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    reply = await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict())
    assert reply["ok"], reply
    assert await service.names(complaint) == [
        "callback_scheduled",
        "satisfaction_recorded",
        "notice",
        "closed",
    ]


async def test_a_redelivered_resolution_starts_no_second_followup(service: FollowUpService) -> None:
    complaint = own_complaint()
    message = await service.resolve(complaint)
    await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict())
    said = await service.facts(complaint)
    await service.say_again(complaint, "resolved", message)
    await service.heard_everything()
    assert await service.facts(complaint) == said
    first_run = (await service.workflow(complaint).describe()).run_id
    await service.say_again(complaint, "resolved", message)
    await service.heard_everything()
    assert (await service.workflow(complaint).describe()).run_id == first_run


async def test_a_dissatisfied_complainant_starts_a_cycle_whose_numbers_go_on(
    service: FollowUpService,
) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    unhappy = verdict(resolved=False, overall=1)
    reply = await service.command(complaint, "record_satisfaction", "customer", "c1", **unhappy)
    assert (reply["events"], reply["stage"]) == (["satisfaction_recorded", "notice", "reopened"], "analysing")
    early = await service.command(complaint, "record_satisfaction", "customer", "c2", **verdict())
    assert early["error"]["code"] == "not_allowed_now"
    await service.resolve(complaint, cycle=2)
    reply = await service.command(complaint, "record_satisfaction", "customer", "c3", **verdict())
    assert reply["ok"], reply
    headers = [(fact["data"]["seq"], fact["data"]["cycle"]) for fact in await service.facts(complaint)]
    assert headers == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 2), (6, 2), (7, 2), (8, 2)]


async def test_a_withdrawn_complaint_is_closed_at_once(service: FollowUpService) -> None:
    complaint = own_complaint()
    await service.say(complaint, Withdrawn(), datetime.now(UTC))
    (closed,) = await service.until(complaint, "closed")
    assert (closed["data"]["outcome"], closed["data"]["stage"]) == ("withdrawn", "closed")


async def test_a_followup_of_a_complaint_with_a_moved_clock_begins_at_that_clock(
    service: FollowUpService,
) -> None:
    complaint = own_complaint()
    ahead = datetime.now(UTC) + timedelta(days=40)
    await service.resolve(complaint, at=ahead)
    (scheduled,) = await service.until(complaint, "callback_scheduled")
    assert datetime.fromisoformat(scheduled["time"]) >= ahead
    answer = await service.workflow(complaint).query("settled")
    assert answer["settled"]
    assert datetime.fromisoformat(answer["now"]) >= ahead
    due = datetime.fromisoformat(scheduled["data"]["due"])
    await service.fast_forward(complaint, due - ahead - timedelta(hours=1))
    assert await service.names(complaint) == ["callback_scheduled"]
    await service.fast_forward(complaint, timedelta(hours=1, minutes=1))  # not past the end of its window
    facts = await service.until(complaint, "callback_scheduled", "callback_due")
    assert facts[1]["time"] == scheduled["data"]["due"]
    count = events_of(await service.workflow(complaint).fetch_history())
    print(f"history events after a moved start and one callback: {count}")


async def test_a_concerned_person_is_not_notified_that_a_verdict_is_missing(
    service: FollowUpService,
) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    await service.say(complaint, ConcernedAdded(staff=["lead-1"], units=[], why="contact"), datetime.now(UTC))
    await until_due(service, complaint)
    reply = await service.command(complaint, "report_callback", "agent-4", "c1", attempt=1, result="reached")
    assert reply["ok"], reply
    await service.fast_forward(complaint, timedelta(days=5))
    told = [one for one in await service.facts(complaint) if one["type"].split(".")[2] == "callback_overdue"]
    assert (told[0]["data"]["what"], told[0]["data"]["to"]) == ("verdict", "lead-2")


async def test_a_repeated_command_repeats_its_first_reply(service: FollowUpService) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    refused = await service.command(complaint, "report_callback", "agent-2", "c0", attempt=1, result="busy")
    assert refused["error"]["code"] == "not_allowed_now"
    first = await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict())
    again = await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict())
    assert (first["ok"], again) == (True, first)
    later = await service.command(complaint, "report_callback", "agent-2", "c0", attempt=1, result="busy")
    assert (later["error"]["code"], later["error"]["field"]) == ("not_allowed_now", refused["error"]["field"])
    assert "This is the first reply" in later["error"]["message"]
    other = await service.command(complaint, "record_satisfaction", "customer", "c2", **verdict())
    assert other["error"]["code"] == "not_allowed_now"
    assert (await service.names(complaint)).count("satisfaction_recorded") == 1


async def test_a_refused_command_leaves_no_history_and_no_text(service: FollowUpService) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    await service.until(complaint, "callback_scheduled")
    before = len((await service.workflow(complaint).fetch_history()).events)
    said = verdict(text="a word that must not stay")
    reply = await service.command(complaint, "record_satisfaction", "agent-1", "c1", **said)
    assert reply["error"]["code"] == "conflict_of_interest"
    assert len((await service.workflow(complaint).fetch_history()).events) == before
    accepted = await service.command(complaint, "record_satisfaction", "customer", "c2", **said)
    assert accepted["ok"], accepted
    ref = (await service.facts(complaint))[1]["data"]["text_ref"]
    reader = {"actor": {"id": "lead-1"}, "purpose": "test"}
    assert (await service.query("text", text_ref=ref, **reader))["result"]["text"] == said["text"]
    dropped = ref.replace(ref.rsplit("-", 1)[1], "0" * 16)
    assert not (await service.query("text", text_ref=dropped, **reader))["ok"]


@pytest.mark.parametrize(
    ("complaint", "actor", "code"),
    [
        (own_complaint(), "agent-2", "unknown_complaint"),
        ("*", "agent-2", "unknown_complaint"),
        (own_complaint(), "nobody", "unknown_actor"),
    ],
    ids=["no such complaint", "no complaint id", "no such actor"],
)
async def test_an_unknown_complaint_and_an_unknown_actor_are_named(
    service: FollowUpService, complaint: str, actor: str, code: str
) -> None:
    reply = await service.command(complaint, "record_satisfaction", actor, "c1", **verdict())
    assert reply["error"]["code"] == code


ENDED = CaseEnded(why="merged", into="Cbbbbbbbbbbbbbbb")


async def test_a_merged_complaint_is_closed_although_no_callback_was_planned(
    service: FollowUpService,
) -> None:
    complaint = own_complaint()
    message = await service.say(complaint, ENDED, datetime.now(UTC))
    (closed,) = await service.until(complaint, "closed")
    assert (closed["data"]["outcome"], closed["data"]["cycle"]) == ("merged", 1)
    for _ in range(3):
        await service.say_again(complaint, "case_ended", message)
    await service.heard_everything()
    assert await service.names(complaint) == ["closed"]


async def test_a_followup_that_runs_ends_when_its_complaint_is_merged(service: FollowUpService) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    await until_due(service, complaint)
    await service.say(complaint, ENDED, datetime.now(UTC))
    facts = await service.until(complaint, "callback_scheduled", "callback_due", "closed")
    assert facts[-1]["data"]["outcome"] == "merged"
    await service.workflow(complaint).result()
    reply = await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict())
    assert reply["error"]["code"] == "not_allowed_now"


async def test_a_merging_that_meets_a_reopening_closes_the_cycle_that_never_began(
    service: FollowUpService,
) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict(overall=1))
    await service.say(complaint, ENDED, datetime.now(UTC))
    facts = await service.until(
        complaint, "callback_scheduled", "satisfaction_recorded", "notice", "reopened", "closed"
    )
    assert (facts[-1]["data"]["outcome"], facts[-1]["data"]["cycle"]) == ("merged", 2)


async def test_the_rates_are_the_same_from_the_stream_and_from_the_tables(service: FollowUpService) -> None:
    before = await _counts(service)
    mine = [own_complaint() for _ in range(5)]
    now = datetime.now(UTC)
    obligation = {"obligation": "response_24h", "regime": "internal", "due": now}
    await service.say(mine[0], DeadlineMet(**obligation, by_fact="responded"), now)
    await service.say(mine[1], DeadlineMet(**obligation, by_fact="responded", late=True), now)
    await service.say(mine[1], DeadlineBreached(**obligation), now)
    await service.say(mine[2], DeadlineBreached(**obligation), now, cycle=2)
    await service.say(
        mine[2], DeadlineMet(**(obligation | {"obligation": "resolution"}), by_fact="resolved"), now
    )
    await service.say(mine[3], DeadlineCancelled(**obligation, reason="released"), now)
    for number, answer in enumerate([verdict(), verdict(overall=2), verdict(resolved=False)]):
        await service.resolve(mine[number])
        await service.command(mine[number], "record_satisfaction", "customer", "c1", **answer)
    await service.say(mine[4], DeadlineMet(**obligation, by_fact="responded"), now)
    await service.say(mine[4], ENDED, now)
    await service.until(mine[4], "closed")
    await service.resolve(mine[2], cycle=2)
    await service.command(mine[2], "record_satisfaction", "customer", "c2", **verdict(overall=3))
    await service.heard_everything()
    after = await _counts(service)
    grown = Counts(*(b - a for a, b in zip(_numbers(before), _numbers(after), strict=True)))
    assert grown == Counts(responded_in_time=1, response_ended=3, resolved=3, satisfied=2, answered=3)
    facts = [
        read_fact(RawEvent.model_validate(event))[1:] for one in mine for event in await service.timeline(one)
    ]
    rules = {header.policy.hash: "response_24h" for header, _ in facts}
    assert count_facts(reversed(facts), rules) == grown


async def _counts(service: FollowUpService) -> Counts:
    rates = (await service.query("rates"))["result"]
    assert "24-hour rule" in rates["response"]["definition"]
    return Counts(
        responded_in_time=rates["response"]["numerator"],
        response_ended=rates["response"]["denominator"],
        resolved=rates["resolution"]["numerator"],
        satisfied=rates["satisfaction"]["numerator"],
        answered=rates["satisfaction"]["denominator"],
    )


def _numbers(counts: Counts) -> tuple[int, ...]:
    return (
        counts.responded_in_time,
        counts.response_ended,
        counts.resolved,
        counts.satisfied,
        counts.answered,
    )
