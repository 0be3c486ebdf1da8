"""Effects of time on a case: warnings, breaches, ladders, and the ends of waits, offers and transfers.

`next_event` is the earliest instant at which something falls due; `fire` returns its facts. The case asks
again until nothing is due. So after an outage everything happens in its order, each event once, dated by
its own instant.

A deadline ends with its due instant: an answer exactly then is late, as it is a moment after. So a breach
is dated by it, and precedes any other event of that instant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.routing.rules.authority import asked_next
from services.routing.rules.clock_history import known_at
from services.routing.rules.deadlock import deadlock_at, deadlocked
from services.routing.rules.exits import agreed_for
from services.routing.rules.facts import CaseFact
from services.routing.rules.gates import OVER
from services.routing.rules.motives import harassment_mark, known_motives, mark_over
from services.routing.rules.next_word import next_word
from services.routing.rules.obligations import cancelled, met_again, moved
from services.routing.rules.people import DELAY, escalation
from services.routing.rules.shift_end import (
    announced,
    announced_at,
    conversation_over,
    missed,
    missed_at,
    talked_out_at,
)
from services.routing.rules.state import Approval, CaseState, ObligationClock
from shared.clocks.amounts import Clock
from shared.clocks.budget import elapsed_in, fraction_between, instant_before
from shared.clocks.calendar import Calendar
from shared.contract.events import (
    DeadlineBreached,
    DeadlineWarned,
    Escalated,
    NegotiationReopened,
    OfferExpired,
    Resumed,
    TransferReturned,
)
from shared.contract.recorded import Notification
from shared.contract.values import Stage
from shared.policy.chains import OWNER
from shared.policy.obligation import Step

WINDOW_OVER = "window_over"
"""Reason for the end of a window that was no duty, so that it was not breached."""

OPEN_AS = {
    "approval": "undecided",
    "feedback": "unacknowledged",
    "inform": "pending",
    "mediation": "unfinished",
    "signature": "unsigned",
}
"""Kinds of clocks whose ladder asks the people above and leaves the owner, with what is missing."""

Kind = Literal[
    "warning",
    "due",
    "step",
    "offer",
    "pause",
    "met again",
    "mark over",
    "hand over",
    "unsigned",
    "talk over",
    "look",
    "deadlock",
]


@dataclass(frozen=True)
class Due:
    """Something that falls due `at` an instant. `clock` for the first three kinds.

    It is tried `again` later where a rule had a fault in it; its facts are dated by `at` all the same.
    """

    at: datetime
    kind: Kind
    clock: ObligationClock | None = None
    percent: int = 0
    reminder: Step | None = None
    offer_id: str = ""
    again: datetime | None = None

    @property
    def when(self) -> datetime:
        """Instant at which it may happen."""
        return self.again or self.at

    @property
    def key(self) -> str:
        """Name of the event among those of its complaint."""
        clock = f"{self.clock.name}/{self.clock.cycle}" if self.clock else ""
        reminder = self.reminder.name if self.reminder else ""
        return f"{self.kind}/{clock}/{self.percent}/{reminder}/{self.offer_id}"


def next_event(state: CaseState) -> Due | None:
    """Earliest event that will fall due without any command; none once the complaint is resolved."""
    if state.stage in OVER:
        return None
    return min(_waiting(state, (*_events(state), *_look(state))), key=_order, default=None)


def next_of_clocks(state: CaseState) -> Due | None:
    """As `next_event`, without the look after people, which only looks."""
    return None if state.stage in OVER else min(_waiting(state, _events(state)), key=_order, default=None)


def _waiting(state: CaseState, events: Iterable[Due]) -> Iterable[Due]:
    """Events, those later in which a rule had a fault."""
    if not state.parked:
        return events
    return (replace(one, again=again) if (again := state.parked.get(one.key)) else one for one in events)


def _look(state: CaseState) -> Iterator[Due]:
    """Next look after people for a complaint in the queue."""
    if state.queued_since and state.people.look_at:
        yield Due(state.people.look_at, "look")


def _order(event: Due) -> tuple[datetime, bool]:
    """Order by instant; a deadline that runs out precedes all other events of its instant."""
    return event.when, event.kind != "due"


def fire(state: CaseState, event: Due) -> Iterator[CaseFact | Notification]:
    """Facts of an event that fell due."""
    match event.kind:
        case "offer":
            yield OfferExpired(offer_id=event.offer_id)
            yield Notification(template="offer_expired", words={"complaint_id": state.complaint_id})
        case "mark over":
            yield mark_over(state)
        case "pause":
            yield from resumption(state, "limit", event.at)
        case "deadlock":
            yield from deadlocked(state, event.at)
        case "hand over":
            yield from announced(state)
        case "talk over":
            yield from conversation_over(state)
        case "unsigned":
            yield from missed(state)
        case "warning" if event.clock:
            yield _warning(state, event.clock, event.percent, event.reminder)
        case "due" if event.clock:
            yield from _breach(state, event.clock)
        case "met again" if event.clock:
            yield from met_again(event.clock)
        case "step" if event.clock:
            yield from _climb(state, event.clock, event.at)


def resumption(
    state: CaseState, why: Literal["command", "answer", "limit", "end"], at: datetime
) -> Iterator[CaseFact]:
    """End the wait: the paused clocks get their new due instants."""
    stopped = [clock for clock in state.present_clocks if clock.status == "paused"]
    yield Resumed(obligations=[clock.name for clock in stopped], why=why)
    for clock in stopped:
        later = moved(state, clock, at, "pause")
        if later.due != clock.due:
            yield later


def _events(state: CaseState) -> Iterator[Due]:
    for clock in state.present_clocks:
        if clock.status == "running":
            yield Due(clock.due, "due", clock)
            yield from _warnings(state, clock)
            yield from _reminders(state, clock)
        elif clock.status == "breached" and clock.met_fact:
            yield Due(known_at(state, clock), "met again", clock)
        elif clock.status == "breached" and clock.next_step_at:
            yield Due(clock.next_step_at, "step", clock)
    if (at := deadlock_at(state)) is not None:
        yield Due(at, "deadlock")
    if (at := announced_at(state)) is not None:
        yield Due(at, "hand over")
    if (at := talked_out_at(state)) is not None:
        yield Due(at, "talk over")
    if (at := missed_at(state)) is not None:
        yield Due(at, "unsigned")
    if state.pause:
        yield Due(state.pause.until, "pause")
    mark = harassment_mark(known_motives(state))
    if mark and mark.until:
        yield Due(max(mark.until, state.cycle_began_at), "mark over")
    for offer in state.open_offers:
        yield Due(offer.made.expires_at, "offer", offer_id=offer.made.offer_id)


def _warnings(state: CaseState, clock: ObligationClock) -> Iterator[Due]:
    """Next warning, at its share of the obligation's own time (`sources.md` P1)."""
    kind, spans = _own_time(state, clock)
    calendar = state.pinned.calendar_of(clock.calendar)
    for percent in clock.warn_at:
        if percent in clock.warned:
            continue
        at = fraction_between(kind, clock.started_at, clock.due, percent, calendar, spans)
        if at >= (clock.set_at or state.opened_at):  # there was no owner to warn before
            yield Due(_not_before_known(state, clock, at), "warning", clock, percent)


