"""Models of the people in a policy pack: teams, staff, seniority, shifts, and how complaints find an owner.

Everything but a person's id, role, team and languages is optional. A person without shifts is always on
shift, one without a level may own any severity.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from shared.clocks.amounts import Budget, Clock
from shared.clocks.calendar import Shifts, Weekday, Zone
from shared.contract.values import Category
from shared.policy.obligation import Id, PackModel, Severity, Words

Role = Id
"""Role of a person: one of `BELOW`, or the id of one of the pack's `escalation_levels`."""

BELOW: tuple[Role, ...] = ("agent", "privacy", "department")
HANDLING_NONE: tuple[Role, ...] = ("privacy", "department")
OTHERS = ("owner", "customer", "system", "amends", "approver", "nobody", "")
"""Names in the place of a role or a person that no level may have."""


def supervises(role: str) -> bool:
    """Whether a person of this role is above agents: of any of the escalation levels."""
    return role not in BELOW and role not in OTHERS


Spoken = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""Code of a language, as complaints have it before a hyphen: zh, en, yue."""

SkillLevel = Annotated[int, Field(ge=1, le=5)]
SoftRule = Literal["same_owner", "skill", "team"]
"""Rules that a choice of an owner may leave out in the end."""


class EscalationLevel(PackModel):
    """Level above agents, up to which complaints go; its id is the role of its people (`sources.md` 67)."""

    id: Role
    title: Words


def usual_levels() -> list[EscalationLevel]:
    """Lead and manager of the team, with whom every list of levels begins."""
    return [
        EscalationLevel(id="lead", title={"zh": "主管", "en": "Lead"}),
        EscalationLevel(id="manager", title={"zh": "经理", "en": "Manager"}),
    ]


class Team(PackModel):
    """Team that answers for categories. Its lead and manager are above its agents.

    `above` names its person of a higher level; without one any person of that level answers for it.
    """

    id: Id
    categories: list[Category]
    lead: str
    manager: str
    above: dict[Role, str] = Field(default_factory=dict)
    title: Words


class Level(PackModel):
    """Level of seniority. `above` is the next level up; the highest level has none.

    People of this level may own complaints up to the severity `up_to`.
    """

    id: Id
    above: Id | None = None
    up_to: Severity


class NamedShift(PackModel):
    """Shift that several people work: hours of the local day, by the weekday on which they begin."""

    id: Id
    hours: Annotated[dict[Weekday, Shifts], Field(min_length=1)]
    zone: Zone | None = None
    """Zone of the hours; absent: the zone of the person, or else that of the calendar."""


class Absence(PackModel):
    """Time in which a person is away. A date is the whole local day: with `until`, away to its end."""

    since: AwareDatetime | date
    until: AwareDatetime | date


class Staff(PackModel):
    """Member of staff. `capacity` is the number of open complaints that they can carry."""

    id: str
    role: Role
    team: Id
    languages: list[Spoken]
    capacity: Annotated[int, Field(ge=1)] = 50
    level: Id | None = None
    skills: dict[Id, SkillLevel] = Field(default_factory=dict)
    """Level, 1 to 5, in a category, a sub-code, a regime, or a code of `skills`, such as a product."""
    shifts: list[Id] = Field(default_factory=list)
    """Shifts of the pack that they work."""
    hours: dict[Weekday, Shifts] = Field(default_factory=dict)
    """Hours that they work besides, by the weekday on which they begin."""
    zone: Zone | None = None
    formerly: list[str] = Field(default_factory=list)
    """Ids that this person had before; what names one of them is theirs."""
    deputies: list[str] = Field(default_factory=list)
    """People who act for them while they are away: the first of these who can."""
    absences: list[Absence] = Field(default_factory=list)


def _exact(budget: Budget) -> Budget:
    if budget.clock != Clock.ELAPSED:
        raise ValueError("must be of the clock elapsed, since people come and go at any hour")
    return budget


Exact = Annotated[Budget, AfterValidator(_exact)]
"""Budget of elapsed time."""


class Relaxation(PackModel):
    """Soft rule of the choice, and the time in the queue after which it no longer counts.

    Without `after` no complaint waits for it: it only decides between people who are there now.
    """

    rule: SoftRule
    after: Exact | None = None


def _usual_order() -> list[Relaxation]:
    return [
        Relaxation(rule="same_owner"),
        Relaxation(rule="skill", after=Budget(clock=Clock.ELAPSED, amount="15m")),
        Relaxation(rule="team", after=Budget(clock=Clock.ELAPSED, amount="30m")),
    ]


class AssignmentTerms(PackModel):
    """Terms of the choice of an owner."""

    relax: list[Relaxation] = Field(default_factory=_usual_order)
    """Soft rules in the order in which they are left out. A rule that is not listed never counts."""
    skill_level: dict[Severity, SkillLevel] = Field(default_factory=dict)
    """Least level in a skill by severity; 1 where the severity is not listed."""
