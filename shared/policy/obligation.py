"""Deadlines as a pack says them: obligations, the rungs of their ladders, and the regimes they come from."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.clocks.budget import Budget
from shared.clocks.calendar import Shifts, Weekday, Zone

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Language = Literal["zh", "en"]
Words = dict[Language, str]
Severity = Annotated[int, Field(ge=1, le=5)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class PackModel(BaseModel):
    """An entry of a pack. Loading one refuses unknown fields; reading an old history does not."""

    model_config = ConfigDict(frozen=True)


class AnnouncedYear(PackModel):
    """A year as the authorities announced it, whole: its days off, and the days that are worked for them."""

    holidays: Annotated[list[date], Field(min_length=1)]
    make_up_days: list[date] = Field(default_factory=list)


class WorkingHours(PackModel):
    """The working calendar of a pack or a regime, made into dates when the pack is loaded.

    `country` is an ISO 3166 code, with a subdivision where that matters: CN, GB-ENG. `shifts` are hours
    of the local day by weekday, 0 is Monday; a shift over midnight belongs to the day on which it begins.
    Make-up days have Monday's, or those that `make_up_shifts` gives them by date.
    `published`: the last year whose holidays are certain, where that is before `last_year`. China's
    make-up days say so by themselves. `announced`: years that the country's data do not have yet; such a year
    is certain. `holidays` and `make_up_days`: the organisation's own, over all others.
    """

    id: Id | None = None
    country: str
    zone: Zone
    shifts: dict[Weekday, Shifts]
    first_year: Year
    last_year: Year
    published: Year | None = None
    announced: dict[Year, AnnouncedYear] = Field(default_factory=dict)
    holidays: list[date] = Field(default_factory=list)
    make_up_days: list[date] = Field(default_factory=list)
    make_up_shifts: dict[date, Shifts] = Field(default_factory=dict)


class Step(PackModel):
    """One rung of an escalation ladder.

    A rung with `before` is a reminder so long before the due instant. The first of the others comes at
    the breach or `after` it, each further one `after` the rung before; `repeat` goes on so. At a rung for
    a higher role than the owner's that person becomes accountable; `copy_to` are only told. `name` is
    what the fact gives as its reason.
    """

    name: Id | None = None
    before: Budget | None = None
    after: Budget | None = None
    to: Literal["owner", "lead", "manager"]
    copy_to: list[Literal["lead", "manager"]] = Field(default_factory=list)
    repeat: bool = False


class Obligation(PackModel):
    """A deadline that every complaint carries (design: Clocks).

    `starts` and `met_by` are names of facts; `budget` counts from the complainant's `received_at` for
    `received`, and from the fact's own instant for any other start. `by_severity` replaces the budget.
    `calendar` is the id of its regime's calendar, absent where that is the pack's own. `restarted_by`: facts
    that set the clock anew while it runs, and meet it late and start another once it is breached; a notice
    of the `silent_notices` does neither, since it says nothing of where things stand.

    `counts_from`: `first_receipt` counts from the complainant's first word through all cycles, whatever
    `starts` it; a deadline of a regime that starts with `received` does so unless the regime says otherwise.
    `cycle` counts anew in each cycle. `waits_at_most`: all waits that it stands still in, in the time of its
    clock. A window (`duty: false`) only informs: it ends, and is never breached.
    """

    id: Id
    regime: Id
    version: str
    starts: str
    budget: Budget
    by_severity: dict[Severity, Budget] = Field(default_factory=dict)
    warn_at: list[Annotated[int, Field(gt=0, lt=100)]] = Field(default_factory=list)
    met_by: Annotated[list[str], Field(min_length=1)]
    restarted_by: list[str] = Field(default_factory=list)
    silent_notices: list[Id] = Field(default_factory=list)
    counts_from: Literal["first_receipt", "cycle"] = "cycle"
    duty: bool = True
    pausable: bool = False
    waits_at_most: Budget | None = None
    extendable: bool = False
    ladder: list[Step] = Field(default_factory=list)
    calendar: Id | None = None
    title: Words

    @property
    def from_receipt(self) -> bool:
        """Whether it counts from the first receipt through all cycles."""
        return self.counts_from == "first_receipt"

    def budget_at(self, severity: int) -> Budget:
        """How much time a complaint of this severity has."""
        return self.by_severity.get(severity, self.budget)


class Standard(PackModel):
    """An objective standard that offers, refusals and decisions cite (`sources.md` 73)."""

    id: Id
    version: str
    source: str
    title: Words


class Regime(PackModel):
    """The deadlines of one authority, in a version, on its own calendar, and the standards that it sets."""

    id: Id
    version: str
    title: Words
    source: str
    calendar: WorkingHours
    obligations: Annotated[list[Obligation], Field(min_length=1)]
    standards: list[Standard] = Field(default_factory=list)
    recourse: Words = Field(default_factory=dict)
    """Where it lets the complainant turn; told at every end of a complaint that it applied to."""
