"""Nobody could have kept a rule that did not exist: what a migration finds over already gets its time."""

from datetime import datetime, timedelta

import pytest

from services.routing.rules.migration import preview
from services.routing.rules.state import ObligationClock
from shared.contract.events import DeadlineBreached, DeadlineMoved, DeadlineSet, Escalated
from shared.contract.queries import WouldMove
from shared.policy.loader import Policy, load_policy
from shared.policy.pinned import pin
from tests.unit.case_packs import SHORTER, VISIT, edited
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import certified, faults, verified

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

WITH_VISIT = edited(more=(VISIT,))
BRIEF = edited(resolution=SHORTER)


def days_old(days: float, **said: str) -> Playing:
    """A complaint whose owner has kept every word, so many days after its receipt."""
    case = play(**said)
    case.owner("respond", kind="plan", text="t")
    case.later(days=days)
    return case


def clock(case: Playing, name: str) -> ObligationClock:
    found = case.case.state.clock(name)
    assert found is not None
    return found


def would(case: Playing, to: Policy) -> dict[str, WouldMove]:
    pinned = case.opening.pinned
    listed = preview(case.case.state, pin(to, pinned.team, pinned.chain), case.now)
    return {move.obligation: move for move in listed.moves}


def breached(case: Playing) -> list[str]:
    return [fact.obligation for fact in case.all(DeadlineBreached)]


def test_a_new_obligation_that_would_be_over_has_its_whole_budget_from_the_migration() -> None:
    case = days_old(10)
    case.migrated(WITH_VISIT)
    fresh = case.last(DeadlineSet)
    assert (fresh.obligation, fresh.started_at, fresh.due) == ("visit", case.now, case.now + 200 * HOUR)
    assert "visit" not in breached(case)
    case.later(hours=200)
    assert case.at(DeadlineBreached)[-1] == fresh.due
    assert breached(case)[-1] == "visit"
    assert faults(verified(case, policy(), WITH_VISIT)) == {}


def test_an_authority_that_is_new_breaches_nothing_on_the_day_that_it_becomes_known() -> None:
    """42 days old when the pack gets Australia's thirty days: no breach, no escalation, no apology."""
    case = days_old(42)
    before = len(case.all(Escalated)), len(breached(case))
    case.migrated(load_policy("default,au-rg271"))
    assert (len(case.all(Escalated)), len(breached(case))) == before
    assert clock(case, "rg271_idr_response").due > case.now + 29 * DAY


def test_the_dry_run_names_obligations_that_would_be_over_and_their_new_start() -> None:
    case = days_old(10)
    new = would(case, WITH_VISIT)["visit"]
    assert (new.over_by_then, new.was, new.due) == (True, None, case.now + 200 * HOUR)
    shorter = would(case, BRIEF)["resolution"]
    assert shorter.over_by_then
    case.migrated(BRIEF)
    assert case.last(DeadlineMoved).due == shorter.due
    assert not would(days_old(1), WITH_VISIT)["visit"].over_by_then


def test_a_deadline_that_a_shorter_budget_would_end_counts_it_whole_from_the_migration() -> None:
    case = days_old(10)
    was = clock(case, "resolution").due
    case.migrated(BRIEF)
    moved = case.last(DeadlineMoved)
    assert (moved.obligation, moved.why, moved.was) == ("resolution", "policy", was)
    assert moved.due == datetime.fromisoformat("2026-12-07T10:00:00Z")  # Friday and Monday, to the close
    assert "resolution" not in breached(case)
    case.until(moved.due)
    assert (case.last(DeadlineBreached).obligation, case.at(DeadlineBreached)[-1]) == (
        "resolution",
        moved.due,
    )
    assert faults(verified(case, policy(), BRIEF)) == {}


def test_a_shorter_budget_puts_nothing_off() -> None:
    case = days_old(20)
    was = clock(case, "resolution").due
    assert case.migrated(BRIEF).events == ["policy_migrated"]
    assert clock(case, "resolution").due == was  # two days more would end after it
    case.until(was)
    assert breached(case)[-1] == "resolution"
    assert faults(verified(case, policy(), BRIEF)) == {}


@pytest.mark.parametrize("days", [10, 20])
def test_a_wait_puts_off_what_was_left(days: int) -> None:
    case = days_old(days)
    case.migrated(BRIEF)
    until = clock(case, "resolution").due
    case.owner("pause", reason="r")
    case.later(days=7)
    case.owner("resume", reason="r")
    assert clock(case, "resolution").due == until + 7 * DAY
    case.until(until + 7 * DAY)
    assert breached(case)[-1] == "resolution"
    assert faults(verified(case, policy(), BRIEF)) == {}


def test_a_migration_in_a_wait_leaves_time_for_after_it() -> None:
    case = days_old(10)
    case.owner("pause", reason="r")
    case.later(days=5)
    case.migrated(BRIEF)
    case.later(days=7)
    case.owner("resume", reason="r")
    assert case.now < clock(case, "resolution").due
    assert faults(verified(case, policy(), BRIEF)) == {}


def test_another_severity_leaves_what_was_left() -> None:
    case = days_old(10)
    graded = edited(resolution=SHORTER | {"by_severity": {"4": {"clock": "business_days", "amount": "1d"}}})
    case.migrated(graded)
    until = clock(case, "resolution").due
    case.lead("reclassify", severity=4, reason="r")
    assert clock(case, "resolution").due == until
    assert faults(verified(case, policy(), graded)) == {}


def test_migrating_back_undoes_it_to_the_instant() -> None:
    case, untouched = days_old(10), days_old(11)
    case.migrated(BRIEF)
    case.later(days=1)
    case.migrated(policy())
    assert clock(case, "resolution").due == clock(untouched, "resolution").due
    assert faults(verified(case, policy(), BRIEF)) == {}


def test_an_earlier_receipt_takes_back_no_time_that_counts_from_the_migration() -> None:
    case = days_old(10)
    case.migrated(edited(resolution=SHORTER, more=(VISIT,)))
    dues = {name: clock(case, name).due for name in ("visit", "resolution")}
    case.do("lead-3", "correct_receipt", received_at=MONDAY - 30 * DAY, reason="r")
    assert {name: clock(case, name).due for name in dues} == dues
    assert faults(verified(case, policy(), edited(resolution=SHORTER, more=(VISIT,)))) == {}


def test_a_certificate_names_the_migration_that_a_deadline_counts_from() -> None:
    case, early = days_old(10), days_old(1)
    for one in (case, early):
        one.migrated(WITH_VISIT)
    starters = [
        {c["obligation"]: c["started_by"] for c in certified(one, policy(), WITH_VISIT)}["visit"]
        for one in (case, early)
    ]
    assert starters == ["policy_migrated", "received"]


def test_the_verifier_finds_a_deadline_that_ended_with_the_migration() -> None:
    """A rule without a respite, as no engine of ours plays it."""
    case = days_old(10)
    case.migrated(WITH_VISIT)
    fresh = next(one for one in case.recorded if one.data.get("obligation") == "visit")
    fresh.data["due"] = case.now.isoformat()
    assert any("visit" in name for name in faults(verified(case, policy(), WITH_VISIT)))
