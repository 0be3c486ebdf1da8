"""A complaint keeps the policy that it was opened under, until somebody migrates it: by facts, and back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.routing.case import Case
from services.routing.rules.migration import preview
from services.routing.view import view
from shared.contract.commands import Accepted
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    PolicyMigrated,
)
from shared.contract.orders import Order
from shared.contract.queries import Migration
from shared.contract.recorded import RecordedFact, message_of
from shared.contract.subjects import Service
from shared.contract.values import PolicyId
from shared.policy.loader import Policy, load_policy
from shared.policy.obligation import Obligation
from shared.policy.pinned import pin
from tests.unit.case_packs import LONGER, SHORTER, VISIT, edited
from tests.unit.cases import MONDAY, Playing, actor, play, policy

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def would(case: Playing, to: Policy) -> Migration:
    pinned = case.opening.pinned
    return preview(case.case.state, pin(to, pinned.team, pinned.chain), case.now)


def _due(case: Playing, name: str) -> datetime:
    clock = case.case.state.clock(name)
    assert clock is not None
    return clock.due


def test_a_running_deadline_moves_and_a_fact_names_both_instants() -> None:
    case, fresh = play(), play(under=edited(resolution=LONGER))
    was = _due(case, "resolution")
    case.later(days=1)
    events = case.migrated(edited(resolution=LONGER)).events
    assert events == ["policy_migrated", "deadline_moved"]
    said = case.last(PolicyMigrated)
    assert (said.from_, said.to) == (policy().identity, edited(resolution=LONGER).identity)
    assert [(m.obligation, m.was, m.due) for m in said.moved] == [
        ("resolution", was, _due(fresh, "resolution"))
    ]
    moved = case.last(DeadlineMoved)
    assert (moved.why, moved.was, moved.due) == ("policy", was, _due(fresh, "resolution"))


def test_a_dry_run_names_gains_and_losses_and_changes_nothing() -> None:
    case = play()
    before = case.case.state.model_copy(deep=True)
    gains = would(case, edited(resolution=LONGER)).moves[0]
    loses = would(case, edited(resolution=SHORTER)).moves[0]
    assert gains.gained_seconds is not None
    assert loses.gained_seconds is not None
    assert gains.gained_seconds > 0 > loses.gained_seconds
    assert case.case.state == before
    assert not case.case.has_news
    case.migrated(edited(resolution=LONGER))
    assert case.last(DeadlineMoved).due == gains.due


def published(recorded: RecordedFact) -> dict[str, Any]:
    """The fact as it goes out."""
    message = message_of(Service.ROUTING, "Caaaaaaaaaaaaaaa", policy().identity, recorded)
    event: dict[str, Any] = json.loads(message.body)
    return event


def test_every_later_fact_names_the_new_policy_and_no_earlier_fact_does() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.migrated(edited(resolution=LONGER))
    case.owner("set_position", text="t")
    hashes = [published(one)["data"]["policy"]["hash"] for one in case.recorded]
    first = case.names.index("policy_migrated")
    assert set(hashes[:first]) == {policy().identity.hash}
    assert set(hashes[first:]) == {view(case.case.state).policy.hash}
    assert view(case.case.state).policy == edited(resolution=LONGER).identity


def test_the_new_rules_are_not_published_on_the_wire() -> None:
    case = play()
    case.migrated(edited(resolution=LONGER))
    recorded = next(one for one in case.recorded if one.name == "policy_migrated")
    assert recorded.pinned
    assert set(published(recorded)["data"]) & {"pinned", "calendar", "obligations"} == set()


def test_a_migrated_case_is_rebuilt_from_its_facts() -> None:
    case = play()
    case.owner("pause", reason="r")
    case.later(days=2)
    case.migrated(edited(resolution=LONGER, more=(VISIT,)))
    case.owner("resume", reason="r")
    case.later(days=1)
    assert Case.rebuilt(case.opening, case.recorded).state == case.case.state


def test_the_waits_so_far_and_the_start_stay() -> None:
    case = play()
    case.later(days=1)
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    case.migrated(edited(resolution=LONGER))
    fresh = play(under=edited(resolution=LONGER))
    assert _due(case, "resolution") == _due(fresh, "resolution") + 2 * DAY


def test_a_migration_during_a_wait_moves_at_once_and_waits_on() -> None:
    case = play()
    case.later(days=1)
    case.owner("pause", reason="r")
    case.later(days=1)
    case.migrated(edited(resolution=LONGER))
    clock = case.case.state.clock("resolution")
    assert clock is not None
    assert clock.status == "paused"
    case.later(days=1)
    case.owner("resume", reason="r")
    fresh = play(under=edited(resolution=LONGER))
    assert _due(case, "resolution") == _due(fresh, "resolution") + 2 * DAY


def test_verdicts_stay_and_a_breach_keeps_its_own_ladder() -> None:
    case = play()
    case.later(hours=25)
    forgiving = edited(response_24h={"budget": {"clock": "elapsed", "amount": "96h"}, "ladder": []})
    assert case.migrated(forgiving).events == ["policy_migrated"]
    assert case.case.state.clock("response_24h").status == "breached"  # type: ignore[union-attr]
    case.later(hours=24)
    assert case.owned_by == "manager-1"
    case.owner("respond", kind="plan", text="t")
    assert [m.late for m in case.all(DeadlineMet) if m.obligation == "response_24h"] == [True]


def test_an_obligation_that_the_new_policy_lacks_is_cancelled() -> None:
    case = play()
    case.migrated(edited(without="resolution"))
    assert [(c.obligation, c.reason) for c in case.all(DeadlineCancelled)] == [("resolution", "policy")]
    assert [(m.obligation, m.due) for m in case.last(PolicyMigrated).moved] == [("resolution", None)]


def test_a_new_obligation_counts_from_the_receipt_and_sends_no_passed_warning() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(hours=30)
    case.migrated(edited(more=(VISIT,)))
    fresh = case.last(DeadlineSet)
    assert (fresh.obligation, fresh.started_at, fresh.due) == ("visit", MONDAY, MONDAY + 200 * HOUR)
    case.later(hours=160)
    assert [w.percent for w in case.all(DeadlineWarned) if w.obligation == "visit"] == [90]


@pytest.mark.parametrize("met_by", ["notice", "responded", "assigned", "triaged"])
def test_a_new_obligation_that_is_fulfilled_already_does_not_start(met_by: str) -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(hours=1)
    case.migrated(edited(more=(VISIT | {"met_by": [met_by]},)))
    assert "visit" not in {clock.name for clock in case.case.state.clocks}


def test_a_new_obligation_that_starts_with_a_published_fact_counts_from_that_fact() -> None:
    case = play()
    case.later(hours=2)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=2)
    later = VISIT | {"starts": "responded", "id": "written"}
    case.migrated(edited(more=(later, VISIT | {"starts": "agreed"})))
    new = {s.obligation: s.started_at for s in case.all(DeadlineSet)}
    assert new["written"] == MONDAY + 2 * HOUR
    assert "visit" not in new


def test_a_migration_is_undone_by_another() -> None:
    case, untouched = play(), play()
    for one in (case, untouched):
        one.later(days=1)
    case.migrated(edited(without="silence", resolution=LONGER, more=(VISIT,)))
    case.later(hours=1)
    untouched.later(hours=1)
    case.migrated(policy())
    running = [{c.name: c.due for c in one.case.state.clocks if c.open} for one in (case, untouched)]
    assert running[0] == running[1]
    assert case.last(DeadlineCancelled).obligation == "visit"


def test_a_policy_is_migrated_to_by_a_supervisor_and_only_where_it_is_another() -> None:
    case = play()
    pinned = pin(edited(resolution=LONGER), case.opening.pinned.team, case.opening.pinned.chain)
    case.in_force = pinned
    assert case.refused("agent-1", "migrate_policy", reason="r").code == ErrorCode.OVER_AUTHORITY
    case.lead("migrate_policy", reason="r")
    assert case.refused("lead-1", "migrate_policy", reason="r").code == ErrorCode.NOT_ALLOWED_NOW
    assert would(case, edited(resolution=LONGER)).moves == []


def test_the_rules_come_from_the_service_and_never_from_the_wire() -> None:
    case = play()
    data = {"reason": "r", "pinned": case.opening.pinned.model_dump(mode="json"), "attached": {}}
    order = Order(command_id="x", verb="migrate_policy", actor=actor("lead-1"), data=data)
    assert not isinstance(case.case.decide(order, case.now), Accepted)


def test_a_new_years_calendar_settles_what_was_provisional() -> None:
    """Due dates past the last published year are listed, then set again with facts (`sources.md` U18)."""
    case = play(datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    new_year = datetime(2027, 1, 4, tzinfo=UTC).date()
    calendar = policy().calendar
    published = calendar.model_copy(
        update={
            "published_through": datetime(2027, 12, 31, tzinfo=UTC).date(),
            "holidays": (*calendar.holidays, new_year),
            "version": "2027",
        }
    )
    later = replace(policy(), calendar=published, identity=PolicyId(id="default", hash="2027"))
    moves = {move.obligation: move for move in would(case, later).moves}
    assert set(moves) == {"resolution"}
    assert (moves["resolution"].was_provisional, moves["resolution"].provisional) == (True, False)
    assert moves["resolution"].gained_seconds == DAY.total_seconds()
    case.migrated(later)
    moved = case.last(DeadlineMoved)
    assert (moved.due, moved.provisional) == (moves["resolution"].due, False)


def test_an_unchanged_due_instant_is_published_again_once_it_is_certain() -> None:
    case = play(datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    published = policy().calendar.model_copy(
        update={"published_through": datetime(2027, 12, 31, tzinfo=UTC).date()}
    )
    later = replace(policy(), calendar=published, identity=PolicyId(id="default", hash="2027"))
    case.migrated(later)
    moved = case.last(DeadlineMoved)
    assert (moved.obligation, moved.due == moved.was, moved.provisional) == ("resolution", True, False)


def test_a_new_obligation_counts_the_waits_so_far() -> None:
    case = play()
    case.owner("pause", reason="r")
    case.later(days=2)
    case.owner("resume", reason="r")
    case.migrated(edited(more=(VISIT | {"pausable": True},)))
    assert _due(case, "visit") == MONDAY + 200 * HOUR + 2 * DAY


def test_a_breach_climbs_on_by_the_calendar_that_it_had() -> None:
    """Also where the new policy has no such calendar."""
    day = {"clock": "business_days", "amount": "1d"}
    ladder = [{"to": "owner"}, {"to": "owner", "after": day, "repeat": True}]
    both = load_policy("default,uk-disp")
    kept = [one.model_dump() for one in both.pack.obligations]
    climbing = [
        one | {"ladder": ladder, "duty": True} if one["id"] == "disp_summary_resolution" else one
        for one in kept
    ]
    obligations = [Obligation.model_validate(one) for one in climbing]
    case = play(under=replace(both, pack=both.pack.model_copy(update={"obligations": obligations})))
    case.owner("respond", kind="plan", text="t")
    case.until(_due(case, "disp_summary_resolution"))
    case.migrated(policy())
    case.later(days=1)
    last = next(
        one for one in reversed(case.recorded) if one.data.get("why") == "disp_summary_resolution breached"
    )
    assert last.at.astimezone(ZoneInfo("Europe/London")).hour == 17
    assert last.at > case.opened_at + 3 * DAY
