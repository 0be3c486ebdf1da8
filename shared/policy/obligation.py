"""Deadlines in a pack: obligations, the rungs of their ladders, and their regimes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.clocks.amounts import Budget
from shared.clocks.calendar import Shifts, Weekday, Zone

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Language = Literal["zh", "en"]
Words = dict[Language, str]
Severity = Annotated[int, Field(ge=1, le=5)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class PackModel(BaseModel):
    """Entry of a pack. Loading a pack refuses unknown fields; reading an old history does not."""

    model_config = ConfigDict(frozen=True)


class AnnouncedYear(PackModel):
    """Whole year as the authorities announced it: its days off, and the days worked for them."""

    holidays: Annotated[list[date], Field(min_length=1)]
    make_up_days: list[date] = Field(default_factory=list)


class WorkingHours(PackModel):
    """Working calendar of a pack or a regime, made into dates when the pack is loaded.

    `country` is an ISO 3166 code, with a subdivision where holidays differ within the country: CN,
    GB-ENG. `shifts` are hours of the local day by weekday, 0 is Monday. A shift over midnight belongs to
    the day on which it begins. Make-up days have Monday's shifts, or those that `make_up_shifts` gives
    them by date.

    `published`: the last year whose holidays are certain, where that is before `last_year`. For China the
    make-up days show it. `announced`: years that the country's data do not have yet; such a year is
    certain. `holidays` and `make_up_days`: the organisation's own, over all others.
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
    """Rung of an escalation ladder.

    A rung with `before` is a reminder this long before the due instant. The first of the others comes at
    the breach or `after` it, each further rung `after` the rung before; `repeat` goes on with the same
    distance. At a rung for a higher role than the owner's, the person of that role becomes accountable.
    Those in `copy_to` are only notified. `name` is the reason that the fact gives. `to` is `owner` or one of
    the pack's `escalation_levels`, as those in `copy_to` are.
    """

    name: Id | None = None
    before: Budget | None = None
    after: Budget | None = None
    to: Id
    copy_to: list[Id] = Field(default_factory=list)
    repeat: bool = False


class Obligation(PackModel):
    """Deadline that every complaint has (`design: Clocks`).

    `starts` and `met_by` are names of facts. `budget` counts from the complainant's `received_at` for
    `received`, and from the fact's own instant for any other start. `by_severity` replaces the budget.
    `calendar` is the id of its regime's calendar; None means the pack's own.

    `restarted_by`: facts that set the clock anew while it runs. Once the clock is breached, they meet it
    late and start another. A notice of the `silent_notices` does neither, since it reports no progress.

    `counts_from`: `first_receipt` counts from the complainant's first message through all cycles,
    independent of `starts`. A deadline of a regime that starts with `received` does so, unless the regime
    sets another value. `cycle` counts anew in each cycle. `waits_at_most`: sum of all waits that pause
    it, in the time of its clock. A window (`duty: false`) only informs: it ends, and is never breached.
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
        """Time that a complaint of this severity has."""
        return self.by_severity.get(severity, self.budget)


StandardKind = Literal["law", "trade", "house_rule", "precedent"]


class Standard(PackModel):
    """Objective standard that offers, refusals and decisions cite (`sources.md` 73).

    It holds from `valid_from` to `valid_until`, both days included; without them it holds for ever. Versions
    of one `id` have times that do not overlap.
    """

    id: Id
    version: str
    source: str
    kind: StandardKind = "house_rule"
    """`precedent`: what comparable closed complaints got, as the record shows it at the citation."""
    valid_from: date | None = None
    valid_until: date | None = None
    title: Words
    text: Words = Field(default_factory=dict)
    """Words of the standard, in each language."""


class Regime(PackModel):
    """Deadlines of one authority, in a version, on its own calendar, and the standards that it sets."""

    id: Id
    version: str
    title: Words
    source: str
    calendar: WorkingHours
    obligations: Annotated[list[Obligation], Field(min_length=1)]
    standards: list[Standard] = Field(default_factory=list)
    recourse: Words = Field(default_factory=dict)
    """Bodies to which the complainant can turn. Named at every end of a complaint to which the regime
    applied.
    """
