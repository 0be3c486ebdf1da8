"""Approvals by a person with more authority, or by a second person, before something happens."""

from collections.abc import Callable
from datetime import datetime

from services.routing import refusals
from services.routing.rules.authority import may_decide, may_grant
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.extending import extension
from services.routing.rules.facts import CaseFact
from services.routing.rules.leaving import release_granted, withdrawal_granted
from services.routing.rules.motives import marked
from services.routing.rules.negotiation import offer_made, offer_notice
from services.routing.rules.never_worse import compared
from services.routing.rules.pausing import granted_wait
from services.routing.rules.receipt import corrected_receipt
from services.routing.rules.reclassification import lowered
from services.routing.rules.state import Approval, CaseState
from shared.contract.commands import Approve
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ApprovalGiven, ApprovalRequested, GoneBack, OfferMade
from shared.contract.recorded import Notification

Granted = list[CaseFact | Notification]


def approve(state: CaseState, request: ActorCommand[Approve], now: datetime) -> Decision | Refusal:
    """Grant or deny. A granted request takes effect at once. The asker may only deny it, to take it back."""
    command = request.command
    asked = next((a for a in state.approvals if a.request.request_id == command.request_id), None)
    if asked is None or asked.status != "open":
        return refuse(refusals.REQUEST_DECIDED[asked.status] if asked else refusals.NO_SUCH_REQUEST)
    if command.approved and state.present_id(asked.request.asked_by) == request.actor.id:
        return refuse(ErrorCode.NEEDS_SECOND_PERSON, field="actor.id")
    if command.approved and not may_grant(state, request.actor.role, asked.request.amount):
        return refuse(refusals.ABOVE_LIMIT_TOO)
    if command.approved and not may_decide(state.chain, request.actor, asked.request, asked.asked):
        return refuse(refusals.OTHERS_DECIDE, to=asked.request.to, least_role=asked.request.least_role)
    given = ApprovalGiven(request_id=command.request_id, approved=command.approved, reason_ref=command.reason)
    if not command.approved:
        return Decision([given])
    facts = _granted(state, asked, now)
    return facts if isinstance(facts, Refusal) else Decision([given, *facts], _result(facts))


def _granted(state: CaseState, asked: Approval, now: datetime) -> Granted | Refusal:
    return GRANTED[asked.request.what](state, asked.request, now)


def _lowered(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted:
    """Lower the safety flag or the severity, by two people."""
    return [lowered(state, request)]


def _harassing(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted:
    """Mark the conduct of the complainant for the time of the policy (`sources.md` 26)."""
    return [marked(state, request, now)]


def _waits(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    return _at_the_request(granted_wait(state, request.until or now, request.text_ref, now))


def _received(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    return _at_the_request(corrected_receipt(state, request.received_at or now, request.text_ref or "", now))


def _at_the_request(found: Granted | Refusal) -> Granted | Refusal:
    """Refusal with the field of the request, since the approver names nothing but the request."""
    return found.model_copy(update={"field": "data.request_id"}) if isinstance(found, Refusal) else found


def _extended(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    more = extension(state, request.obligation or "", request.until or now, now, request.text_ref)
    return _at_the_request(more)


def _offered(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    """Make the offer exactly as it was asked for."""
    option = next((o for o in state.options if o.option_id == request.option_id), None)
    if option is None or option.amount != request.amount or not request.text_ref:
        return refuse(refusals.OPTION_GONE)
    expires_at = request.expires_at
    if expires_at is None or expires_at <= now:
        return refuse(refusals.OFFER_OUTLIVED)
    worse = compared(state, option, now).worse_than
    if worse and not request.why_worse_ref:
        return refuse(refusals.EARLIER_WAS_BETTER, field="data.request_id", earlier=worse)
    made = offer_made(state, option, request.standards, expires_at, request.text_ref, request)
    return [*_gone_back(request, made), made, offer_notice(state, made)]


def _gone_back(request: ApprovalRequested, made: OfferMade) -> list[GoneBack]:
    """Fact that two people let the offer be worse than an earlier one."""
    if not (request.below and request.why_worse_ref):
        return []
    below, why = request.below, request.why_worse_ref
    return [GoneBack(offer_id=made.offer_id, below=below, asked_by=request.asked_by, why_ref=why)]


GRANTED: dict[str, Callable[[CaseState, ApprovalRequested, datetime], Granted | Refusal]] = {
    "offer": _offered,
    "safety_downgrade": _lowered,
    "severity_downgrade": _lowered,
    "harassment": _harassing,
    "extension": _extended,
    "wait": _waits,
    "receipt": _received,
    "withdrawal": withdrawal_granted,
    "release": release_granted,
}
"""Effect of each kind of granted request, or the reason why it is no longer possible."""


def _result(facts: Granted) -> dict[str, str]:
    made = [fact for fact in facts if isinstance(fact, OfferMade)]
    return {"offer_id": made[0].offer_id} if made else {}
