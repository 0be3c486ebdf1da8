"""Obligations as reactions to facts: which clocks a fact starts, meets, moves or ends.

Pure bookkeeping over `shared.clocks`; `clockwork` is what happens when time passes.
"""

from collections.abc import Iterator
from datetime import datetime

from services.routing.rules.clock_history import TOLD, released_by, signature_of
from services.routing.rules.facts import CaseFact
from services.routing.rules.gates import OVER
from services.routing.rules.reckoning import due_now
from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.amounts import Budget
from shared.clocks.budget import due, due_is_provisional
from shared.contract.events import (
    ActionCompleted,
    Agreed,
    ApologyDue,
    ApologyGiven,
    ApprovalGiven,
    ApprovalRequested,
    Assigned,
    CarriedOver,
    CaseEnded,
    Changed,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    FeedbackAcknowledged,
    FeedbackRaised,
    HandedOver,
    MediationFinished,
    MediatorNamed,
    Notice,
    Released,
    Resolved,
    Responded,
    StakeholderAdded,
    StakeholderInformed,
    TaskDone,
    TaskOpened,
    TaskSigned,
    Transferred,
    TransferReturned,
    Triaged,
)
from shared.contract.values import Stage
from shared.policy.obligation import Obligation

HOUSE = "house"
PASSED = ("transfer", "hand_over")
"""Reasons of an owner who accepted a proposal."""
PROMISE = "promise"
"""Regime of waiting times that the complainant was promised: reported apart from all others."""


def following(state: CaseState, fact: CaseFact, at: datetime) -> Iterator[CaseFact]:
    """Deadline facts that follow from `fact`, which is already part of the state."""
    yield from _met(state, fact)
    yield from _ended(state, fact)
    if state.stage in (Stage.FOLLOWING_UP, Stage.CLOSED):
        return  # a notice at the end starts no clock
    yield from _notified(state, fact, at)
    yield from _started(state, fact, at)
    if isinstance(fact, Triaged):
        yield from _retargeted(state, at)


def opening_clocks(state: CaseState, at: datetime) -> Iterator[DeadlineSet]:
    """Clocks that every complaint has; a new cycle restarts those that count from `received`.

    Those that count from the first receipt go on where they were.
    """
    for obligation in state.pinned.obligations:
        if obligation.starts != "received" or (state.cycle > 1 and "notice" in obligation.met_by):
            continue
        if state.cycle > 1 and obligation.from_receipt:
            yield from carried_on(state, obligation, at)
        else:
            yield deadline_set(state, obligation, at)


def carried_on(state: CaseState, obligation: Obligation, at: datetime) -> Iterator[DeadlineSet]:
    """Clock that counts from the first receipt, in a later cycle or started by a later fact.

    A clock that was over before stays so: its verdict is final. A clock that never ran, and would be over
    already, counts whole from now, since it could not have been kept.
    """
    before = state.clock(obligation.id)
    if before is None:
        first = deadline_set(state, obligation, state.received_at)
        yield first if first.due > at else deadline_set(state, obligation, at)
    elif before.due > at:
        named = {"started_at": before.started_at, "due": before.due, "provisional": before.provisional}
        yield deadline_set(state, obligation, at).model_copy(update=named)


def deadline_set(state: CaseState, obligation: Obligation, at: datetime) -> DeadlineSet:
    """Clock of one of the pack's obligations, from `at`."""
    budget, calendar = budget_of(state, obligation), state.pinned.calendar_of(obligation.calendar)
    until = due(at, budget, calendar)
    return DeadlineSet(
        obligation=obligation.id,
        regime=obligation.regime,
        started_at=at,
        due=until,
        provisional=due_is_provisional(until, calendar, budget.clock, at),
    )


def budget_of(state: CaseState, obligation: Obligation) -> Budget:
    """Budget of the obligation at the complaint's severity."""
    return obligation.by_severity.get(state.triage.severity, obligation.budget)


def promised(name: str, at: datetime, by_when: datetime) -> DeadlineSet:
    """Clock of a waiting time that the complainant was promised (`sources.md` 51)."""
    return _named(name, at, max(by_when, at)).model_copy(update={"regime": PROMISE})


def cancelled(clock: ObligationClock, reason: str) -> DeadlineCancelled:
    return DeadlineCancelled(obligation=clock.name, regime=clock.regime, due=clock.due, reason=reason)


