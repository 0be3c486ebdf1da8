"""What went wrong elsewhere, and does not here: a test for each thread of other products that was read.

The number is the row of our reading list; the thread is where somebody reported it.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from services.routing.case import Case
from services.routing.rules.migration import preview
from services.routing.view import next_obligation, view
from shared.clocks.amounts import Budget
from shared.clocks.budget import due, elapsed_in
from shared.clocks.calendar import Calendar
from shared.clocks.slots import next_working_slot
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalRequested,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Escalated,
    Paused,
    Resumed,
)
from shared.policy.pinned import pin
from shared.runtime.storage.group_commit import Batcher
from tests.unit.case_packs import LONGER, edited, with_obligations
from tests.unit.cases import MONDAY, Playing, play, policy

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CN = ZoneInfo("Asia/Shanghai")
FRIDAY_EVENING = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def _answered() -> Playing:
    case = play()
    case.owner("respond", kind="plan", text="t")
    return case


def _due(case: Playing, name: str = "resolution") -> datetime:
    clock = case.case.state.clock(name)
    assert clock is not None
    return clock.due


def test_01_a_warning_carried_over_days_falls_into_working_hours() -> None:
    """glpi-project/glpi#22678: the warning of a multi-day deadline ran at midnight."""
    case = _answered()
    case.later(days=30)
    at = [
        one.at
        for one in case.recorded
        if one.name == "deadline_warned" and one.data["obligation"] == "resolution"
    ]
    assert [instant.astimezone(CN).time() for instant in at] == [time(9, 15)]


def test_02_a_weekend_in_a_pause_adds_no_calendar_time_to_working_time() -> None:
    """glpi-project/glpi#10594: pending over a weekend moved a business deadline by the whole weekend."""
    visit = {"id": "visit", "starts": "received", "met_by": ["resolved"], "pausable": True}
    case = play(under=with_obligations(visit | {"budget": {"clock": "business", "amount": "60h"}}))
    was = _due(case, "visit")
    case.until(FRIDAY_EVENING)  # an hour of work is left
    case.owner("pause", reason="r")
    case.until(MONDAY_MORNING)
    case.owner("resume", reason="r")
    moved = next(m for m in case.all(DeadlineMoved) if m.obligation == "visit")
    assert moved.due == was + HOUR


def test_03_a_new_severity_keeps_the_time_that_was_paused() -> None:
    """glpi-project/glpi#6902: a changed priority attached a new deadline and forgot the pause."""
    case, fresh = _answered(), play(hints={"severity": 4})
    case.later(days=1)
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    case.owner("reclassify", severity=4, reason="r")
    assert _due(case) == _due(fresh) + 2 * DAY


def test_04_each_level_of_an_escalation_comes_exactly_once() -> None:
    """glpi-project/glpi#1996: the same escalation was mailed at every run of the cron job."""
    case = play()
    for _ in range(200):
        case.later(minutes=30)
        case.case.look_at_clock(case.now)
    levels = [one.level for one in case.all(Escalated)]
    assert levels == list(range(1, len(levels) + 1))
    assert [one.obligation for one in case.all(Escalated)].count("response_24h") == 4  # 24, 48, 72, 96 hours


def test_05_no_level_is_left_without_an_event_or_a_timer() -> None:
    """glpi-project/glpi#5319: only the first level ever fired."""
    case = play()
    for hours in (24, 48, 72, 96):
        assert case.case.next_due is not None
        assert case.case.next_due <= MONDAY + hours * HOUR
        case.until(MONDAY + hours * HOUR)
        assert case.at(Escalated)[-1] == MONDAY + hours * HOUR


def test_06_every_two_days_is_every_two_days_also_after_an_outage() -> None:
    """glpi-project/glpi#24194: a reminder every two days came first after seven, then never."""
    two_days = {"clock": "elapsed", "amount": "2d"}
    visit = {"id": "visit", "starts": "received", "met_by": ["resolved"], "budget": two_days}
    ladder = [{"to": "owner"}, {"to": "owner", "after": two_days, "repeat": True}]
    case = play(under=with_obligations(visit | {"ladder": ladder}))
    case.owner("respond", kind="plan", text="t")
    case.later(days=15)  # nobody looked for two weeks
    at = [one.at - MONDAY for one in case.recorded if one.data.get("why") == "visit breached"]
    assert at == [days * DAY for days in (2, 4, 6, 8, 10, 12, 14)]


