"""Who is who in a policy: where people stand, and whom a complaint's own words mean. Pure."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

import orjson
from pydantic import BaseModel, Field

from shared.contract.values import Concerned, folded
from shared.policy.models import Pack, Role

WORD = re.compile(r"[a-z0-9_.-]*[a-z0-9_]")


class Person(BaseModel):
    """A member of staff as a case needs them. `units`: the teams that they belong to or lead."""

    id: str
    role: Role
    team: str
    units: list[str] = Field(default_factory=list)


def person(pack: Pack, staff: str) -> Person | None:
    """Who this is; None for somebody whom the policy does not have."""
    found = next((one for one in pack.staff if one.id == staff), None)
    if found is None:
        return None
    led = {team.id for team in pack.teams if team.lead == staff}
    return Person(id=found.id, role=found.role, team=found.team, units=sorted({found.team} | led))


def people(pack: Pack) -> dict[str, Person]:
    """Everybody of the policy, by their ids."""
    found = (person(pack, one.id) for one in pack.staff)
    return {one.id: one for one in found if one}


def roster_id(pack: Pack) -> str:
    """The same for two policies whose people stand in the same places."""
    said = [one.model_dump(mode="json") for one in (*pack.teams, *pack.staff)]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


class Names:
    """Finds the people and the units of a policy in what somebody says of them."""

    def __init__(self, pack: Pack) -> None:
        self._staff = {folded(one.id): one.id for one in pack.staff}
        titles = {folded(title): team.id for team in pack.teams for title in team.title.values()}
        self._units = titles | {folded(team.id): team.id for team in pack.teams}

    def known(self, said: str | None) -> str | None:
        """The id that is meant where the whole of what is said is one; else what was said."""
        if said is None:
            return None
        key = folded(said)
        return self._staff.get(key) or self._units.get(key) or said

    def concerned(self, said: Iterable[str | None]) -> Concerned:
        """All staff whose ids stand in these words, and the units whose id or title does."""
        staff: set[str] = set()
        units: set[str] = set()
        for one in said:
            words = folded(one or "")
            tokens = {*WORD.findall(words), words}
            staff |= {own for name, own in self._staff.items() if name in tokens or _stands_in(name, words)}
            units |= {own for name, own in self._units.items() if name in tokens or _stands_in(name, words)}
        return Concerned(staff=sorted(staff), units=sorted(units))


def _stands_in(name: str, words: str) -> bool:
    """Whether a name of more than one word, or of a script without blanks, stands in these words."""
    return (" " in name or not name.isascii()) and name in words


def concerned_people(people: Mapping[str, Person], concerned: Concerned) -> set[str]:
    """The ids of all who are concerned."""
    return {one.id for one in people.values() if concerned.holds(one.id, one.units)}
