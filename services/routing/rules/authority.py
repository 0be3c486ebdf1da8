"""Authority: how much a role may grant alone, and who decides where it may not (`sources.md` 81)."""

from decimal import Decimal
from typing import NamedTuple

from services.routing.rules.state import Approval, CaseState
from shared.contract.events import ApprovalRequested
from shared.contract.values import NOBODY, Actor, Money
from shared.policy.chains import Chain


class Above(NamedTuple):
    """Person who is asked, and the least role of a person who may decide in their place."""

    to: str
    role: str


def may_grant(state: CaseState, role: str, amount: Money | None) -> bool:
    """Whether `role` may grant `amount` without asking; no amount needs no authority."""
    if amount is None:
        return True
    return bool(amount.within(state.pinned.limits_of(role)))


def usable(state: CaseState) -> str:
    """Currencies in which a person of the chain may grant money, with the highest amount."""
    limits = dict[str, Decimal]()
    for role in state.chain.levels:
        for currency, limit in state.pinned.limits_of(role).items():
            limits[currency] = max(limit, limits.get(currency, limit))
    return ", ".join(f"{currency} up to {limit}" for currency, limit in limits.items()) or "none"


def is_usable(state: CaseState, amount: Money) -> bool:
    """Whether a person of the chain may grant money of this currency."""
    return any(amount.currency in state.pinned.limits_of(role) for role in state.chain.levels)


def who_may(state: CaseState, amount: Money | None, asker: str, least: str | None = None) -> str | None:
    """First person up the chain, other than the asker, who may grant it; `least` is the least role."""
    wanted = _Wanted(amount, asker, least)
    return next((who for who, role in _chain(state) if _able(state, who, role, wanted)), None)


def asked_next(state: CaseState, approval: Approval, rung: str) -> str:
    """Person who is asked after the person who did not decide: the person on this rung of the ladder, else a
    deputy, else another person of the chain. Never the asker, nor a person who may not grant it.
    """
    request = approval.request
    wanted = _Wanted(request.amount, state.present_id(request.asked_by), request.least_role)
    silent, above = approval.asked or request.to, state.chain.at(rung)
    deputy = state.people.instead.get(above)
    near = [above, deputy.id if deputy else above]
    level = state.chain.level(rung)

    def order(one: tuple[str, str]) -> int:
        return near.index(one[0]) if one[0] in near else 2 + (state.chain.level(one[1]) < level)

    line = sorted(_chain(state), key=order)
    able = [who for who, role in line if _able(state, who, role, wanted)]
    return next((who for who in able if who != silent), (able or [above])[0])


class _Wanted(NamedTuple):
    """Request that a person must be able to grant."""

    amount: Money | None
    asker: str
    least: str | None


def _chain(state: CaseState) -> list[tuple[str, str]]:
    """People of the chain from below, then those who are asked in their place, with their roles."""
    chain = [(person, role) for role, person in state.chain.held.items()]
    others = (state.people.instead.get(who) for who, _ in reversed(chain))
    return [*chain, *((one.id, str(one.role)) for one in others if one)]


def _able(state: CaseState, who: str, role: str, wanted: _Wanted) -> bool:
    enough = wanted.least is None or state.chain.level(role) >= state.chain.level(wanted.least)
    return enough and may_grant(state, role, wanted.amount) and who not in (wanted.asker, NOBODY)


def one_level_up(state: CaseState, asker: Actor) -> Above | None:
    """Next in the chain above the asker; at the top, another person of the chain. None where there is no
    other.
    """
    others = [Above(person, role) for role, person in state.chain.held.items()]
    others = [one for one in others if one.to not in (asker.id, NOBODY)]
    higher = [one for one in others if state.chain.level(one.role) > state.chain.level(asker.role)]
    asked = higher or others[::-1]
    return asked[0] if asked else None


def may_decide(chain: Chain, actor: Actor, request: ApprovalRequested, asked: str | None = None) -> bool:
    """Whether this supervisor may agree: the person who was asked, or one with the least role or a higher
    role.

    `asked` is the person who was asked after the first had not decided in time.
    """
    least = request.least_role
    return least is None or actor.id in (request.to, asked) or chain.level(actor.role) >= chain.level(least)
