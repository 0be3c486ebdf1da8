"""What a policy pack says. Loading a pack refuses fields that are not named here."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from shared.clocks.budget import Budget, Clock
from shared.contract.values import Category, Motive, Style
from shared.contract.values.numbers import is_currency
from shared.masking.masker import Kind
from shared.policy.obligation import (
    Id,
    Language,
    Obligation,
    PackModel,
    Regime,
    Severity,
    Standard,
    Step,
    Words,
    WorkingHours,
)
from shared.policy.record import RecordTerms

__all__ = [
    "SUPERVISORS",
    "Action",
    "Callbacks",
    "Duplicates",
    "Grumbles",
    "Lexicon",
    "Limits",
    "Obligation",
    "Pack",
    "RecordTerms",
    "Regime",
    "Remedy",
    "Role",
    "SeverityTable",
    "Staff",
    "Standard",
    "Step",
    "Team",
]

Role = Literal["agent", "lead", "manager", "privacy"]

SUPERVISORS: tuple[Role, ...] = ("lead", "manager")


def _known_currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError(f"{code!r} is no currency; allowed are codes of ISO 4217 such as CNY: {{CNY: ...}}")
    return code


CurrencyCode = Annotated[str, AfterValidator(_known_currency)]
"""The currency of the amounts under it: no threshold holds in another."""


class PromiseTerms(PackModel):
    """What happens around the end of a waiting time that the complainant was told (`sources.md` 51)."""

    warn_at: list[Annotated[int, Field(gt=0, lt=100)]] = Field(default_factory=list)
    ladder: list[Step] = Field(default_factory=list)


class Allowance(PackModel):
    """How much time may be given in sum: by one person `alone`, and `at_most` where a second one agrees."""

    alone: Budget
    at_most: Budget


def _usual_ladders() -> dict[str, list[Step]]:
    """Who is told when one of the smaller clocks runs out; a request goes to the next above, day by day."""
    day, two = Budget(clock=Clock.ELAPSED, amount="24h"), Budget(clock=Clock.ELAPSED, amount="48h")
    return {
        "approval": [Step(to="manager"), Step(to="manager", after=day, repeat=True)],
        "transfer": [Step(to="owner", copy_to=["lead"])],
        "action": [Step(to="owner", copy_to=["lead"]), Step(to="lead", after=day)],
        "task": [Step(to="owner", copy_to=["lead"]), Step(to="owner", after=two, copy_to=["manager"])],
    }


class Limits(PackModel):
    """Budgets of the smaller clocks, and what may be given of time."""

    approval: Budget
    transfer: Budget
    offer: Budget
    longest_offer: Budget
    longest_pause: Budget
    task: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="5d")
    """For a department's task that names no due instant of its own: none is without a clock."""
    waiting: Allowance = Allowance(
        alone=Budget(clock=Clock.ELAPSED, amount="28d"), at_most=Budget(clock=Clock.ELAPSED, amount="56d")
    )
    """All waits of a complaint together, through all cycles."""
    extensions: Allowance = Allowance(
        alone=Budget(clock=Clock.ELAPSED, amount="30d"), at_most=Budget(clock=Clock.ELAPSED, amount="90d")
    )
    """The extensions of one deadline together; `alone` is the first one, by one person."""
    answers_per_hour: Annotated[int, Field(ge=1)] = 10
    """So many notices in an hour that only answer the complainant's messages about one complaint."""
    first_answer: Budget
    """The waiting time that the acknowledgement promises (`sources.md` 51)."""
    ladders: dict[Literal["approval", "transfer", "action", "task"], list[Step]] = Field(
        default_factory=_usual_ladders  # type: ignore[arg-type]
    )
    """Who is told when an approval, the acceptance of a transfer, an action or a task runs out."""
    promise: PromiseTerms = Field(default_factory=PromiseTerms)

    def ladder_of(self, kind: str) -> list[Step]:
        """The ladder of one of the smaller clocks."""
        return next((ladder for one, ladder in self.ladders.items() if one == kind), [])


class Action(PackModel):
    """What has to be done when a remedy is agreed."""

    what: Id
    within: Budget


class Remedy(PackModel):
    """A kind of redress and the actions that it takes (`sources.md` 60)."""

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
    """Points that add up to a severity of 1 to 5 (`sources.md` 15)."""

    id: Id
    base: int
    loss_from: dict[CurrencyCode, dict[Decimal, int]]
    """By currency, the points for a loss of at least so much. An amount counts only in its own currency."""
    loss_not_comparable: Severity = 3
    """A loss in a currency without steps makes it at least this: nobody can say what it is worth."""
    style: dict[Style, int]
    hint_counts: bool
    safety: Severity
    """Safety alone makes it at least this."""


class Lexicon(PackModel):
    """Words that point to a category, a motive, a style or danger, in both languages."""

    categories: dict[Category, list[str]]
    motives: dict[Motive, list[str]]
    styles: dict[Style, list[str]]
    safety: list[str]
    harmless: list[str] = Field(default_factory=list)


def _usual_ladder() -> list[Step]:
    """The lead at once, and the manager two working days later."""
    return [Step(to="lead"), Step(to="manager", after=Budget(clock=Clock.BUSINESS_DAYS, amount="2d"))]


