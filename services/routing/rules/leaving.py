"""Verbs of the exits: `refer`, `withdraw`, `release`, and their effect when a second person agrees."""

from datetime import datetime
from typing import Literal

from services.routing import refusals
from services.routing.rules import exits
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import described, is_described
from services.routing.rules.facts import CaseFact
from services.routing.rules.second_person import ask
from services.routing.rules.state import CaseState
from shared.contract.commands import Refer, Release, Withdraw
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ApprovalRequested, OfferWithdrawn, Referred, Released
from shared.contract.recorded import Item, Notification

Facts = list[CaseFact | Notification]

ANSWER = {"en": "our answer", "zh": "我们的答复"}


def refer(state: CaseState, request: ActorCommand[Refer], now: datetime) -> Decision:
    """Refer to an outside body (ISO 10003); nothing is open, and the complainant is notified where it
    went.
    """
    to, to_ref = described(state, request.command.to)
    referred = Referred(
        to=to, to_ref=to_ref, reason_ref=request.command.reason, package_sha256=request.command.package_sha256
    )
    if is_described(state, request.command.to):
        told = exits.ending(state, "referred", texts_of={"body": to_ref})
    else:
        told = exits.ending(state, "referred", items={"body": exits.body(state, to)})
    return Decision([*exits.apology_with_notice(state), referred, told])


def withdraw(state: CaseState, request: ActorCommand[Withdraw], now: datetime) -> Decision | Refusal:
    """Withdraw, as the complainant, who thereby releases what is open. Other actors ask a second person."""
    reason = request.command.reason
    if request.by_customer:
        items = [item.id for item in exits.open_items(state)]
        let_go = _let_go(state, items, "customer", reason) if items else []
        return Decision([*let_go, exits.withdrawn(state, "customer", reason), _taken_back(state, items)])
    if refusal := exits.still_open(state):
        return refusal
    return ask(state, request.actor, "withdrawal", text_ref=reason)


def _taken_back(state: CaseState, items: list[str]) -> Notification:
    """Notice of the withdrawal; it names the expected items that were released with it."""
    listed = _expected(state, items)
    if not listed:
        return exits.ending(state, "withdrawn")
    return exits.ending(state, "withdrawn", items={"items": listed}, parts=["withdrawn_released"])


def withdrawal_granted(state: CaseState, request: ApprovalRequested, now: datetime) -> Facts | Refusal:
    """Withdraw for the complainant, with the consent of a second person; the complainant will be called."""
    if refusal := exits.still_open(state, but=request.request_id, field="data.request_id"):
        return refusal
    taken_back = exits.withdrawn(state, "staff", request.text_ref, request.asked_by)
    told = exits.ending(state, "withdrawn_for_you")
    return [taken_back, exits.with_call(state, told, "withdrawn_call", now)]


def release(state: CaseState, request: ActorCommand[Release], now: datetime) -> Decision | Refusal:
    """Let go what is open: the complainant at once, staff with a second person."""
    items = list(dict.fromkeys(request.command.items))
    if refusal := _not_open(state, items, "data.items"):
        return refusal
    if not request.by_customer and (refusal := _only_theirs(state, items)):
        return refusal
    if request.by_customer:
        facts = _let_go(state, items, "customer", request.command.reason)
        return Decision([*facts, *_released_notice(state, items)])
    return ask(state, request.actor, "release", items=items, text_ref=request.command.reason)


def _only_theirs(state: CaseState, items: list[str]) -> Refusal | None:
    """Refuse to release an agreed action for the complainant: it outlives all but its evidence and their own
    release (`sources.md` 80).
    """
    if state.pinned.settlement.actions_released_by != "customer":
        return None
    agreed = [one.action_id for one in state.actions if one.action_id in items]
    return refuse(refusals.RELEASED_BY_CUSTOMER, items=", ".join(agreed)) if agreed else None


def release_granted(state: CaseState, request: ApprovalRequested, now: datetime) -> Facts | Refusal:
    """Release with the consent of a second person; the complainant is notified of the released items."""
    if refusal := _not_open(state, request.items, "data.request_id"):
        return refusal
    let_go = _let_go(state, request.items, "second_person", request.text_ref)
    return [*let_go, *_released_notice(state, request.items)]


def _let_go(
    state: CaseState, items: list[str], by: Literal["customer", "second_person"], reason_ref: str | None
) -> Facts:
    """Facts of the release; an offer is withdrawn."""
    offers = _offers_back(state, items)
    return [Released(items=items, by=by, reason_ref=reason_ref), *offers]


def _offers_back(state: CaseState, items: list[str]) -> Facts:
    return [OfferWithdrawn(offer_id=o.made.offer_id) for o in state.open_offers if o.made.offer_id in items]


def _released_notice(state: CaseState, items: list[str]) -> list[Notification]:
    """Notice of the released items."""
    listed = _expected(state, items)
    if not listed:
        return []
    words = {"complaint_id": state.complaint_id}
    return [Notification(template="released", words=words, items={"items": listed})]


def _expected(state: CaseState, items: list[str]) -> list[Item]:
    """Items among them that the complainant was notified of, without the organisation's own tasks and
    requests.
    """
    names = [ANSWER] if exits.RESPONSE in items else []
    agreed = exits.agreed_for(state, items)
    offered = [exits.titled(state, o.made) for o in state.open_offers if o.made.offer_id in items]
    return [*(Item(title=dict(name)) for name in names), *agreed, *offered]


def _not_open(state: CaseState, items: list[str], field: str) -> Refusal | None:
    known = [item.id for item in exits.open_items(state)]
    unknown = [item for item in items if item not in known]
    if not unknown:
        return None
    listed = ", ".join(known) or refusals.NONE
    return refuse(refusals.ITEMS_NOT_OPEN, field=field, unknown=", ".join(unknown), known=listed)
