"""People above the owners of complaints, level by level. Pure."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from shared.contract.values import NOBODY, HeldLevel
from shared.policy.models import Pack
from shared.policy.roster import Staff, Team, supervises

OWNER = "owner"


class Chain(BaseModel):
    """People accountable above the owner, level by level; without those concerned by the complaint.

    A level of which no such person is left has the value `nobody`.
    """

    lead: str = NOBODY
    manager: str = NOBODY
    above: list[HeldLevel] = Field(default_factory=list)
    """Higher levels, from the lowest."""

    @property
    def held(self) -> dict[str, str]:
        """Person of each level, from the lowest."""
        return {"lead": self.lead, "manager": self.manager} | {one.level: one.person for one in self.above}

    @property
    def levels(self) -> list[str]:
        """Levels from the lowest."""
        return [*self.held]

    @property
    def people(self) -> list[str]:
        """People from the lowest level up, each once, without `nobody`."""
        return [one for one in dict.fromkeys(self.held.values()) if one != NOBODY]

    def at(self, role: str) -> str:
        """Person of this level; of a level that the roster no longer has, the highest person."""
        if not supervises(role):
            return self.lead
        return self.held.get(role, ([NOBODY, *self.people])[-1])

    def level(self, role: str) -> int:
        """Number of the level: 0 below the lead, 1 for the lead, and so on."""
        if not supervises(role):
            return 0
        return self.levels.index(role) + 1 if role in self.levels else len(self.levels)

    def held_by(self, person: str) -> int:
        """Number of the highest level that this person has; 0 for none."""
        found = [number for number, one in enumerate(self.held.values(), 1) if one == person != NOBODY]
        return max(found, default=0)

    def reached(self, level: int) -> tuple[int, str]:
        """Lowest level from this one up of which a person is there, with that person, or `nobody`.

        Level 0 has no person of its own.
        """
        above = [(number, one) for number, one in enumerate(self.held.values(), 1) if number >= level]
        return next((found for found in above if level and found[1] != NOBODY), (level, NOBODY))

    def nearest(self, level: int) -> str:
        """Person of this level, or of the next lower one that has a person, or `nobody`."""
        below = [one for one in [*self.held.values()][:level] if one != NOBODY]
        return below[-1] if below else NOBODY


def chain_of(pack: Pack, team: Team, people: Iterable[Staff]) -> Chain:
    """Chain above the members of a team: its own people, or else others of their level.

    A lead or manager may be replaced by any other supervisor, the nearest first. A higher level has a person
    of its own or `nobody`, and is passed over. No person is on two levels while
    there are two people for them.
    """
    above = [one for one in people if supervises(one.role)]
    own, taken = {"lead": team.lead, "manager": team.manager} | team.above, list[str]()
    for level in pack.rungs:
        taken.append(_holder(pack.rungs, above, level, own.get(level, ""), taken))
    return as_chain(dict(zip(pack.rungs, taken, strict=True)))


def as_chain(held: dict[str, str]) -> Chain:
    """Chain of these people by their levels, from the lowest."""
    higher = [HeldLevel(level=level, person=one) for level, one in held.items() if level not in FIRST]
    return Chain(lead=held["lead"], manager=held["manager"], above=higher)


def answering(pack: Pack, team: Team) -> set[str]:
    """All people above the members of a team; of a higher level all its people where the team names none."""
    found = {team.lead, team.manager}
    for level in pack.rungs[2:]:
        named = team.above.get(level)
        found |= {named} if named else {one.id for one in pack.staff if one.role == level}
    return found


FIRST = ("lead", "manager")
"""Levels that every team has."""


def may_hold(role: str, level: str, *, taken: bool = False) -> bool:
    """Whether a supervisor of this role may be at a level: above the managers only people of that role."""
    return level in FIRST or (not taken and role == level)


def _holder(rungs: list[str], above: list[Staff], level: str, own: str, taken: list[str]) -> str:
    number = rungs.index(level)
    able = [one for one in above if may_hold(one.role, level, taken=one.id in taken)]

    def order(one: Staff) -> tuple[bool, bool, bool, bool, int]:
        away = _rank(rungs, one.role) - number
        return one.id in taken, one.role != level, one.id != own, away < 0, abs(away)

    return min(able, key=order).id if able else NOBODY


def _rank(rungs: list[str], role: str) -> int:
    return rungs.index(role) if role in rungs else -1
