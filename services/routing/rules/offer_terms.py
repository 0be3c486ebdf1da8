"""Terms of an offer: its value, whether one person may make it alone, and the request to others if not.

Sources: `sources.md` 70, 71, 79, 81.
"""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from services.routing import refusals
from services.routing.rules.authority import may_grant, one_level_up, usable, who_may
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.leadership import given_way
from services.routing.rules.never_worse import compared
from services.routing.rules.state import CaseState
from services.routing.rules.worth import band_of, outside_band, value_of
from shared.contract.commands import MakeOffer
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ApprovalRequested, ForOffer, OfferMade, PreparedOption
from shared.contract.values import Actor

Reason = Literal["over_authority", "going_back", "not_comparable"]


class Weighed(NamedTuple):
    """Terms of an offer, and the reasons for which its owner may not make it alone.

    `below` is the earlier offer that it is worse than, or cannot be compared with.
    """

    terms: ForOffer
    reasons: list[Reason]
    below: str | None = None


def terms_of(terms: ForOffer) -> dict[str, Any]:
    """Fields of these terms, for another fact."""
    return {name: getattr(terms, name) for name in ForOffer.model_fields}


def weigh(
    state: CaseState, request: ActorCommand[MakeOffer], option: PreparedOption, now: datetime
) -> Weighed | Refusal:
    """Weigh an offer against all earlier offers, the authority of its owner and the band of the policy."""
    command, reasons = request.command, list[Reason]()
    found = compared(state, option, now, conditions=command.conditions is not None)
    if found.worse_than and command.why_worse is None:
        return refuse(refusals.EARLIER_WAS_BETTER, earlier=found.worse_than)
    reasons += ["going_back"] if found.worse_than else ["not_comparable"] if found.unknown_to else []
    if not (may_grant(state, request.actor.role, option.amount) or given_way(state)):
        reasons.append("over_authority")
        if who_may(state, option.amount, request.actor.id) is None:
            return refuse(refusals.ABOVE_EVERY_LIMIT, limits=usable(state))
    value = value_of(state, option.remedy, option.amount, now)
    outside = None if given_way(state) else outside_band(state, value.worth, now)
    if outside and command.why_outside is None:
        return _no_reason(state, now)
    terms = ForOffer(
        value=value.worth,
        rates=value.rates,
        conditions_ref=command.conditions,
        outside=outside,
        why_outside_ref=command.why_outside if outside else None,
    )
    return Weighed(terms, reasons, found.worse_than or found.unknown_to)


def _no_reason(state: CaseState, now: datetime) -> Refusal:
    limits = band_of(state, now)
    assert limits is not None
    least, most = limits
    return refuse(refusals.OUTSIDE_BAND, least=least.value, most=most.value, currency=most.currency)


def ask_for_offer(
    state: CaseState, made: OfferMade, weighed: Weighed, asker: Actor, why_worse: str | None
) -> Decision | Refusal:
    """Request for an offer that one person may not make alone. The complainant is notified of nothing."""
    back = "going_back" in weighed.reasons
    above = one_level_up(state, asker) if back else None
    least = above.role if above else None
    approver = who_may(state, made.amount, asker.id, least)
    if approver is None:
        return refuse(ErrorCode.NEEDS_SECOND_PERSON, field="actor.id")
    request = ApprovalRequested(
        request_id=f"approval-{len(state.approvals) + 1}",
        what="offer",
        to=approver,
        asked_by=asker.id,
        least_role=least,
        amount=made.amount,
        option_id=made.option_id,
        standards=made.standards,
        expires_at=made.expires_at,
        text_ref=made.text_ref,
        reasons=weighed.reasons,
        below=weighed.below,
        why_worse_ref=why_worse if back else None,
        **terms_of(made),
    )
    return Decision([request], {"request_id": request.request_id, "to": approver})
