"""Late truths about the receipt: the clocks count anew, by new facts (bi-temporal corrections).

What runs gets the due instant that it would have had; what has passed by then is breached at once. What
was met, but later than it would have been due, is breached as well and met late. A verdict of breach is
never taken back: a receipt that turns out to be later gives time only to what still runs.
"""

from collections.abc import Iterator
from datetime import datetime

from services.routing import refusals
from services.routing.rules.clock_history import receipt_clocks
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.facts import CaseFact
from services.routing.rules.history import apply
from services.routing.rules.obligations import moved_to
from services.routing.rules.reckoning import due_now
from services.routing.rules.second_person import ask
from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.working_time import working_time
from shared.contract.commands import CorrectReceipt
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import DeadlineMoved, ReceiptCorrected
from shared.contract.recorded import Notification

WHY = "receipt_corrected"


def correct_receipt(
    state: CaseState, request: ActorCommand[CorrectReceipt], now: datetime
) -> Decision | Refusal:
    """Correct the instant at which the complainant first wrote or spoke; never to one after its storage.

    Only a supervisor who is not accountable may, since the owner would judge their own clocks by it. A
    later instant gives time: then one more person agrees.
    """
    at = request.command.received_at
    if request.actor.id == state.owner:
        return refuse(ErrorCode.NEEDS_SECOND_PERSON, field="actor.id")
    if wrong := _wrong(state, at):
        return wrong
    reason = request.command.reason
    if at > state.received_at:  # it gives time: two people decide
        field = "data.received_at"
        return ask(state, request.actor, "receipt", field=field, received_at=at, text_ref=reason)
    found = corrected_receipt(state, at, reason, now)
    return found if isinstance(found, Refusal) else Decision(found)


def corrected_receipt(
    state: CaseState, at: datetime, reason_ref: str, now: datetime
) -> list[CaseFact | Notification] | Refusal:
    """Facts of a correction, or the reason why it cannot be."""
    if wrong := _wrong(state, at):
        return wrong
    corrected = ReceiptCorrected(received_at=at, was=state.received_at, reason_ref=reason_ref)
    after = state.model_copy(deep=True)
    apply(after, corrected, now)
    return [corrected, *_moves(after, now)]


def _wrong(state: CaseState, at: datetime) -> Refusal | None:
    """Reason why it cannot have been then: no receipt precedes the calendar that the clocks count by."""
    recorded_at, calendar = state.opening.received.recorded_at, state.pinned.calendar
    if at == state.received_at:
        return refuse(refusals.RECEIVED_THEN)
    if at > recorded_at:
        return refuse(refusals.RECEIVED_AFTER_RECORD, recorded_at=recorded_at.isoformat())
    first = calendar.published_from
    if first and working_time(calendar).local_date(at) < first:
        return refuse(refusals.RECEIVED_BEFORE_CALENDAR, day=first.isoformat())
    return None


def _moves(after: CaseState, now: datetime) -> Iterator[DeadlineMoved]:
    """New due instant of each clock, also in the past: it will run out at once."""
    for clock in receipt_clocks(after):
        until = due_now(after, clock, now)
        if until != clock.due and (clock.status != "met" or _missed(after, clock, until)):
            yield moved_to(after, clock, until, WHY)


def _missed(state: CaseState, clock: ObligationClock, due: datetime) -> bool:
    """Whether a clock that was met would have run out by then: at its due instant it has."""
    if clock.met_fact == "notice":  # the acknowledgement was sent when the complaint was stored
        return due <= state.opening.received.recorded_at
    return clock.met_at is not None and due <= clock.met_at
