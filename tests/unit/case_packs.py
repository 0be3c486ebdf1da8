"""Policies for tests: the default pack with something changed."""

from dataclasses import replace
from typing import Any

from shared.contract.values import PolicyId
from shared.policy.kept import hash_of
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.obligation import Obligation
from shared.policy.roster import Role, Staff, Team
from tests.unit.cases import policy


def _changed(**update: Any) -> Policy:
    return replace(policy(), pack=policy().pack.model_copy(update=update))


def with_obligations(*more: dict[str, Any]) -> Policy:
    """Default pack with further obligations; missing fields have usual values."""
    usual: dict[str, Any] = {"regime": "test", "version": "1", "title": {"en": "A test", "zh": "测试"}}
    added = [Obligation.model_validate(usual | one) for one in more]
    return _changed(obligations=[*policy().pack.obligations, *added])


def person(staff_id: str, role: Role, team: str = "one", capacity: int = 50) -> Staff:
    return Staff(id=staff_id, role=role, team=team, languages=["zh"], capacity=capacity)


def with_people(*staff: Staff) -> Pack:
    """Pack of `policy_of`."""
    return policy_of(*staff).pack


def policy_of(*staff: Staff) -> Policy:
    """Default pack with these people only; each team has its own lead and manager where there is one."""
    teams = [
        Team(
            id=team,
            categories=["product", "service", "price", "policy"],
            lead=_first(staff, team, "lead"),
            manager=_first(staff, team, "manager"),
            title={"en": team},
        )
        for team in dict.fromkeys(p.team for p in staff)
    ]
    return _changed(staff=list(staff), teams=teams)


def _first(staff: tuple[Staff, ...], team: str, role: Role) -> str:
    there = [p.id for p in staff if p.role == role and p.team == team]
    return (there or [p.id for p in staff if p.role == role])[0]


VISIT: dict[str, Any] = {
    "id": "visit",
    "starts": "received",
    "met_by": ["resolved"],
    "budget": {"clock": "elapsed", "amount": "200h"},
    "warn_at": [10, 90],
}
"""Obligation that the default pack does not have."""

LONGER, SHORTER = (
    {"budget": {"clock": "business_days", "amount": amount}, "by_severity": {}} for amount in ("20d", "2d")
)
"""Other terms for one that it has."""


def edited(*, without: str = "", more: tuple[dict[str, Any], ...] = (), **changes: dict[str, Any]) -> Policy:
    """Default pack with obligations changed by id, one left out, others added: a new hash."""
    kept = [o for o in policy().pack.obligations if o.id != without]
    changed = [Obligation.model_validate(o.model_dump() | changes.get(o.id, {})) for o in kept]
    usual: dict[str, Any] = {"regime": "test", "version": "1", "title": {"en": "A test", "zh": "测试"}}
    obligations = [*changed, *(Obligation.model_validate(usual | one) for one in more)]
    pack = policy().pack.model_copy(update={"obligations": obligations})
    another = replace(policy(), pack=pack)
    return replace(another, identity=PolicyId(id="default", hash=hash_of(another.content)))
