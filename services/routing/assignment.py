"""The first owner: able, not over capacity, least loaded, and never the one complained about. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contract.events import Received
from shared.contract.values import Category
from shared.policy.models import SUPERVISORS, Pack, Role, Staff, Team
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
    people = without_interest(pack, received)
    lead = _above(people, "lead", team.lead)
    chain = Chain(lead=lead, manager=_above(people, "manager", team.manager, taken=lead))
    language = received.language.split("-")[0]
    agents = [person for person in people if person.role == "agent"]
    team_mates = [person for person in agents if person.team == team.id] or agents
    able = [person for person in team_mates if language in person.languages] or team_mates
    free = [person for person in able if load.get(person.id, 0) < person.capacity]
    owner = min(free, key=lambda p: (load.get(p.id, 0) / p.capacity, p.id)).id if free else chain.lead
    return Assignment(owner, team.id, chain)


def without_interest(pack: Pack, received: Received) -> list[Staff]:
    """Who handles complaints and is neither the person complained about nor in that unit (avoidance rule).

    Where a pack has no supervisor outside the unit, its other people have to do; the person never has.
    """
    handlers = [p for p in pack.staff if p.role != "privacy" and p.id != received.about_staff]
    outside = [person for person in handlers if person.team != received.unit]
    return outside if any(person.role in SUPERVISORS for person in outside) else handlers


def _team(pack: Pack, category: Category, avoided: str | None) -> Team:
    """The team for the category; not the unit that the complaint is about."""
    others = [team for team in pack.teams if team.id != avoided] or pack.teams
    return next((team for team in others if category in team.categories), others[0])


def _above(people: list[Staff], role: Role, own: str, taken: str = "") -> str:
    """The team's own lead or manager; else another of that role, else another supervisor.

    Nobody stands on two rungs while there are two people for them.
    """
    supervisors = [person for person in people if person.role in SUPERVISORS] or people
    return min(supervisors, key=lambda p: (p.id == taken, p.role != role, p.id != own)).id
