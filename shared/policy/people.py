"""People of a policy: their teams and roles, and the people that a complaint's words name. Pure."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

import orjson
from pydantic import BaseModel, Field

from shared.contract.values import Concerned, folded
from shared.policy.departments import Department
from shared.policy.models import Pack
from shared.policy.obligation import PackModel
from shared.policy.roster import Role, Staff, Team

GRAVEST = 5
WORD = re.compile(r"[a-z0-9_.-]*[a-z0-9_]")


class Person(BaseModel):
    """Member of staff as a case needs them. `units`: the teams that they belong to or lead.

    `languages` is None where they were not looked up. `up_to` is the gravest severity that they may own.
    `present` and `room` are as of the look-up: at work, and fewer open complaints than their capacity.
    """

    id: str
    role: Role
    team: str
    units: list[str] = Field(default_factory=list)
    languages: list[str] | None = None
    up_to: int = 5
    present: bool = True
    room: bool = True


def person(pack: Pack, staff: str) -> Person | None:
    """Person with this id; None for an id that the policy does not have."""
    found = next((one for one in pack.staff if one.id == staff), None)
    if found is None:
        return None
    led = {team.id for team in pack.teams if team.lead == staff}
    return Person(
        id=found.id,
        role=found.role,
        team=found.team,
        units=sorted({found.team} | led),
        languages=list(found.languages),
        up_to=up_to(pack, found),
    )


def up_to(pack: Pack, staff: Staff) -> int:
    """Gravest severity that this person may own (`sources.md` 67); any without a level."""
    return next((level.up_to for level in pack.levels if level.id == staff.level), GRAVEST)


def people(pack: Pack) -> dict[str, Person]:
    """All people of the policy, by their ids."""
    found = (person(pack, one.id) for one in pack.staff)
    return {one.id: one for one in found if one}


def units(pack: Pack) -> list[str]:
    """Ids of all teams and departments."""
    return [*(one.id for one in pack.teams), *(one.id for one in pack.departments)]


def heads(pack: Pack, wanted: Iterable[str]) -> dict[str, list[str]]:
    """People who answer for these teams and departments, first the lead, then the person above."""
    found = {one.id: [one.lead, one.head] for one in pack.departments}
    found |= {one.id: [one.lead, one.manager] for one in pack.teams}
    return {unit: found[unit] for unit in wanted if unit in found}


def roster_id(pack: Pack) -> str:
    """Identity of the roster: equal for two policies whose people have the same teams, roles and hours."""
    said = [one.model_dump(mode="json") for one in _members(pack)]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _members(pack: Pack) -> list[PackModel]:
    return [*pack.teams, *pack.departments, *pack.staff, *pack.levels, *pack.shifts, *pack.escalation_levels]


def least_skill(pack: Pack, severity: int) -> int:
    """Level that a skill must have at least, for a complaint of this severity."""
    return pack.assignment.skill_level.get(severity, 1)


class Names:
    """Finder of the people and units of a policy in words about them."""

    def __init__(self, pack: Pack) -> None:
        self._staff = {folded(one.id): one.id for one in pack.staff}
        named: list[Team | Department] = [*pack.teams, *pack.departments]
        titles = {folded(title): unit.id for unit in named for title in unit.title.values()}
        self._skills = {folded(one): one for one in pack.skills}
        self._units = titles | {folded(unit.id): unit.id for unit in named}

    def known(self, words: str | None) -> str | None:
        """Id that is meant, where the whole text is one; else the text itself."""
        if words is None:
            return None
        key = folded(words)
        return self._staff.get(key) or self._units.get(key) or words

    def skills(self, words: str | None) -> list[str]:
        """Skills of the policy, such as products, whose codes occur in these words."""
        tokens = {*WORD.findall(folded(words or "")), folded(words or "")}
        return sorted(own for name, own in self._skills.items() if name in tokens)

    def concerned(self, words: Iterable[str | None]) -> Concerned:
        """All staff whose ids occur in these words, and the units whose id or title does."""
        staff: set[str] = set()
        units: set[str] = set()
        for one in words:
            words = folded(one or "")
            tokens = {*WORD.findall(words), words}
            staff |= {own for name, own in self._staff.items() if name in tokens or _occurs_in(name, words)}
            units |= {own for name, own in self._units.items() if name in tokens or _occurs_in(name, words)}
        return Concerned(staff=sorted(staff), units=sorted(units))


def _occurs_in(name: str, words: str) -> bool:
    """Whether a name of more than one word, or of a script without blanks, occurs in these words."""
    return (" " in name or not name.isascii()) and name in words


def concerned_people(people: Mapping[str, Person], concerned: Concerned) -> set[str]:
    """Ids of all people concerned."""
    return {one.id for one in people.values() if concerned.holds(one.id, one.units)}
