"""Hand-over signed by both, and conversations in which the owner stays (`sources.md` 91, 92, 96)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.people import fit
from services.routing.rules.shift_end import conversation_over, shift_ends
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import BeginConversation, EndConversation, HandOver
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import AssistantNamed, ConversationBegun, HandedOver


def hand_over(state: CaseState, request: ActorCommand[HandOver], now: datetime) -> Decision | Refusal:
    """Sign over to another person; in a conversation they become the assistant, and the owner stays."""
    to = request.named.get("id", "")
    refusal = fit(state, request) or _former(state, request, to, now)
    if refusal:
        return refusal
    if state.in_conversation(now):
        return Decision([AssistantNamed(assistant=to)], {"stays_with": state.owner, "assistant": to})
    number = f"transfer-{state.transfers + 1}"
    fact = HandedOver(transfer_id=number, sender=state.owner, to=to)
    return Decision([fact], {"transfer_id": number})


def begin_conversation(
    state: CaseState, request: ActorCommand[BeginConversation], now: datetime
) -> Decision | Refusal:
    """Begin a conversation, or prolong it; it lasts no longer than the policy's `limits.conversation`."""
    last = due(now, state.pinned.limits.conversation, state.pinned.calendar)
    until = request.command.until or last
    if not now < until <= last:
        return refuse(refusals.CONVERSATION_OUT_OF_RANGE, after=now, last=last)
    return Decision([ConversationBegun(until=until)])


def end_conversation(
    state: CaseState, request: ActorCommand[EndConversation], now: datetime
) -> Decision | Refusal:
    """End the conversation; the assistant gets the item, as it was signed over to them in it."""
    if not state.in_conversation(now):
        return refuse(refusals.NO_CONVERSATION)
    return Decision(conversation_over(state))


def _former(state: CaseState, request: ActorCommand[HandOver], to: str, now: datetime) -> Refusal | None:
    """Refuse a former owner, unless a supervisor hands over, or the owner's shift ends: shifts take turns."""
    turn = request.by_supervisor or shift_ends(state, now)
    if state.former(to) and not turn:
        return refuse(ErrorCode.WOULD_PING_PONG, field="data.to")
    return None
