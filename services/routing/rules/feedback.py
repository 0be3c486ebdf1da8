"""Internal feedback: six triggers, each with its recipients and their time (`sources.md` 95)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.state import CaseState, Feedback
from shared.clocks.budget import due
from shared.contract.commands import AcknowledgeFeedback, RaiseFeedback
from shared.contract.errors import Refusal, refuse
from shared.contract.events import FeedbackAcknowledged, FeedbackRaised
from shared.contract.values import NOBODY
from shared.policy.feedback import FeedbackTerms

USUAL = FeedbackTerms(to=["lead"])
"""Terms of a trigger that the policy leaves out."""


def raise_feedback(state: CaseState, request: ActorCommand[RaiseFeedback], now: datetime) -> Decision:
    """Raise one of the six triggers. Each recipient has a clock until they acknowledge it.

    A recipient who raises it has read it.
    """
    terms = state.pinned.feedback.get(request.command.trigger, USUAL)
    to = sorted({state.chain.at(role) for role in terms.to} - {NOBODY})
    raised = FeedbackRaised(
        trigger=request.command.trigger,
        to=to,
        text_ref=request.command.text,
        feedback_id=f"feedback-{len(state.feedback) + 1}",
        due=due(now, terms.within, state.pinned.calendar),
    )
    result = {"to": to, "feedback_id": raised.feedback_id}
    others = [one for one in to if one != request.actor.id]
    if others == to or raised.feedback_id is None:
        return Decision([raised], result)
    return Decision([raised, FeedbackAcknowledged(feedback_id=raised.feedback_id, waiting=others)], result)


def acknowledge_feedback(
    state: CaseState, request: ActorCommand[AcknowledgeFeedback], now: datetime
) -> Decision | Refusal:
    """Confirm the receipt. The person to whom the ladder passed it confirms for all."""
    name, actor = request.command.feedback_id, request.actor.id
    item = next((one for one in state.feedback if one.feedback_id == name and one.open), None)
    if item is None:
        return refuse(refusals.NO_SUCH_FEEDBACK)
    if actor not in expected(item) and not (request.by_supervisor and not expected(item)):
        return refuse(refusals.NOT_A_RECIPIENT, to=", ".join(expected(item)))
    left = [] if actor == item.passed_to else [one for one in item.waiting if one != actor]
    return Decision([FeedbackAcknowledged(feedback_id=name, waiting=left)])


def expected(item: Feedback) -> list[str]:
    """People who may acknowledge it now."""
    return [*item.waiting, *([item.passed_to] if item.passed_to else [])]
