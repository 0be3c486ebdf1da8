"""Authority: how much a role may grant alone (`concepts.md` 81)."""

from services.routing.rules.state import CaseState
from shared.contract.values import Money


def may_grant(state: CaseState, role: str, amount: Money | None) -> bool:
    """Whether `role` may grant `amount` without asking; no amount needs no authority."""
    if amount is None:
        return True
    limits = state.pinned.authority.get(role, {})  # type: ignore[call-overload]
    limit = limits.get(str(amount.currency))
    return limit is not None and amount.amount <= limit


def who_may(state: CaseState, amount: Money | None, asker: str) -> str | None:
    """The first person up the chain, other than the one who asks, who may grant it."""
    for role in ("lead", "manager"):
        if may_grant(state, role, amount) and state.pinned.chain.at(role) != asker:
            return state.pinned.chain.at(role)
    return None