def _reminders(state: CaseState, clock: ObligationClock) -> Iterator[Due]:
    """Rungs before the due instant, each this long before it; none before the clock started."""
    calendar = state.pinned.calendar_of(clock.calendar)
    for step in clock.reminders:
        if step.before is None or step.name in clock.reminded:
            continue
        at = instant_before(clock.due, step.before, calendar)
        if at > max(clock.started_at, state.opened_at):
            at = _not_before_known(state, clock, at)
            yield Due(at, "warning", clock, _passed(state, clock, at, calendar), step)


def _not_before_known(state: CaseState, clock: ObligationClock, at: datetime) -> datetime:
    """Instant of a warning: at once where a deadline that moved, or began earlier, has passed its mark."""
    return max(at, clock.moved_at or at, state.receipt_corrected_at or at)


def _passed(state: CaseState, clock: ObligationClock, at: datetime, calendar: Calendar) -> int:
    """Percentage of the clock's own time that will have passed at this instant, without waits."""
    kind, spans = _own_time(state, clock)
    whole = elapsed_in(kind, clock.started_at, clock.due, calendar, spans)
    return int(100 * elapsed_in(kind, clock.started_at, at, calendar, spans) / whole) if whole else 0


def _own_time(state: CaseState, clock: ObligationClock) -> tuple[Clock, list[tuple[datetime, datetime]]]:
    """Kind of time that a clock counts, and the waits in which it was paused."""
    kind = clock.budget.clock if clock.budget else Clock.ELAPSED
    return kind, state.paused_spans(clock.due) if clock.pausable else []


