"""How the deadline facts change the clocks."""

from datetime import datetime

from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.budget import due
from shared.contract.events import (
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineFact,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
)
from shared.contract.values import Instant
from shared.policy.models import Step

KINDS = {
    "action-": "action",
    "approval-": "approval",
    "promise-": "promise",
    "task-": "task",
    "transfer-": "transfer",
}
MET_BY = {
    "action": ["action_completed"],
    "approval": ["approval_given"],
    "transfer": ["assigned"],
    "promise": ["responded", "offer_made", "final_decision", "resolved"],
    "task": ["task_done"],
}


def apply_clock_fact(state: CaseState, fact: DeadlineFact, at: Instant) -> None:
    """Make a deadline fact, which became true `at`, part of the state."""
    if isinstance(fact, DeadlineSet):
        state.clocks.append(_clock(state, fact))
        return
    clock = state.clock(fact.obligation)
    if clock is None:
        return
    match fact:
        case DeadlineWarned():
            if fact.reminder:
                clock.reminded.append(fact.reminder)
            else:
                clock.warned.append(fact.percent)
        case DeadlineMet():
            clock.status = "met_late" if fact.late else "met"
            clock.next_step_at = None
        case DeadlineBreached():
            clock.status = "breached"
            clock.next_step_at = first_step_at(state, clock, max(fact.due, state.opened_at))
        case DeadlineCancelled():
            clock.status = "cancelled"
            clock.next_step_at = None
        case DeadlineExtended() | DeadlineMoved():
            _move(state, clock, fact, at)


def _move(
    state: CaseState, clock: ObligationClock, fact: DeadlineExtended | DeadlineMoved, at: Instant
) -> None:
    clock.due, clock.moved_at = fact.due, at
    if isinstance(fact, DeadlineExtended):
        clock.extensions += 1
        clock.extended_at, clock.extended_to = at, fact.due
        return
    clock.provisional = fact.provisional
    obligation = next((o for o in state.pinned.obligations if o.id == clock.kind), None)
    if obligation and fact.why == "severity":
        clock.budget = obligation.by_severity.get(state.triage.severity, obligation.budget)


def _clock(state: CaseState, fact: DeadlineSet) -> ObligationClock:
    """The clock that a `deadline_set` starts: by its name one of the pack's, or one of our own kinds."""
    obligation = next((o for o in state.pinned.obligations if o.id == fact.obligation), None)
    own = next((kind for start, kind in KINDS.items() if fact.obligation.startswith(start)), "other")
    clock = ObligationClock(
        name=fact.obligation,
        kind=obligation.id if obligation else own,
        regime=fact.regime,
        cycle=state.cycle,
        started_at=fact.started_at,
        budget=None,
        due=fact.due,
        met_by=[],
        provisional=fact.provisional,
    )
    if obligation is None:
        clock.met_by = MET_BY.get(clock.kind, [])
        clock.extendable = clock.kind in ("action", "promise", "task")
        return clock
    clock.budget = obligation.by_severity.get(state.triage.severity, obligation.budget)
    clock.met_by = obligation.met_by
    clock.warn_at = obligation.warn_at
    clock.pausable, clock.extendable = obligation.pausable, obligation.extendable
    clock.calendar = obligation.calendar
    clock.ladder = obligation.ladder
    if state.pause and clock.pausable:
        clock.status = "paused"
    return clock


def first_step_at(state: CaseState, clock: ObligationClock, base: Instant) -> datetime | None:
    """When the first rung of the ladder is due, counted from the breach."""
    return _after(state, clock, clock.rungs[0], base) if clock.rungs else None


def climb(state: CaseState, obligation: str, at: datetime) -> None:
    """One rung of the obligation's ladder was climbed `at`."""
    clock = state.clock(obligation)
    if clock:
        clock.climbed += 1
        clock.next_step_at = next_step_at(state, clock, at)


def next_step_at(state: CaseState, clock: ObligationClock, at: datetime) -> datetime | None:
    """When the rung after the one climbed `at` is due; the last one may repeat."""
    rungs = clock.rungs
    if clock.climbed < len(rungs):
        return _after(state, clock, rungs[clock.climbed], at)
    return _after(state, clock, rungs[-1], at) if rungs[-1].repeat else None


def _after(state: CaseState, clock: ObligationClock, step: Step, base: datetime) -> datetime:
    return due(base, step.after, state.pinned.calendar_of(clock.calendar)) if step.after else base
