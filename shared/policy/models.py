"""What a policy pack says. Every model refuses fields that it does not know."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.clocks.budget import Budget
from shared.contract.values import Category, Motive, Style

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Language = Literal["zh", "en"]
Words = dict[Language, str]
Role = Literal["agent", "lead", "manager", "privacy"]
Severity = Annotated[int, Field(ge=1, le=5)]

SUPERVISORS: tuple[Role, ...] = ("lead", "manager")


class PackModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shifts(PackModel):
    """The working calendar of the pack, resolved to dates when the pack is loaded."""

    country: str
    zone: str
    shifts: dict[int, list[tuple[str, str]]]
    first_year: int
    last_year: int


class Step(PackModel):
    """One rung of an escalation ladder: at the breach, or `after` the rung before; `repeat` goes on so."""

    after: Budget | None = None
    to: Literal["lead", "manager"]
    repeat: bool = False


class Obligation(PackModel):
    """A deadline that every complaint carries (design: Clocks).

    `starts` and `met_by` are names of facts; `budget` counts from the complainant's `received_at` for
    `received`, and from the fact's own instant for any other start. `by_severity` replaces the budget.
    """

    id: Id
    regime: Id
    version: str
    starts: str
    budget: Budget
    by_severity: dict[Severity, Budget] = Field(default_factory=dict)
    warn_at: list[Annotated[int, Field(gt=0, lt=100)]] = Field(default_factory=list)
    met_by: list[str]
    pausable: bool = False
    extendable: bool = False
    ladder: list[Step] = Field(default_factory=list)
    title: Words


class Limits(PackModel):
    """Budgets of the smaller clocks."""

    approval: Budget
    transfer: Budget
    offer: Budget
    longest_offer: Budget
    longest_pause: Budget
    first_answer: Budget
    """The waiting time that the acknowledgement promises (`concepts.md` 51)."""


class Standard(PackModel):
    """An objective standard that offers, refusals and decisions cite (`concepts.md` 73)."""

    id: Id
    version: str
    source: str
    title: Words


class Action(PackModel):
    """What has to be done when a remedy is agreed."""

    what: Id
    within: Budget


class Remedy(PackModel):
    """A kind of redress and the actions that it takes (`concepts.md` 60)."""

    id: Id
    money: bool
    answers: list[Motive]
    actions: Annotated[list[Action], Field(min_length=1)]
    title: Words


class Team(PackModel):
    """A team answers for categories; its lead and manager stand above its agents."""

    id: Id
    categories: list[Category]
    lead: str
    manager: str
    title: Words


class Staff(PackModel):
    """One member of staff. `capacity` is how many open complaints they can carry."""

    id: str
    role: Role
    team: Id
    languages: list[Language]
    capacity: Annotated[int, Field(ge=1)] = 50


class SeverityTable(PackModel):
    """Points that add up to a severity of 1 to 5 (`concepts.md` 15)."""

    id: Id
    base: int
    loss_from: dict[Decimal, int]
    """Points for a loss of at least so much, whatever the currency."""
    style: dict[Style, int]
    broken_promise: int
    hint_counts: bool
    safety: Severity
    """Safety alone makes it at least this."""


class Lexicon(PackModel):
    """Words that point to a category, a motive, a style or danger, in both languages."""

    categories: dict[Category, list[str]]
    motives: dict[Motive, list[str]]
    styles: dict[Style, list[str]]
    safety: list[str]


class Callbacks(PackModel):
    """The follow-up plan (`concepts.md` 86 to 88)."""

    after_days: Annotated[int, Field(ge=0)]
    attempts: Annotated[int, Field(ge=1, le=10)]
    satisfied_from: Annotated[int, Field(ge=2, le=5)]
    most_reopenings: Annotated[int, Field(ge=0)]


class Pack(PackModel):
    """A whole policy pack."""

    id: Id
    version: str
    language: Language
    calendar: Shifts
    obligations: Annotated[list[Obligation], Field(min_length=1)]
    limits: Limits
    standards: Annotated[list[Standard], Field(min_length=1)]
    remedies: Annotated[list[Remedy], Field(min_length=2)]
    authority: dict[Role, dict[str, Decimal]]
    teams: Annotated[list[Team], Field(min_length=1)]
    staff: Annotated[list[Staff], Field(min_length=3)]
    severity: SeverityTable
    lexicon: Lexicon
    callbacks: Callbacks
    feedback: dict[Annotated[int, Field(ge=1, le=6)], list[Literal["lead", "manager"]]]
    notices: dict[Id, Words]
    """What complainants are told: `$words` in braces are filled in; see `wording`."""