async def test_07_no_complaint_waits_for_another_that_cannot_be_stored() -> None:
    """glpi-project/glpi#5558: one stuck job stopped all tickets. Here complaints share a transaction."""
    tried: list[list[str]] = []

    async def work(batch: list[str]) -> list[str]:
        tried.append(batch)
        if "stuck" in batch:
            raise ValueError("stuck")
        return [f"{one} stored" for one in batch]

    async with Batcher(work) as save:
        together = ("first", "stuck", "last")
        said = await asyncio.gather(*(save(one) for one in together), return_exceptions=True)
        assert await save("after it") == "after it stored"
    assert tried[0] == list(together), "they were in one transaction"
    assert (said[0], said[2]) == ("first stored", "last stored")
    assert isinstance(said[1], ValueError)


def test_08_an_added_day_of_a_calendar_is_seen_before_it_moves_a_deadline() -> None:
    """zammad/zammad#390: informal days of a calendar feed became holidays."""
    case = play()
    informal = policy().calendar.model_copy(
        update={"holidays": (*policy().calendar.holidays, date(2026, 12, 1)), "version": "fed"}
    )
    fed = replace(edited(), calendar=informal)
    assert informal != policy().calendar
    was = _due(case)
    case.later(hours=1)
    assert _due(case) == was
    pinned = pin(
        replace(fed, identity=fed.identity.model_copy(update={"hash": "fed"})), "t", case.opening.pinned.chain
    )
    moves = preview(case.case.state, pinned, case.now).moves
    assert [(move.obligation, move.gained_seconds) for move in moves] == [("resolution", DAY.total_seconds())]


def test_09_a_shorter_deadline_overrules_no_other() -> None:
    """zammad/zammad#5177: the update target replaced the target of the first response."""
    case = _answered()
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + 5 * HOUR)
    assert next_obligation(case.case.state) == (MONDAY + 5 * HOUR, "promise-2")
    running = {clock.name for clock in case.case.state.clocks if clock.status == "running"}
    assert running == {"promise-2", "silence", "resolution"}


def test_10_a_case_that_waits_for_the_complainant_is_not_escalated() -> None:
    """zammad/zammad#3140: a ticket escalated although the agent had answered and the customer was silent."""
    case = _answered()
    case.owner("pause", until=MONDAY + 13 * DAY, reason="r")
    case.later(days=12)
    assert not {"deadline_breached", "escalated"} & set(case.names)


def test_11_an_edited_policy_moves_nothing_until_it_is_ordered() -> None:
    """zammad/zammad#4353, #534, #4037: editing an SLA rewrote running tickets."""
    case, before = _answered(), _answered()
    changed = edited(resolution=LONGER)
    assert changed.identity != policy().identity
    for one in (case, before):
        one.later(days=2)
    assert [one.model_dump() for one in case.recorded] == [one.model_dump() for one in before.recorded]
    case.migrated(changed)
    assert [move.why for move in case.all(DeadlineMoved) if move.obligation == "resolution"] == ["policy"]


def test_12_an_answer_and_a_wait_in_one_command_both_count() -> None:
    """zammad/zammad#3551: the response was not recorded when the ticket went pending in the same step."""
    case = play()
    case.later(hours=2)
    case.owner("respond", kind="plan", text="t")
    case.owner("pause", reason="r")
    met = next(m for m in case.all(DeadlineMet) if m.obligation == "response_24h")
    assert (met.by_fact, met.late) == ("responded", False)
    assert "resolution" in case.last(Paused).obligations


@pytest.mark.parametrize("verb", ["withdraw", "refer"])
def test_13_an_ended_obligation_escalates_no_more_and_names_the_reason(verb: str) -> None:
    """zammad/zammad#904: a merged ticket still escalated. Whatever ends a complaint ends its clocks."""
    case = play()
    if verb == "refer":  # nobody is referred without a response
        case.owner("respond", kind="plan", text="t", promise_by=case.now + DAY)
    case.customer("withdraw", reason="r") if verb == "withdraw" else case.lead("refer", to="x", reason="r")
    for one in case.all(ApprovalRequested):
        case.do("manager-1", "approve", request_id=one.request_id, approved=True)
    cancelled = {c.obligation: c.reason for c in case.all(DeadlineCancelled)}
    assert {"response_24h", "promise-1"} <= set(cancelled) or verb == "refer"
    assert all(cancelled.values())
    assert {c.status for c in case.case.state.present_clocks} <= {"met", "met_late", "cancelled"}
    assert case.case.next_due is None
    assert case.later(days=100) == []


def test_14_a_breach_at_night_is_a_breach_at_night_and_calls_keep_to_contact_hours() -> None:
    """zammad/zammad#4432: escalation mails at midnight. The legal clock and the hours to call are apart."""
    at_three = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    case = play(at_three - DAY)
    case.later(days=1)
    assert case.at(DeadlineBreached)[0] == at_three
    slot = next_working_slot(at_three, policy().calendar, "09:00-18:00", "Asia/Shanghai")
    assert slot.start.astimezone(CN).time() == time(9, 0)


