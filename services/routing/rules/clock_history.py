"""Changes of the clocks by the deadline facts."""

from datetime import datetime
from typing import assert_never

from services.routing.rules.facts import ClockFact
from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.budget import due
from shared.contract.events import (
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Released,
)
from shared.contract.values import Instant
from shared.policy.obligation import Obligation, Step

TOLD = "told"
"""Reason of a moved silence limit: the complainant received a notice."""

KINDS = {
    "action-": "action",
    "apology-": "apology",
    "approval-": "approval",
    "feedback-": "feedback",
    "inform-": "inform",
    "mediation-": "mediation",
    "promise-": "promise",
    "signature-": "signature",
    "task-": "task",
    "transfer-": "transfer",
}
MET_BY = {
    "action": ["action_completed"],
    "apology": ["apology_given"],
    "approval": ["approval_given"],
    "mediation": ["mediation_finished"],
    "transfer": ["assigned"],
    "promise": ["responded", "offer_made", "final_decision", "resolved"],
    "feedback": ["feedback_acknowledged"],
    "inform": ["stakeholder_informed"],
    "signature": ["task_signed"],
    "task": ["task_done"],
}


def apply_clock_fact(state: CaseState, fact: ClockFact, at: Instant) -> None:
    """Make a deadline fact, which became true `at`, part of the state."""
    if isinstance(fact, DeadlineSet):
        state.clocks.append(_clock(state, fact, at))
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
            clock.met_at, clock.met_fact = at, fact.by_fact
            clock.next_step_at = None
        case DeadlineBreached():
            clock.status = "breached"
            clock.next_step_at = first_step_at(state, clock, max(fact.due, known_at(state, clock)))
        case DeadlineCancelled():
            clock.status = "cancelled"
            clock.next_step_at = None
        case DeadlineExtended() | DeadlineMoved():
            _move(state, clock, fact, at)
        case _:
            assert_never(fact)


def released_by(clock: ObligationClock, fact: Released) -> bool:
    """Whether the fact releases this clock; of the response, only a clock that no other fact meets."""
    response = "response" in fact.items and clock.met_by == ["responded"]
    return response or clock.name in fact.items or task_signed_by(clock.name) in fact.items


def signature_of(task_id: str) -> str:
    """Name of the clock of the countersignature of a task."""
    return f"signature-{task_id.removeprefix('task-')}"


def task_signed_by(clock: str) -> str | None:
    """Task whose countersignature a clock awaits; None for any other clock."""
    return f"task-{clock.removeprefix('signature-')}" if clock.startswith("signature-") else None


def _move(
    state: CaseState, clock: ObligationClock, fact: DeadlineExtended | DeadlineMoved, at: Instant
) -> None:
    clock.due, clock.moved_at = fact.due, at
    if isinstance(fact, DeadlineExtended):
        clock.extensions += 1
        clock.extended_at, clock.extended_to = at, fact.due
        clock.extended.append((fact.was, fact.due))
        clock.provisional = False  # a person named the instant: no holiday moves it
        return
    clock.provisional = fact.provisional
    if fact.why == TOLD:
        clock.started_at, clock.warned, clock.reminded = at, [], []
        clock.respite_at = clock.respite_to = None
    if clock.status == "met":
        clock.status = "running"  # only an earlier receipt does this: it was missed, and a breach follows
    obligation = state.pinned.obligation(clock.kind)
    if obligation and fact.why == "severity":
        clock.budget = obligation.budget_at(state.triage.severity)


def known_at(state: CaseState, clock: ObligationClock) -> datetime:
    """Since when the present due instant of a clock is known."""
    return clock.moved_at or state.opened_at


def count_from(state: CaseState, received_at: Instant, at: Instant) -> None:
    """Restart the clocks of the first cycle that count from the receipt, since its instant was corrected."""
    counting = receipt_clocks(state)
    state.corrected_receipt, state.receipt_corrected_at = received_at, at
    for clock in counting:
        clock.started_at = received_at


def receipt_clocks(state: CaseState) -> list[ObligationClock]:
    """Clocks that a correction of the receipt may move: verdicts of a breach stay.

    A clock that counts from a later fact or a migration counts from no receipt.
    """
    if state.cycle > 1:
        return []
    kinds = {o.id for o in state.pinned.obligations if o.starts == "received"}
    counting = [c for c in state.clocks if c.kind in kinds and c.started_at == state.received_at]
    return [c for c in counting if c.status in ("running", "paused", "met")]


def take_terms(state: CaseState, clock: ObligationClock, obligation: Obligation) -> None:
    """Copy the terms of the pack into a clock."""
    clock.budget = obligation.budget_at(state.triage.severity)
    clock.met_by, clock.restarted_by = obligation.met_by, obligation.restarted_by
    clock.silent_notices = obligation.silent_notices
    clock.warn_at, clock.ladder = obligation.warn_at, obligation.ladder
    clock.pausable, clock.extendable = obligation.pausable, obligation.extendable
    clock.calendar, clock.duty = obligation.calendar, obligation.duty


def _clock(state: CaseState, fact: DeadlineSet, at: Instant) -> ObligationClock:
    """Clock that a `deadline_set` starts: by its name an obligation of the pack, or one of our own kinds."""
    obligation = state.pinned.obligation(fact.obligation)
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
        set_at=at,
    )
    if obligation is None:
        clock.met_by = MET_BY.get(clock.kind, [])
        clock.extendable = clock.kind in ("action", "promise", "task")
        clock.ladder = state.pinned.limits.ladder_of(clock.kind)
        if clock.kind == "promise":
            terms = state.pinned.limits.promise
            clock.warn_at, clock.ladder = terms.warn_at, terms.ladder
        return clock
    take_terms(state, clock, obligation)
    if obligation.from_receipt:
        _go_on(clock, state.clock(clock.name))
    if state.pause and clock.pausable:
        clock.status = "paused"
    return clock


def _go_on(clock: ObligationClock, before: ObligationClock | None) -> None:
    """Keep the extensions of an earlier cycle, where the clock counts through all cycles."""
    if before:
        clock.extended_at, clock.extended_to = before.extended_at, before.extended_to
        clock.respite_at, clock.respite_to = before.respite_at, before.respite_to
        clock.extended, clock.extensions = [*before.extended], before.extensions


def first_step_at(state: CaseState, clock: ObligationClock, base: Instant) -> datetime | None:
    """Due instant of the ladder's first rung, counted from the breach."""
    return _after(state, clock, clock.rungs[0], base) if clock.rungs else None


def climb(state: CaseState, obligation: str, at: datetime) -> None:
    """Record that a rung of the obligation's ladder was climbed `at`."""
    clock = state.clock(obligation)
    if clock:
        clock.climbed += 1
        clock.next_step_at = next_step_at(state, clock, at)


def next_step_at(state: CaseState, clock: ObligationClock, at: datetime) -> datetime | None:
    """Due instant of the rung after the rung climbed `at`; the last rung may repeat."""
    rungs = clock.rungs
    if clock.climbed < len(rungs):
        return _after(state, clock, rungs[clock.climbed], at)
    return _after(state, clock, rungs[-1], at) if rungs[-1].repeat else None


def _after(state: CaseState, clock: ObligationClock, step: Step, base: datetime) -> datetime:
    return due(base, step.after, state.pinned.calendar_of(clock.calendar)) if step.after else base