def met_already(state: CaseState, *facts: str) -> Iterator[DeadlineMet]:
    """Deadlines that facts before the clocks meet: the acknowledgement, the triage, the owner."""
    for clock in state.present_clocks:
        for fact in facts:
            if clock.open and fact in clock.met_by:
                yield _met_by(clock, fact)
                break


def met_again(clock: ObligationClock) -> Iterator[DeadlineMet]:
    """Fact that had met a clock, before an earlier receipt showed that it had been missed by then."""
    if clock.met_fact:
        yield _met_by(clock, clock.met_fact)


def moved(state: CaseState, clock: ObligationClock, now: datetime, why: str) -> DeadlineMoved:
    """Clock with its new due instant; never an instant in the past, since that could not be kept."""
    return moved_to(state, clock, max(due_now(state, clock, now), now), why)


def moved_to(state: CaseState, clock: ObligationClock, until: datetime, why: str) -> DeadlineMoved:
    """Clock with this due instant, provisional where the calendar gave it; an extension's was named."""
    calendar, budget = state.pinned.calendar_of(clock.calendar), clock.budget
    provisional = (
        budget is not None
        and until != clock.extended_to
        and due_is_provisional(until, calendar, budget.clock, clock.started_at)
    )
    return DeadlineMoved(
        obligation=clock.name,
        regime=clock.regime,
        due=until,
        was=clock.due,
        why=why,
        provisional=provisional,
    )


def _limited(state: CaseState, name: str, at: datetime, limit: Budget) -> DeadlineSet:
    """Clock of one of the smaller budgets of the pack."""
    calendar = state.pinned.calendar
    until = due(at, limit, calendar)
    provisional = due_is_provisional(until, calendar, limit.clock, at)
    return _named(name, at, until).model_copy(update={"provisional": provisional})


def _named(name: str, at: datetime, until: datetime) -> DeadlineSet:
    """Clock of an instant that a person named."""
    return DeadlineSet(obligation=name, regime=HOUSE, started_at=at, due=until)


def _met(state: CaseState, fact: CaseFact) -> Iterator[DeadlineMet]:
    for clock in state.present_clocks:
        if clock.open and fact.NAME in clock.met_by and _same_thing(clock, fact):
            yield _met_by(clock, fact.NAME)


def _met_by(clock: ObligationClock, fact: str) -> DeadlineMet:
    late = clock.status == "breached"
    return DeadlineMet(obligation=clock.name, regime=clock.regime, due=clock.due, by_fact=fact, late=late)


def _same_thing(clock: ObligationClock, fact: CaseFact) -> bool:
    """Clocks of actions, approvals, tasks and transfers are met by the fact about that one thing."""
    match fact:
        case ActionCompleted():
            return clock.name == fact.action_id
        case ApprovalGiven():
            return clock.name == fact.request_id
        case ApologyGiven():
            return clock.name == fact.apology_id
        case MediationFinished():
            return clock.name == fact.mediation_id
        case TaskDone():
            return clock.name == fact.task_id
        case StakeholderInformed():
            return clock.name == f"inform-{fact.party}"
        case TaskSigned():
            return clock.name == signature_of(fact.task_id)
        case FeedbackAcknowledged():
            return clock.name == fact.feedback_id and not fact.waiting
        case Assigned() if clock.kind == "transfer":
            return fact.why in PASSED and clock.status == "running"
        case _:
            return True


def _ended(state: CaseState, fact: CaseFact) -> Iterator[DeadlineCancelled]:
    """Cancellations by an end: all clocks, once it is resolved, withdrawn, referred or merged."""
    if isinstance(fact, Resolved | CaseEnded) or fact.NAME in ("withdrawn", "referred"):
        reason = fact.why if isinstance(fact, CaseEnded) else fact.NAME
        for clock in state.present_clocks:
            if clock.status in ("running", "paused") and fact.NAME not in clock.met_by:
                yield cancelled(clock, reason)
    if isinstance(fact, ApologyDue):  # another finding of the liability replaces it, or ends it
        for clock in state.present_clocks:
            if clock.kind == "apology" and clock.status in ("running", "paused"):
                yield cancelled(clock, "liability")
    if isinstance(fact, TransferReturned):
        for clock in state.present_clocks:
            if clock.name == fact.transfer_id and clock.status == "running":
                yield cancelled(clock, fact.why or fact.NAME)
    if isinstance(fact, Released):
        reason = "released_by_customer" if fact.by == "customer" else fact.NAME
        for clock in state.present_clocks:
            if clock.status in ("running", "paused") and released_by(clock, fact):
                yield cancelled(clock, reason)
    if isinstance(fact, Assigned) and fact.why not in PASSED:
        for clock in state.present_clocks:
            if clock.kind == "transfer" and clock.status == "running":
                yield cancelled(clock, fact.why)


