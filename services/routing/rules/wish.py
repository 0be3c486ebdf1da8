"""Soft rules of the choice of an owner: what decides between people who may own a complaint. Pure.

A rule with a time binds until the complaint has waited for it that long; then, and without a time, it only
decides between people who are there. The first rule of the pack's order is the first to be left out
(`sources.md` F33).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from shared.contract.values import Instant
from shared.policy.house import House, Moment
from shared.policy.models import Pack
from shared.policy.people import Person, least_skill
from shared.policy.roster import Relaxation, SoftRule


class Wish(BaseModel):
    """Properties of a complaint that decide between people. `since`: it waits in the queue from then on."""

    severity: int = 1
    vip: bool = False
    team: str = ""
    skills: list[str] = Field(default_factory=list)
    """Codes in which its owner should have skills, such as its category."""
    former: str | None = None
    """Owner of the last complaint of the same customer."""
    since: Instant | None = None


class Choice:
    """Soft rules for one complaint at one instant."""

    def __init__(self, pack: Pack, house: House, wish: Wish, now: datetime) -> None:
        self._house, self._wish = house, wish
        self._least = least_skill(pack, wish.severity)
        self._skills = [one for one in wish.skills if one in house.skills]
        self._waited = max(now - wish.since, timedelta()) if wish.since else timedelta()
        self._now, self._rules = now, pack.assignment.relax

    def holds(self, rule: SoftRule, person: Person) -> bool:
        """Whether this person is as the rule wishes."""
        match rule:
            case "team":
                return person.team == self._wish.team
            case "skill":
                own = self._house.staff[person.id].skills
                return all(own.get(one, 0) >= self._least for one in self._skills)
            case "same_owner":
                return person.id == self._wish.former

    def binding(self, able: Iterable[Person]) -> list[Relaxation]:
        """Rules that the complaint still waits for: those that some of these people meet, and some not."""
        able = list(able)
        early = [one for one in self._rules if one.after and self._waited < one.after.duration]
        return [one for one in early if len({self.holds(one.rule, person) for person in able}) == 2]

    def relaxed_at(self, binding: Iterable[Relaxation]) -> list[datetime]:
        """Instants at which these rules bind no longer."""
        since = self._wish.since or self._now
        return [since + one.after.duration for one in binding if one.after]

    def best(self, fit: list[Person], at: Moment) -> tuple[Person, list[str]]:
        """Choose the owner, with the reasons: rules that were left out, and what decided.

        Of equally loaded people, an important customer gets the most skilled one, any other the one
        whose last complaint is longest ago: so the mark takes nothing from others (`sources.md` F34, 119).
        """
        left, reasons = fit, list[str]()
        for one in reversed(self._rules):
            wished = [person for person in left if self.holds(one.rule, person)]
            if wished and one.rule == "same_owner":
                reasons.append(one.rule)
            elif not wished and self._meant(one.rule):
                reasons.append(f"{one.rule}_left_out")
            left = wished or left
        served = self._wish.vip and len({self._skill(person) for person in left}) > 1
        reasons += ["vip"] if served else []
        return min(left, key=lambda person: self._weight(person, at)), reasons

    def _meant(self, rule: SoftRule) -> bool:
        """Whether the complaint has this wish at all."""
        own = {"same_owner": self._wish.former, "skill": self._skills}
        return bool(own.get(rule, True))

    def _skill(self, person: Person) -> int:
        own = self._house.staff[person.id].skills
        return sum(own.get(one, 0) for one in self._skills)

    def _weight(self, person: Person, at: Moment) -> tuple[float, int, int, str]:
        share = at.load.get(person.id, 0) / self._house.staff[person.id].capacity
        skill = self._skill(person) if self._wish.vip else 0
        return share, -skill, at.turns.get(person.id, 0), person.id
