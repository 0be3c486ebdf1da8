"""Migration of a complaint to another policy, by an order of a supervisor and by facts.

Editing a pack moves no deadline (`sources.md` P11). A migration keeps starts and waits: a running clock
gets the due instant of the new pack. What was breached or met stays so. A deadline that the new pack does
not have is cancelled. A new deadline starts, unless an earlier fact meets it.

A rule that did not exist could not be kept: a deadline that would be over already has its whole new budget
from the migration on, and a deadline that ran before is not delayed by that.
"""

from collections.abc import Iterator
from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision, Migrated
from services.routing.rules.facts import ClockFact
from services.routing.rules.obligations import cancelled, deadline_set, moved
from services.routing.rules.repinning import repin
from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.budget import due, due_is_provisional, due_with_pauses
from shared.contract.commands import MigratePolicy
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    DeadlineCancelled,
    DeadlineMoved,
    DeadlineSet,
    MovedDue,
    Notice,
    PolicyMigrated,
)
from shared.contract.queries import Migration, WouldMove
from shared.contract.values import PolicyId
from shared.policy.obligation import Obligation
from shared.policy.pinned import Pinned

WHY = "policy"


def migrate(state: CaseState, request: ActorCommand[MigratePolicy], now: datetime) -> Decision | Refusal:
    """Migrate from the present policy to the policy in force, with all deadlines that this moves."""
    pinned, there = request.pinned, state.pinned.identity
    if pinned is None or pinned.identity == there:
        return refuse(refusals.POLICY_IN_FORCE, id=there.id, hash=there.hash)
    if request.actor.id == state.owner:  # an owner would move their own deadlines
        return refuse(ErrorCode.NEEDS_SECOND_PERSON, field="actor.id")
    facts = list(consequences(state, pinned, now))
    said = _published(there, pinned.identity, facts, request.command.reason)
    return Decision([Migrated(said, pinned), *facts], {"moved": len(facts)})


def preview(state: CaseState, pinned: Pinned, now: datetime) -> Migration:
    """Preview of `migrate`, deadline by deadline."""
    was = {clock.name: clock for clock in state.present_clocks}
    facts = list(consequences(state, pinned, now))
    anew = _counted_from(state, pinned, facts, now)
    moves = [_would(fact, was.get(fact.obligation), anew) for fact in facts]
    said = {"complaint_id": state.complaint_id, "from": state.pinned.identity, "to": pinned.identity}
    return Migration.model_validate(said | {"moves": moves})


def consequences(state: CaseState, pinned: Pinned, now: datetime) -> Iterator[ClockFact]:
    """Deadline facts that a migration to these rules causes."""
    if pinned.identity == state.pinned.identity:
        return
    after = _after(state, pinned, now)
    for clock in state.present_clocks:
        if clock.status in ("running", "paused") and state.pinned.obligation(clock.kind):
            yield from _carried(after, clock, now)
    going_on = {clock.name for clock in state.present_clocks if clock.status != "cancelled"}
    for obligation in pinned.obligations:
        if obligation.id not in going_on:
            yield from _new(after, obligation, now)


def _after(state: CaseState, pinned: Pinned, now: datetime) -> CaseState:
    after = state.model_copy(deep=True)
    repin(after, pinned, now)
    return after


def _carried(after: CaseState, clock: ObligationClock, now: datetime) -> Iterator[ClockFact]:
    under_new = after.clock(clock.name)
    if under_new is None or after.pinned.obligation(clock.kind) is None:
        yield cancelled(clock, WHY)
        return
    later = moved(after, under_new, now, WHY)
    if (later.due, later.provisional) != (clock.due, clock.provisional):
        yield later


def _new(after: CaseState, obligation: Obligation, now: datetime) -> Iterator[DeadlineSet]:
    """New deadline of the complaint: from where it counts, but never over before it began."""
    start = _start(after, obligation)
    if start is None or _met_already(after, obligation, start):
        return
    start = max([start, *_words(after, obligation)])
    spans = after.paused_spans(now) if obligation.pausable else []
    budget, calendar = (
        obligation.budget_at(after.triage.severity),
        after.pinned.calendar_of(obligation.calendar),
    )
    until = due_with_pauses(start, budget, spans, calendar)
    if until <= now:
        start, until = now, due(now, budget, calendar)
    provisional = due_is_provisional(until, calendar, budget.clock, start)
    fresh = deadline_set(after, obligation, start)
    yield fresh.model_copy(update={"due": until, "provisional": provisional})


def _start(state: CaseState, obligation: Obligation) -> datetime | None:
    """Since when it would have run: what starts it again while it runs, starts it only once."""
    if obligation.starts == "received":
        return state.received_at if obligation.from_receipt else state.cycle_began_at
    last = state.last_fact_at.get(obligation.starts)
    first = state.first_fact_at.get(obligation.starts, last)
    was_met = any(
        name in state.last_fact_at and first and state.last_fact_at[name] >= first
        for name in obligation.met_by
    )
    return last if was_met else first


def _words(state: CaseState, obligation: Obligation) -> Iterator[datetime]:
    """Instants of facts that would have set the deadline anew, had it run already."""
    for name in obligation.restarted_by:
        if name == Notice.NAME:
            yield from (
                at for one, at in state.last_notice_at.items() if one not in obligation.silent_notices
            )
        elif name in state.last_fact_at:
            yield state.last_fact_at[name]


def _met_already(state: CaseState, obligation: Obligation, start: datetime) -> bool:
    """Whether a fact that meets it was published since its start; the acknowledgement precedes all."""
    if "notice" in obligation.met_by:
        return True
    return any(name in state.last_fact_at and state.last_fact_at[name] >= start for name in obligation.met_by)


def _published(there: PolicyId, to: PolicyId, facts: list[ClockFact], reason_ref: str) -> PolicyMigrated:
    moved_dues = []
    for fact in facts:
        would = _due(fact)
        moved_dues.append(MovedDue(obligation=fact.obligation, was=would[0], due=would[1]))
    said = {"from": there, "to": to, "moved": moved_dues, "reason_ref": reason_ref}
    return PolicyMigrated.model_validate(said)


def _due(fact: ClockFact) -> tuple[datetime | None, datetime | None]:
    """Previous and new due instant of the deadline."""
    match fact:
        case DeadlineMoved():
            return fact.was, fact.due
        case DeadlineSet():
            return None, fact.due
        case DeadlineCancelled():
            return fact.due, None
        case _:
            raise TypeError(f"a migration causes no {fact.NAME}")


def _counted_from(state: CaseState, pinned: Pinned, facts: list[ClockFact], now: datetime) -> set[str]:
    """Deadlines that would have been over by now, and so have their whole new budget from now on."""
    new = {fact.obligation for fact in facts if isinstance(fact, DeadlineSet) and fact.started_at == now}
    clocks = _after(state, pinned, now).present_clocks
    return new | {clock.name for clock in clocks if clock.respite_at == now}


def _would(fact: ClockFact, clock: ObligationClock | None, anew: set[str]) -> WouldMove:
    was, due = _due(fact)
    return WouldMove(
        obligation=fact.obligation,
        was=was,
        due=due,
        gained_seconds=round((due - was).total_seconds()) if due and was else None,
        was_provisional=bool(clock and was and clock.provisional),
        provisional=bool(due and getattr(fact, "provisional", False)),
        over_by_then=fact.obligation in anew,
    )
