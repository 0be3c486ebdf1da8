"""Approvals: what somebody with more authority, or a second person, has to agree to first."""

from collections.abc import Callable
from datetime import datetime

from services.routing.rules.authority import may_decide, may_grant
from services.routing.rules.decision import Decision, Deed
from services.routing.rules.extending import extension
from services.routing.rules.leaving import release_granted, withdrawal_granted
from services.routing.rules.negotiation import offer_made, told
from services.routing.rules.pausing import granted_wait
from services.routing.rules.receipt import corrected_receipt
from services.routing.rules.reclassification import lowered
from services.routing.rules.state import Approval, CaseState
from shared.contract.commands import Approve
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ApprovalGiven, ApprovalRequested, Fact, OfferMade
from shared.contract.recorded import Notification
from shared.contract.values.problems import Words

Granted = list[Fact | Notification]

NOT_ASKED = Words("no such request", "没有此项请求")
DECIDED = {
    "granted": Words("it was granted already", "该请求已获批准"),
    "denied": Words("it was denied already", "该请求已被驳回"),
    "lapsed": Words("it has lapsed", "该请求已失效"),
}


def approve(state: CaseState, deed: Deed[Approve], now: datetime) -> Decision | Refusal:
    """Grant or deny; granted, the thing itself happens at once. Whoever asked denies it to take it back."""
    command = deed.command
    asked = next((a for a in state.approvals if a.request.request_id == command.request_id), None)
    if asked is None or asked.status != "open":
        why = DECIDED[asked.status] if asked else NOT_ASKED
        return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=why.en, detail_zh=why.zh, field="data.request_id")
    if command.approved and asked.request.asked_by == deed.actor.id:
        return refuse(ErrorCode.NEEDS_SECOND_PERSON, field="actor.id")
    if command.approved and not may_grant(state, deed.actor.role, asked.request.amount):
        detail = "the amount is above this actor's limit too"
        return refuse(
            ErrorCode.OVER_AUTHORITY, detail=detail, detail_zh="金额也超出此操作人的权限", field="actor.id"
        )
    if command.approved and not may_decide(deed.actor, asked.request, asked.asked):
        detail = f"{asked.request.to}, or a {asked.request.least_role} at least, decides about this request"
        detail_zh = f"该请求须由 {asked.request.to} 或同级及以上人员决定"
        return refuse(ErrorCode.OVER_AUTHORITY, detail=detail, detail_zh=detail_zh, field="actor.id")
    given = ApprovalGiven(request_id=command.request_id, approved=command.approved, reason_ref=command.reason)
    if not command.approved:
        return Decision([given])
    facts = _granted(state, asked, now)
    return facts if isinstance(facts, Refusal) else Decision([given, *facts], _result(facts))


def _granted(state: CaseState, asked: Approval, now: datetime) -> Granted | Refusal:
    return GRANTED[asked.request.what](state, asked.request, now)


def _lowered(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted:
    """The safety flag or the severity comes down, by two people."""
    return [lowered(state, request)]


def _waits(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    return _at_the_request(granted_wait(state, request.until or now, request.text_ref, now))


def _received(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    return _at_the_request(corrected_receipt(state, request.received_at or now, request.text_ref or "", now))


def _at_the_request(found: Granted | Refusal) -> Granted | Refusal:
    """The approver names nothing but the request: what is wrong with it stands there."""
    return found.model_copy(update={"field": "data.request_id"}) if isinstance(found, Refusal) else found


def _extended(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    more = extension(state, request.obligation or "", request.until or now, now, request.text_ref)
    return _at_the_request(more)


def _offered(state: CaseState, request: ApprovalRequested, now: datetime) -> Granted | Refusal:
    """The offer exactly as it was asked for."""
    option = next((o for o in state.options if o.option_id == request.option_id), None)
    if option is None or option.amount != request.amount or not request.text_ref:
        return refuse(
            ErrorCode.NOT_ALLOWED_NOW,
            detail="the option is not prepared any more",
            detail_zh="该备选方案已不再有效",
        )
    expires_at = request.expires_at
    if expires_at is None or expires_at <= now:
        detail = "the offer was to stand only until then; deny it, and have it made again"
        return refuse(
            ErrorCode.TOO_LATE,
            detail=detail,
            detail_zh="方案的有效期已过；请驳回后重新提出",
            field="data.request_id",
        )
    made = offer_made(state, option, request.standards, expires_at, request.text_ref)
    return [made, told(state, made)]


GRANTED: dict[str, Callable[[CaseState, ApprovalRequested, datetime], Granted | Refusal]] = {
    "offer": _offered,
    "safety_downgrade": _lowered,
    "severity_downgrade": _lowered,
    "extension": _extended,
    "wait": _waits,
    "receipt": _received,
    "withdrawal": withdrawal_granted,
    "release": release_granted,
}
"""What happens at once when a request for it is granted, or why it cannot happen any more."""


def _result(facts: Granted) -> dict[str, str]:
    made = [fact for fact in facts if isinstance(fact, OfferMade)]
    return {"offer_id": made[0].offer_id} if made else {}
