"""The first owner: able, not over capacity, least loaded, and never the one complained about. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contract.events import Received
from shared.contract.values import Category
from shared.policy.models import Pack, Role, Staff, Team
from shared.policy.pinned import Chain


@dataclass(frozen=True)
class Assignment:
    """Who is accountable first, in which team, and who stands above."""

    owner: str
    team: str
    chain: Chain


def assign(pack: Pack, category: Category, received: Received, load: Mapping[str, int]) -> Assignment:
    """The owner for a complaint; `load` is how many open ones each member of staff has."""
    team = _team(pack, category, received.unit)
    chain = Chain(
        lead=_above(pack, team.lead, "lead", received.about_staff),
        manager=_above(pack, team.manager, "manager", received.about_staff),
    )
    language = received.language.split("-")[0]
    agents = [p for p in pack.staff if p.role == "agent" and p.id != received.about_staff]
    able = [p for p in agents if p.team == team.id and language in p.languages]
    fallback = [p for p in agents if p.team == team.id] or agents
    free = [p for p in able or fallback if load.get(p.id, 0) < p.capacity]
    owner = min(free, key=lambda p: (load.get(p.id, 0) / p.capacity, p.id)).id if free else chain.lead
    return Assignment(owner, team.id, chain)


def _team(pack: Pack, category: Category, avoided: str | None) -> Team:
    """The team for the category; not the unit that the complaint is about (avoidance rule)."""
    others = [team for team in pack.teams if team.id != avoided] or pack.teams
    return next((team for team in others if category in team.categories), others[0])


def _above(pack: Pack, person: str, role: Role, avoided: str | None) -> str:
    """The team's own lead or manager, or another of the same role if the complaint is about them."""
    if person != avoided:
        return person
    others: list[Staff] = [p for p in pack.staff if p.role == role and p.id != avoided]
    managers = [p for p in pack.staff if p.role == "manager" and p.id != avoided]
    return (others or managers)[0].id if others or managers else person
