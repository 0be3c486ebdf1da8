"""End of the owner's shift: open items are signed over by then, or the lead is alarmed (`sources.md` 91, 92).

Shifts are live, so their end comes from the last look-up. Once announced it is a fact, and what follows needs
no look-up.
"""

from collections.abc import Iterator
from datetime import datetime

from services.routing.rules.facts import CaseFact
from services.routing.rules.state import CaseState
from shared.contract.events import ConversationEnded, HandedOver, HandOverDue, HandOverMissed


def announced_at(state: CaseState) -> datetime | None:
    """Instant at which the hand-over of the owner's present shift is to be announced; None if it was, or if
    there is none.
    """
    end, known = state.people.shift_end, state.signing
    if end is None or state.people.shift_of != state.owner or (known and known.by >= end):
        return None
    return max(end - state.pinned.limits.handover.duration, state.assigned_at or state.opened_at)


def missed_at(state: CaseState) -> datetime | None:
    """Instant at which an unsigned hand-over is alarmed; a conversation is brought to its end before."""
    if state.signing is None or state.signing.missed:
        return None
    talk = state.conversation
    return max(state.signing.by, talk) if talk else state.signing.by


def talked_out_at(state: CaseState) -> datetime | None:
    """Instant at which a conversation with an assistant is over by itself."""
    return state.conversation if state.assistant else None


def conversation_over(state: CaseState) -> list[CaseFact]:
    """End of the conversation, and the hand-over to the assistant that waited for it (`sources.md` 92)."""
    ended: list[CaseFact] = [ConversationEnded()]
    if state.assistant is None or state.transfer:
        return ended
    number = f"transfer-{state.transfers + 1}"
    return [*ended, HandedOver(transfer_id=number, sender=state.owner, to=state.assistant)]


def announced(state: CaseState) -> Iterator[HandOverDue]:
    """Announcement to the owner, with the end of the shift."""
    if state.people.shift_end:
        yield HandOverDue(owner=state.owner, by=state.people.shift_end)


def missed(state: CaseState) -> Iterator[HandOverMissed]:
    """Alarm to the lead, or to the next above where the lead is the owner."""
    above = [one for one in state.chain.people if one != state.owner]
    if state.signing:
        yield HandOverMissed(owner=state.owner, by=state.signing.by, to=(above or [state.owner])[0])


def passed_unannounced(state: CaseState, at: datetime) -> datetime | None:
    """Instant at which a shift that is over by now was to be announced, and was not: after an outage."""
    end, then = state.people.shift_end, announced_at(state)
    return then if end and end <= at else None


def shift_ends(state: CaseState, now: datetime) -> bool:
    """Whether the owner's shift is about to end, or has ended with this item unsigned."""
    then = announced_at(state)
    return (then is not None and then <= now) or state.signing is not None