def _warning(state: CaseState, clock: ObligationClock, percent: int, step: Step | None) -> DeadlineWarned:
    """Warning to the owner; a rung of the ladder names further recipients."""
    return DeadlineWarned(
        obligation=clock.name,
        regime=clock.regime,
        due=clock.due,
        percent=percent,
        to=state.owner if step is None or step.to == OWNER else state.chain.at(step.to),
        reminder=step.name if step else None,
        copied_to=_copies(state, step),
    )


def _copies(state: CaseState, step: Step | None) -> list[str] | None:
    """Further recipients of the notification."""
    return [state.chain.at(role) for role in step.copy_to] if step and step.copy_to else None


def _broken(state: CaseState, clock: ObligationClock) -> Iterator[CaseFact | Notification]:
    """Reopen the negotiation, since an agreed action was not done in time (`sources.md` 49, 80)."""
    action = next((one for one in state.actions if one.action_id == clock.name and not one.done), None)
    if action is None or state.stage != Stage.IMPLEMENTING:
        return
    yield NegotiationReopened(action_id=action.action_id)
    items = {"items": agreed_for(state, [action.action_id])}
    yield Notification(template="agreement_broken", words={"complaint_id": state.complaint_id}, items=items)


def _breach(state: CaseState, clock: ObligationClock) -> Iterator[CaseFact | Notification]:
    if not clock.duty:
        yield cancelled(clock, WINDOW_OVER)
        return
    yield DeadlineBreached(
        obligation=clock.name,
        regime=clock.regime,
        due=clock.due,
        late_registration=clock.due < known_at(state, clock),
    )
    yield from _broken(state, clock)
    if state.transfer and clock.name == state.transfer.transfer_id:
        yield TransferReturned(
            transfer_id=state.transfer.transfer_id, sender=state.transfer.sender, to=state.transfer.to
        )


def _passed_up(state: CaseState, step: Step, clock: ObligationClock, asked: Approval | None) -> Escalated:
    """Pass an undecided request, or unacknowledged feedback, to the person above; the owner stays."""
    to = asked_next(state, asked, step.to) if asked else state.chain.at(step.to)
    return Escalated(
        level=state.escalations + 1,
        why=step.name or f"{clock.name} {OPEN_AS[clock.kind]}",
        to=to,
        obligation=clock.name,
        copied_to=_copies(state, step),
    )


def _climb(state: CaseState, clock: ObligationClock, at: datetime) -> Iterator[CaseFact | Notification]:
    """Climb the next rung: the person above becomes accountable, and the complainant is notified, but
    once.
    """
    step = clock.rungs[min(clock.climbed, len(clock.rungs) - 1)]
    why = step.name or f"{clock.name} breached"
    asked = next((one for one in state.approvals if one.request.request_id == clock.name), None)
    if clock.kind in OPEN_AS:
        yield _passed_up(state, step, clock, asked)
        return
    told = state.last_notice_at.get(DELAY) == at
    word, copies = next_word(state, clock, at), _copies(state, step)
    for one in escalation(state, step.to, why, obligation=clock.name, copied_to=copies, next_word=word):
        if not (told and isinstance(one, Notification)):
            yield one