def _notified(state: CaseState, fact: CaseFact, at: datetime) -> Iterator[CaseFact]:
    """Silence limits (`sources.md` 114): each word to the complainant, but the last, sets them anew."""
    if state.ending == "decided":
        return
    for clock in [c for c in state.present_clocks if c.open and _is_word(fact, c)]:
        obligation = state.pinned.obligation(clock.kind)
        if clock.status == "breached":
            yield _met_by(clock, fact.NAME)
            if obligation:
                yield deadline_set(state, obligation, at)
        elif clock.budget:
            until = due(at, clock.budget, state.pinned.calendar_of(clock.calendar))
            if until != clock.due:
                yield moved_to(state, clock.model_copy(update={"started_at": at}), until, TOLD)


def _is_word(fact: CaseFact, clock: ObligationClock) -> bool:
    """Whether it restarts this clock; a notice that the house's own ladder causes (a delay) does not."""
    silent = isinstance(fact, Notice) and fact.template in clock.silent_notices
    return fact.NAME in clock.restarted_by and not silent


def _started(state: CaseState, fact: CaseFact, at: datetime) -> Iterator[DeadlineSet]:
    yield from _small_clocks(state, fact, at)
    if state.stage in OVER:  # the complaint is not handled, so a clock that began now could not be met
        return
    going_on = {c.name for c in state.present_clocks if c.open and fact.NAME not in c.met_by}
    for obligation in state.pinned.obligations:
        if obligation.starts != fact.NAME or obligation.id in going_on:
            continue
        if obligation.from_receipt:
            yield from carried_on(state, obligation, at)
        else:
            yield deadline_set(state, obligation, at)


def _small_clocks(state: CaseState, fact: CaseFact, at: datetime) -> Iterator[DeadlineSet]:
    """Promises, agreed actions, approvals, transfers and departments' tasks, each with its own clock."""
    limits = state.pinned.limits
    match fact:
        case Responded(promise_by=by_when) if by_when:
            count = sum(clock.kind == "promise" for clock in state.clocks)
            yield promised(f"promise-{count + 1}", at, by_when)
        case Changed(due=by_when) if by_when:
            count = sum(clock.kind == "promise" for clock in state.clocks)
            yield promised(f"promise-{count + 1}", at, by_when)
        case Agreed():
            for action in fact.actions:
                yield _named(action.action_id, at, action.due)
        case CarriedOver():
            for name, until in due_of(fact):
                yield _named(name, at, max(until, at))
        case ApologyDue(due=by_when) if by_when:
            yield _named(fact.apology_id, at, by_when)
        case MediatorNamed(previous=None):
            yield _named(fact.mediation_id, at, fact.due)
        case ApprovalRequested():
            yield _limited(state, fact.request_id, at, limits.approval)
        case Transferred() | HandedOver():
            yield _limited(state, fact.transfer_id, at, limits.transfer)
        case FeedbackRaised(due=by_when, feedback_id=name) if by_when and name:
            yield _named(name, at, by_when)
        case TaskOpened(due=by_when) | TaskSigned(due=by_when) if by_when:
            yield _named(fact.task_id, at, by_when)
        case StakeholderAdded():
            yield _named(f"inform-{fact.party}", at, fact.due)
        case TaskDone(sign_by=by_when) if by_when:
            yield _named(signature_of(fact.task_id), at, by_when)


def due_of(fact: CarriedOver) -> Iterator[tuple[str, datetime]]:
    """Carried items with a due instant."""
    yield from ((action.action_id, action.due) for action in fact.actions)
    yield from ((task.task_id, task.due) for task in fact.tasks if task.due)


def _retargeted(state: CaseState, at: datetime) -> Iterator[DeadlineMoved]:
    """New budgets of a new severity; the start, and the waits so far, stay (`sources.md` P3)."""
    by_id = {obligation.id: obligation for obligation in state.pinned.obligations}
    for clock in state.present_clocks:
        obligation = by_id.get(clock.kind)
        if not obligation or clock.status not in ("running", "paused") or clock.named:
            continue
        budget = budget_of(state, obligation)
        if budget == clock.budget:
            continue
        yield moved(state, clock.model_copy(update={"budget": budget}), at, "severity")
