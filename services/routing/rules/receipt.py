"""Late truths about the receipt: the clocks count anew, by new facts (bi-temporal corrections).

What runs gets the due instant that it would have had; what has passed by then is breached at once. What
was met, but later than it would have been due, is breached as well and met late. A verdict of breach is
never taken back: a receipt that turns out to be later gives time only to what still runs.
"""

from collections.abc import Iterator
from datetime import datetime

from services.routing.rules.clock_history import receipt_clocks
from services.routing.rules.decision import Decision, Deed
from services.routing.rules.history import apply
from services.routing.rules.obligations import due_now, moved_to
from services.routing.rules.state import CaseState, ObligationClock
from shared.contract.commands import CorrectReceipt
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import DeadlineMoved, ReceiptCorrected

WHY = "receipt_corrected"


def correct_receipt(state: CaseState, deed: Deed[CorrectReceipt], now: datetime) -> Decision | Refusal:
    """When the complainant spoke, as it has turned out; never after it was on record."""
    at, recorded_at = deed.command.received_at, state.opening.received.recorded_at
    if at > recorded_at or at == state.received_at:
        wrong = "is what is recorded" if at == state.received_at else f"it was on record {recorded_at}"
        detail = f"data.received_at: must be another instant, before it was on record ({wrong})"
        return refuse(ErrorCode.MALFORMED, detail=detail, field="data.received_at")
    corrected = ReceiptCorrected(received_at=at, was=state.received_at, reason_ref=deed.command.reason)
    after = state.model_copy(deep=True)
    apply(after, corrected, now)
    return Decision([corrected, *_moves(after, now)])


def _moves(after: CaseState, now: datetime) -> Iterator[DeadlineMoved]:
    """Each clock where it would have stood, also in the past: it will run out at once."""
    for clock in receipt_clocks(after):
        until = due_now(after, clock, now)
        if until != clock.due and (clock.status != "met" or _missed(after, clock, until)):
            yield moved_to(after, clock, until, WHY)


def _missed(state: CaseState, clock: ObligationClock, due: datetime) -> bool:
    """Whether a clock that was met would have run out by then, had it been due at this instant."""
    if clock.met_fact == "notice":  # the acknowledgement was out when the complaint was on record
        return due < state.opening.received.recorded_at
    return clock.met_at is not None and due <= clock.met_at
