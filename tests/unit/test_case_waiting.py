"""Waiting for the complainant, and asking for more time: in the clock's own time, never in silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.routing.rules.state import ObligationClock
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    DeadlineBreached,
    DeadlineMoved,
    DeadlineWarned,
    Paused,
    Resumed,
)
from shared.contract.recorded import theirs
from shared.contract.values import PolicyId
from shared.policy.kept import hash_of
from shared.policy.wording import notice
from tests.unit.case_packs import with_obligations
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import certified, faults, verified

DAY = timedelta(days=1)


def _resolution(case: Playing) -> ObligationClock:
    clock = case.case.state.clock("resolution")
    assert clock is not None
    return clock


def _moves(case: Playing, why: str) -> list[DeadlineMoved]:
    return [move for move in case.all(DeadlineMoved) if move.why == why]


# --- pauses ---------------------------------------------------------------------------------------


def test_a_pause_stops_the_clocks_that_may_stop_and_names_its_end() -> None:
    case = play()
    case.owner("pause", reason="r")
    paused = case.last(Paused)
    assert paused.obligations == ["silence", "resolution"]
    assert paused.until == MONDAY + timedelta(days=14)
    assert _resolution(case).status == "paused"


def test_the_complainant_is_notified_of_the_wait_and_its_end_but_not_of_the_owners_note() -> None:
    case = play()
    until = MONDAY + timedelta(days=3)
    case.owner("pause", until=until, reason="routing:C:text-note")
    told = next(one for one in case.recorded if one.name == "notice")
    assert (told.data["template"], told.at) == ("waiting", MONDAY)
    assert told.notification is not None
    assert told.notification.words == {"complaint_id": "Caaaaaaaaaaaaaaa"}
    assert told.notification.instants == {"by_when": theirs(until)}
    assert "text-note" not in told.model_dump_json()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_of_a_wait_name_its_end(language: str) -> None:
    text = notice(policy().pack, "waiting", language, {"complaint_id": "C1", "by_when": "2026-12-01"})
    assert "C1" in text
    assert "2026-12-01" in text
    assert "$" not in text


@pytest.mark.parametrize("hours", [-1, 0, 14 * 24 + 0.01])
def test_a_pause_ends_ahead_and_within_its_longest(hours: float) -> None:
    refusal = play().refused("agent-1", "pause", until=MONDAY + timedelta(hours=hours), reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.until")


def test_a_pause_ends_by_itself() -> None:
    """`sources.md` P28: a hold has a reason, an owner, a maximum length, and is released."""
    case = play()
    until = MONDAY + timedelta(days=3)
    case.owner("pause", until=until, reason="r")
    case.later(days=5)
    assert [r.why for r in case.all(Resumed)] == ["limit"]
    assert case.at(Resumed) == [until]


def test_a_reminder_after_a_pause_names_the_passed_share_of_the_clocks_own_time() -> None:
    """13.5 working hours, and the reminder two before their end: 11.5 of 13.5 are 85 per cent."""
    ladder = [{"name": "soon", "before": {"clock": "business", "amount": "2h"}, "to": "owner"}]
    visit = {
        "id": "visit",
        "starts": "received",
        "budget": {"clock": "business", "amount": "13h30m"},
        "met_by": ["resolved"],
        "pausable": True,
        "ladder": ladder,
    }
    pack = with_obligations(visit)
    under = replace(pack, identity=PolicyId(id="test", hash=hash_of(pack.content)))
    case = play(under=under)
    case.later(hours=2)
    case.owner("pause", reason="r")
    case.later(days=1.5)
    case.owner("resume", reason="r")
    case.later(days=5)
    warned = next(one for one in case.all(DeadlineWarned) if one.reminder == "soon")
    assert warned.percent == 85
    assert faults(verified(case, under)) == {}
    certificate = next(one for one in certified(case, under) if one["obligation"] == "visit")
    assert [one["percent"] for one in certificate["warnings"]] == [85]


def test_a_pause_moves_a_deadline_in_its_own_time() -> None:
    """`sources.md` P2: a weekend in a pause is not working time."""
    case = play()
    due = _resolution(case).due
    case.until(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))  # Friday, an hour before the end of work
    case.owner("pause", reason="r")
    case.until(datetime(2026, 11, 30, 0, 0, tzinfo=UTC))  # Monday, before work
    case.owner("resume", reason="r")
    moved = next(m for m in _moves(case, "pause") if m.obligation == "resolution")
    assert (moved.was, moved.due) == (due, due + DAY)  # one working day ended in the pause: Friday


def test_a_pause_within_a_day_costs_a_deadline_in_days_nothing() -> None:
    case = play()
    case.owner("pause", reason="r")
    case.later(hours=2)
    case.owner("resume", reason="r")
    assert [m.obligation for m in _moves(case, "pause")] == ["silence"]
    assert _resolution(case).status == "running"


def test_pauses_one_after_the_other_add_up() -> None:
    case = play()
    due = _resolution(case).due
    case.later(days=1)  # the day of the complaint is none of its working days
    for _ in range(2):
        case.owner("pause", reason="r")
        case.later(days=1)
        case.owner("resume", reason="r")
        case.later(days=1)
    assert _resolution(case).due == due + 2 * DAY


def test_nothing_falls_due_while_it_is_paused() -> None:
    elapsed = {"id": "visit", "starts": "received", "budget": {"clock": "elapsed", "amount": "48h"}}
    case = play(under=with_obligations(elapsed | {"met_by": ["resolved"], "pausable": True}))
    case.later(hours=47)
    case.owner("pause", reason="r")
    case.later(days=10)
    assert "visit" not in {b.obligation for b in case.all(DeadlineBreached)}
    case.owner("resume", reason="r")
    case.later(hours=1)
    assert case.last(DeadlineBreached).obligation == "visit"
    assert case.last(DeadlineBreached).due == MONDAY + timedelta(days=10, hours=48)


def test_a_clock_that_starts_during_a_pause_is_paused_too() -> None:
    visit = {"id": "visit", "starts": "responded", "met_by": ["resolved"], "pausable": True}
    case = play(under=with_obligations(visit | {"budget": {"clock": "elapsed", "amount": "5h"}}))
    case.owner("pause", reason="r")
    case.later(hours=1)
    case.owner("respond", kind="plan", text="t")
    case.later(days=2)
    case.owner("resume", reason="r")
    clock = case.case.state.clock("visit")
    assert clock is not None
    assert (clock.status, clock.due) == ("running", case.now + timedelta(hours=5))


def test_an_answer_ends_the_pause() -> None:
    case = play().ready_to_offer()
    offer = case.offered()
    case.owner("pause", reason="r")
    case.later(days=2)
    reply = case.customer("answer", offer_id=offer, answer="rejected")
    assert reply.events == ["offer_answered", "resumed", *["deadline_moved"] * 2]
    assert case.last(Resumed).why == "answer"


def test_a_second_pause_is_refused_and_a_pause_alone_is_resumed() -> None:
    case = play()
    assert case.refused("agent-1", "resume", reason="r").code == ErrorCode.NOT_ALLOWED_NOW
    case.owner("pause", reason="r")
    assert case.refused("agent-1", "pause", reason="r").code == ErrorCode.NOT_ALLOWED_NOW


def test_a_pause_is_closed_before_the_end() -> None:
    """`sources.md` P19."""
    case = play()
    case.owner("pause", reason="r")
    case.later(hours=4)
    reply = case.customer("withdraw", reason="r")
    assert reply.events == [
        "released",
        "deadline_cancelled",
        "resumed",
        "deadline_moved",
        "withdrawn",
        *["deadline_met"] * 2,
        "deadline_cancelled",
        "notice",
    ]
    assert case.last(Resumed).why == "end"


def test_a_pause_in_the_second_cycle_leaves_the_verdicts_of_the_first() -> None:
    case = play().resolved()
    case.reopen()
    case.owner("pause", reason="r")
    case.owner("resume", reason="r")
    verdicts = [(c.cycle, c.status) for c in case.case.state.clocks if c.name == "resolution"]
    assert verdicts == [(1, "met"), (2, "running")]


# --- a new severity -------------------------------------------------------------------------------


def test_a_new_severity_gives_a_new_budget_from_the_same_start() -> None:
    case = play()
    case.later(days=1)
    case.owner("reclassify", severity=4, reason="r")
    assert _moves(case, "severity")[0].due == _resolution(play(hints={"severity": 4})).due


def test_a_new_severity_keeps_the_waits_so_far() -> None:
    """`sources.md` P3."""
    case = play()
    case.later(days=1)
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    case.owner("reclassify", severity=4, reason="r")
    fresh = play(hints={"severity": 4})
    assert _resolution(case).due == _resolution(fresh).due + 2 * DAY


def test_a_budget_that_has_passed_already_runs_out_now_and_not_in_the_past() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(days=10)
    reply = case.owner("reclassify", severity=5, reason="r")
    first = [
        one for one in reply.events if one not in ("commander_named", "stakeholder_added", "deadline_set")
    ]
    assert first[:3] == ["triaged", "deadline_moved", "deadline_breached"]
    assert _moves(case, "severity")[0].due == case.now
    assert (case.last(DeadlineBreached).obligation, case.at(DeadlineBreached)[-1]) == ("resolution", case.now)
    assert not case.last(DeadlineBreached).late_registration


def test_a_mark_that_was_passed_by_the_change_is_warned_of_at_once() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(days=11)
    case.owner("reclassify", severity=3, reason="r")
    case.later(hours=3)
    assert (case.last(DeadlineWarned).obligation, case.last(DeadlineWarned).percent) == ("resolution", 75)
    assert case.at(DeadlineWarned)[-1] == MONDAY + timedelta(days=11)