def test_15_a_reopened_complaint_has_new_clocks_an_old_verdict_and_its_whole_age() -> None:
    """osTicket/osTicket#5206, #5955; glpi#5213; Znuny#369: four products, four wishes about reopening."""
    case = play()
    case.later(hours=25)
    case.resolved()
    case.later(days=7)
    first = [clock.model_copy(deep=True) for clock in case.case.state.clocks]
    case.reopen()
    case.later(days=2)
    assert case.case.state.clocks[: len(first)] == first
    statuses = [(c.cycle, c.status) for c in case.case.state.clocks if c.name == "response_24h"]
    assert statuses == [(1, "met_late"), (2, "breached")]
    assert view(case.case.state).received_at == MONDAY


WEEKS = [set(days) for size in range(1, 8) for days in combinations(range(7), size)]


@pytest.mark.parametrize("shifts", [["09:00-17:00"], ["08:30-12:00", "13:00-17:30"]])
def test_16_every_set_of_weekdays_and_every_lunch_break_gives_exact_working_time(shifts: list[str]) -> None:
    """osTicket/osTicket#6739, #6847: schedules broke without Monday and Thursday, and with a lunch break."""
    assert len(WEEKS) == 127
    budget = Budget.model_validate({"clock": "business", "amount": "20h"})
    for week in WEEKS:
        calendar = Calendar.model_validate(
            {
                "id": "week",
                "version": "1",
                "zone": "Europe/London",
                "shifts": dict.fromkeys(week, shifts),
                "published_through": date(2027, 12, 31),
            }
        )
        for start in (MONDAY, FRIDAY_EVENING, MONDAY_MORNING + 12 * HOUR):
            end = due(start, budget, calendar)
            assert elapsed_in(budget.clock, start, end, calendar) == 20 * HOUR
            assert end.astimezone(ZoneInfo("Europe/London")).weekday() in week


def test_17_every_kind_of_deadline_notifies_and_a_closed_complaint_never_does_again() -> None:
    """osTicket/osTicket#4658, #5153, #3491: no reminder, 260 mails about closed tickets, tasks untold."""
    case = _answered()
    case.owner("open_task", unit="warehouse", text="t", due=MONDAY + 3 * HOUR)
    case.later(days=30)
    assert {"task-1", "resolution", "silence"} <= {b.obligation for b in case.all(DeadlineBreached)}
    assert {w.percent for w in case.all(DeadlineWarned)} >= {75}
    case.customer("withdraw", reason="r")
    again = Case.rebuilt(case.opening, case.recorded)  # a new version starts, and reads what is on record
    again.look_at_clock(case.now + 365 * DAY)
    assert not again.has_news


def test_18_lunch_is_no_working_time_and_a_long_wait_escalates() -> None:
    """chatwoot/chatwoot#13392, #14009, #6889: hours ignored, no lunch break, no rule for long waits."""
    visit = {"id": "visit", "starts": "received", "met_by": ["resolved"]}
    case = play(under=with_obligations(visit | {"budget": {"clock": "business", "amount": "3h"}}))
    assert _due(case, "visit").astimezone(CN).time() == time(14, 0)  # from ten, without twelve to one
    case.owner("respond", kind="plan", text="t")
    case.later(hours=72)
    assert case.last(Escalated).obligation == "silence"


def test_19_an_instant_is_the_same_everywhere_and_no_pause_outlives_the_complaint() -> None:
    """frappe/helpdesk#3776: "failed" for an agent in another zone; months of hold counted."""
    here, there = play(), play(MONDAY.astimezone(ZoneInfo("America/New_York")))
    assert [one.data for one in here.recorded] == [one.data for one in there.recorded]
    assert {s.due.tzinfo for s in there.all(DeadlineSet)} == {UTC}
    there.owner("pause", reason="r")
    there.later(days=5)
    there.customer("withdraw", reason="r")
    assert there.names.index("resumed") < there.names.index("withdrawn")
    assert there.case.state.pause is None


def test_28_a_hold_has_a_reason_an_owner_a_longest_length_and_ends_by_itself() -> None:
    """django-helpdesk#8, #1235, #1283: escalated at once; a hold nobody explains and nothing releases."""
    case = play()
    assert "escalated" not in case.names
    assert case.refused("agent-1", "pause").code == ErrorCode.MALFORMED  # without a reason
    assert case.refused("agent-2", "pause", reason="r").code == ErrorCode.NOT_OWNER
    assert case.refused("agent-1", "pause", reason="r", until=MONDAY + 15 * DAY).field == "data.until"
    case.owner("pause", reason="r")
    held = case.last(Paused)
    case.later(days=30)
    assert (held.reason_ref, held.until) == ("r", MONDAY + 14 * DAY)
    assert [(r.why, at) for r, at in zip(case.all(Resumed), case.at(Resumed), strict=True)] == [
        ("limit", held.until)
    ]