class Callbacks(PackModel):
    """The follow-up plan (`sources.md` 86 to 88)."""

    after_days: Annotated[int, Field(ge=0)]
    attempts: Annotated[int, Field(ge=1, le=10)]
    satisfied_from: Annotated[int, Field(ge=2, le=5)]
    most_reopenings: Annotated[int, Field(ge=0)]
    verdict_within: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="2d")
    """From reaching the complainant to their verdict on record."""
    ladder: Annotated[list[Step], Field(min_length=1)] = Field(default_factory=_usual_ladder)
    """Who is told that nobody called, or that no verdict is recorded; the first rung at once."""
    given_up_after: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="10d")
    """After the last rung: then the follow-up ends as `unreachable`, and says why."""


class Grumbles(PackModel):
    """A dissatisfaction short of a complaint, and when it becomes one (`sources.md` 9)."""

    answer_within: Budget = Budget(clock=Clock.CALENDAR_DAYS, amount="7d")
    """From being recorded; unanswered at its end, the grumble becomes a complaint."""
    repeat_within: Budget = Budget(clock=Clock.ELAPSED, amount="30d")
    """A second grumble of the same customer, so soon after the first was spoken, becomes a complaint."""


class Duplicates(PackModel):
    """When two submissions are about the same matter: joined into one complaint, or only suspected to be."""

    join_within_days: Annotated[int, Field(ge=0, le=366)] = 30
    """A further contact joins a complaint that was recorded no longer ago."""
    suspect_within_days: Annotated[int, Field(ge=0, le=366)] = 90
    """Older complaints are not looked at."""
    same_order: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Texts about one order that are so alike (0 to 1) tell the same; below it a person is asked."""
    suspect_from: Annotated[float, Field(gt=0, le=1)] = 0.3
    """From so much likeness on a person is asked whether it is the same matter."""


class Rate(PackModel):
    """How much one source may send."""

    per_minute: Annotated[int, Field(ge=1)]


class SourceRates(PackModel):
    """How much each `source` of submissions may send; `default` holds for each that is not named."""

    default: Rate = Rate(per_minute=120_000)
    """Two thousand a second: only a sender that has gone wild sends more."""
    sources: dict[str, Rate] = Field(default_factory=dict)


class Intake(PackModel):
    """What holds at the front door."""

    rates: SourceRates = Field(default_factory=SourceRates)


class Pack(PackModel):
    """A whole policy pack."""

    id: Id
    version: str
    language: Language
    extends: str | None = None
    """The pack that it is a variant of: what is not said here, is said there."""
    regimes: list[Id] = Field(default_factory=list)
    """Whose deadlines come on top of the pack's own."""
    calendar: WorkingHours
    obligations: Annotated[list[Obligation], Field(min_length=1)]
    response_rule: Id | None = None
    """The obligation that the response rate counts; without one there is no response rate."""
    limits: Limits
    standards: Annotated[list[Standard], Field(min_length=1)]
    remedies: Annotated[list[Remedy], Field(min_length=2)]
    authority: dict[Role, dict[CurrencyCode, Decimal]]
    teams: Annotated[list[Team], Field(min_length=1)]
    staff: Annotated[list[Staff], Field(min_length=3)]
    severity: SeverityTable
    lexicon: Lexicon
    callbacks: Callbacks
    grumbles: Grumbles = Field(default_factory=Grumbles)
    intake: Intake = Field(default_factory=Intake)
    registers: dict[Id, Annotated[list[str], Field(min_length=1)]] = Field(default_factory=dict)
    """Which sources, each with all below it, share references of customers; any other is on its own."""
    feedback: dict[Annotated[int, Field(ge=1, le=6)], list[Literal["lead", "manager"]]]
    record: RecordTerms = Field(default_factory=RecordTerms)
    """What is worth knowing of a complaint, and which steps wait for it."""
    masking: list[Kind] = Field(default_factory=list)
    """The numbers that no text is stored with."""
    duplicates: Duplicates = Field(default_factory=Duplicates)
    recourse: dict[Id, Words] = Field(default_factory=dict)
    """Where the complainant can turn at the end: `house` for the organisation, else by the regime's id."""
    bodies: dict[Id, Words] = Field(default_factory=dict)
    """What bodies outside are called, by the codes that decisions and referrals name them with."""
    notices: dict[Id, Words]
    """What complainants are told: `$words` in braces are filled in; see `wording`."""


def remedy_codes(pack: Pack) -> frozenset[str]:
    """What a remedy that is sought may be called on the wire: a remedy of the pack, or a motive."""
    return frozenset(one.id for one in pack.remedies) | frozenset(Motive)


def register_of(pack: Pack, source: str) -> str | None:
    """The register in which a source has its customers; None for a source that is on its own."""
    found = (name for name, own in pack.registers.items() if any(lies_in(source, one) for one in own))
    return next(found, None)


def lies_in(source: str, other: str) -> bool:
    """Whether a source is another one or lies below it: `crm/cases` in `crm`, never `crm-of-others`."""
    return source == other or source.startswith(f"{other.rstrip('/')}/")


def house_codes(pack: Pack) -> frozenset[str]:
    """The ids of the house's teams and staff."""
    return frozenset(one.id for one in pack.teams) | frozenset(one.id for one in pack.staff)
