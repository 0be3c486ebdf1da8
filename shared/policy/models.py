"""Models of a policy pack. Loading a pack refuses fields that are not named here."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from shared.clocks.amounts import Budget, Clock
from shared.contract.values import MOTIVES, Category, Interest, Motive, Style
from shared.masking.masker import Kind
from shared.policy.departments import Department, InsideTerms
from shared.policy.feedback import FeedbackTerms
from shared.policy.leadership import Commanders, Stakeholder
from shared.policy.obligation import (
    Id,
    Language,
    Obligation,
    PackModel,
    Severity,
    Standard,
    Step,
    Words,
    WorkingHours,
)
from shared.policy.record import QuestionTerms, RecordTerms
from shared.policy.redress import CurrencyCode, Redress, Worth
from shared.policy.roster import (
    AssignmentTerms,
    EscalationLevel,
    Exact,
    Level,
    NamedShift,
    Role,
    Staff,
    Team,
    usual_levels,
)
from shared.policy.schemes import Scheme
from shared.policy.settling import SettlementTerms
from shared.policy.understanding import ResponseTerms, UnderstandingTerms
from shared.policy.wording_rules import Expression, WordingModelTerms, WordingRule

Probability = Annotated[float, Field(ge=0, le=1)]


class PromiseTerms(PackModel):
    """Terms at the end of a waiting time that was promised to the complainant (`sources.md` 51)."""

    warn_at: list[Annotated[int, Field(gt=0, lt=100)]] = Field(default_factory=list)
    ladder: list[Step] = Field(default_factory=list)


class Allowance(PackModel):
    """Sum of time that may be given: by one person `alone`, and `at_most` with the consent of a second."""

    alone: Budget
    at_most: Budget


def _usual_ladders() -> dict[str, list[Step]]:
    """People notified when one of the smaller clocks runs out. A request passes to the next level above, day
    by day.
    """
    day, two = Budget(clock=Clock.ELAPSED, amount="24h"), Budget(clock=Clock.ELAPSED, amount="48h")
    return {
        "approval": [Step(to="manager"), Step(to="manager", after=day, repeat=True)],
        "transfer": [Step(to="owner", copy_to=["lead"])],
        "action": [Step(to="owner", copy_to=["lead"]), Step(to="lead", after=day)],
        "apology": [Step(to="owner", copy_to=["lead"]), Step(to="owner", after=day, copy_to=["manager"])],
        "mediation": [Step(to="lead"), Step(to="manager", after=day, repeat=True)],
        "feedback": [
            Step(to="manager", copy_to=["lead"]),
            Step(to="manager", after=day, copy_to=["lead"], repeat=True),
        ],
        "inform": [Step(to="lead"), Step(to="manager", after=day, repeat=True)],
        "signature": [Step(to="lead"), Step(to="manager", after=day, repeat=True)],
        "task": [Step(to="owner", copy_to=["lead"]), Step(to="owner", after=two, copy_to=["manager"])],
    }


class Limits(PackModel):
    """Budgets of the smaller clocks, and what may be given of time."""

    approval: Budget
    transfer: Budget
    offer: Budget
    longest_offer: Budget
    longest_pause: Budget
    transfers_per_stage: Annotated[int, Field(ge=0)] | None = None
    """Most accepted transfers in one stage without a lead; None for no limit."""
    harassment: Budget = Budget(clock=Clock.CALENDAR_DAYS, amount="90d")
    """Time for which two people may mark the conduct of a complainant as harassment (`sources.md` 26)."""
    conversation: Budget = Budget(clock=Clock.ELAPSED, amount="1h")
    """Longest conversation with a complainant, in which no owner changes by consent."""
    handover: Exact = Budget(clock=Clock.ELAPSED, amount="15m")
    """Time before the end of a shift from which open items are to be signed over."""
    task: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="5d")
    """For a department's task that names no due instant of its own: none is without a clock."""
    changes: Annotated[int, Field(ge=0)] | None = None
    """Most changes of person, place or time in one cycle without a supervisor; None for no limit."""
    slot: Budget = Budget(clock=Clock.ELAPSED, amount="1h")
    """Time after a promised slot until it counts as missed."""
    inside: InsideTerms = Field(default_factory=InsideTerms)
    """Ladder inside a department that has a task."""
    signature: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="1d")
    """Time of the owner to countersign a finished task."""
    waiting: Allowance = Allowance(
        alone=Budget(clock=Clock.ELAPSED, amount="28d"), at_most=Budget(clock=Clock.ELAPSED, amount="56d")
    )
    """All waits of a complaint together, through all cycles."""
    extensions: Allowance = Allowance(
        alone=Budget(clock=Clock.ELAPSED, amount="30d"), at_most=Budget(clock=Clock.ELAPSED, amount="90d")
    )
    """Extensions of one deadline together; `alone` limits the first, given by one person."""
    answers_per_hour: Annotated[int, Field(ge=1)] = 10
    """Most notices in an hour that only answer the complainant's messages about one complaint."""
    first_answer: Budget
    """Waiting time that the acknowledgement promises (`sources.md` 51)."""
    ladders: dict[
        Literal[
            "approval",
            "transfer",
            "action",
            "feedback",
            "inform",
            "signature",
            "task",
            "apology",
            "mediation",
        ],
        list[Step],
    ] = Field(
        default_factory=_usual_ladders  # type: ignore[arg-type]
    )
    """People notified when one of the smaller clocks runs out."""
    promise: PromiseTerms = Field(default_factory=PromiseTerms)

    def ladder_of(self, kind: str) -> list[Step]:
        """Ladder of one of the smaller clocks; a kind that the pack leaves out has the usual one."""
        return (_usual_ladders() | {str(one): ladder for one, ladder in self.ladders.items()}).get(kind, [])


class RemedyTask(PackModel):
    """Task that has to be done when a remedy is agreed."""

    what: Id
    within: Budget


class Remedy(PackModel):
    """Kind of redress and the actions that it takes (`sources.md` 60)."""

    id: Id
    money: bool
    answers: list[Motive]
    worth: Worth | None = None
    """Absent: money is worth its amount, and any other remedy cannot be compared."""
    interests: list[Interest] = Field(default_factory=list)
    """Interests that it answers besides those behind its motives."""
    actions: Annotated[list[RemedyTask], Field(min_length=1)]
    title: Words

    @property
    def serves(self) -> list[Interest]:
        """Interests that it can answer; each remedy may answer an interest of another kind."""
        behind = {one for one in Interest if {*MOTIVES[one]} & {*self.answers}}
        return [one for one in Interest if one in {*behind, *self.interests, Interest.OTHER}]


class SeverityTable(PackModel):
    """Points that add up to a severity of 1 to 5 (`sources.md` 15)."""

    id: Id
    base: int
    loss_from: dict[CurrencyCode, dict[Decimal, int]]
    """Points for a loss of at least this amount, by currency. An amount counts only in its own currency."""
    loss_not_comparable: Severity = 3
    """Least severity of a loss in a currency without steps, since its worth cannot be compared."""
    style: dict[Style, int]
    hint_counts: bool
    words_count: bool = False
    """Whether the severity that the classifier suggests fills up the points, as a hint does."""
    safety: Severity
    """Safety alone makes it at least this."""


class Lexicon(PackModel):
    """Words that point to a category, a motive, a style or danger, in both languages."""

    categories: dict[Category, list[str]]
    motives: dict[Motive, list[str]]
    styles: dict[Style, list[str]]
    safety: list[str]
    harmless: list[str] = Field(default_factory=list)
    certain: list[str] = Field(default_factory=list)
    """Words of danger that count without the consent of a trained model, such as a wish to die."""


class Classifier(PackModel):
    """Trained model that reads texts besides the lexicon, and the confidences from which it counts."""

    model: Id
    """File `classifiers/<model>.tsv` of the pack, of one that it extends, or a built-in file."""
    sha256: str | None = None
    """SHA-256 of that file. Loading a pack fills it in, and refuses another."""
    unsure_below: Probability = 0.6
    """Confidence of a category below which a person is asked to look."""
    motive_from: Probability = 0.35
    angry_from: Probability = 0.5
    grave_from: Probability = 0.5
    danger_from: Probability = 0.35
    """Confidence from which the model alone reports a danger."""
    danger_with_words_from: Probability = 0.0
    """Confidence from which the model confirms words of `lexicon.safety`; with 0 the words count alone."""
    danger_unsure_from: Probability = 1.0
    """Confidence from which a person is asked to look at what is not reported as a danger; 1: never."""


class ExternalClassifier(PackModel):
    """Another system that classifies complaints in place of the built-in classifier."""

    client: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    """Name of its client in the register, of the kind `classifier`."""
    within_seconds: Annotated[float, Field(gt=0, le=10)] = 2.0
    """Time that a complaint waits for its answer. One that comes later is ignored."""
    unsure_below: Probability = 0.6
    """Confidence of its category below which a person is asked to look."""


def _usual_ladder() -> list[Step]:
    """Usual ladder: the lead at once, and the manager two working days later."""
    return [Step(to="lead"), Step(to="manager", after=Budget(clock=Clock.BUSINESS_DAYS, amount="2d"))]


class Callbacks(PackModel):
    """Plan of the follow-up (`sources.md` 86 to 88)."""

    after_days: Annotated[int, Field(ge=0)]
    attempts: Annotated[int, Field(ge=1, le=10)]
    satisfied_from: Annotated[int, Field(ge=2, le=5)]
    most_reopenings: Annotated[int, Field(ge=0)]
    verdict_within: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="2d")
    """Time from reaching the complainant until their verdict must be recorded."""
    ladder: Annotated[list[Step], Field(min_length=1)] = Field(default_factory=_usual_ladder)
    """People notified when no call was made, or no verdict is recorded; the first rung at once."""
    given_up_after: Budget = Budget(clock=Clock.BUSINESS_DAYS, amount="10d")
    """Time after the last rung until the follow-up ends as `unreachable`, with the reason."""


class GrumbleTerms(PackModel):
    """Terms of grumbles: of dissatisfaction short of a complaint, and of its change into one
    (`sources.md` 9).
    """

    answer_within: Budget = Budget(clock=Clock.CALENDAR_DAYS, amount="7d")
    """Time from the record to the answer. A grumble that is unanswered at its end becomes a complaint."""
    repeat_within: Budget = Budget(clock=Clock.ELAPSED, amount="30d")
    """Time after a grumble in which a second of the same customer becomes a complaint."""


class Duplicates(PackModel):
    """Terms of duplicate detection: when two submissions are joined into one complaint, or only suspected to
    be one.
    """

    join_within_days: Annotated[int, Field(ge=0, le=366)] = 30
    """Days after the record of a complaint in which a further contact joins it."""
    suspect_within_days: Annotated[int, Field(ge=0, le=366)] = 90
    """Older complaints are not looked at."""
    same_order: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Similarity (0 to 1) from which two texts about one order are duplicates; below it a person is asked."""
    suspect_from: Annotated[float, Field(gt=0, le=1)] = 0.3
    """Similarity from which a person is asked whether two texts are duplicates."""


class SourceRate(PackModel):
    """Number of submissions that one source may send in a time."""

    per_minute: Annotated[int, Field(ge=1)]


class SourceRates(PackModel):
    """Rates by `source` of submissions; `default` holds for each that is not named."""

    default: SourceRate = SourceRate(per_minute=120_000)
    """Two thousand a second: only a sender that has gone wild sends more."""
    sources: dict[str, SourceRate] = Field(default_factory=dict)


class IntakeTerms(PackModel):
    """Terms of intake."""

    rates: SourceRates = Field(default_factory=SourceRates)


class Pack(PackModel):
    """Parent pack, which supplies the fields that are missing here."""

    id: Id
    version: str
    language: Language
    extends: str | None = None
    """Pack from which missing fields are taken."""
    regimes: list[Id] = Field(default_factory=list)
    """Regimes whose deadlines are added to the pack's own."""
    calendar: WorkingHours
    obligations: Annotated[list[Obligation], Field(min_length=1)]
    response_rule: Id | None = None
    """Obligation that the response rate counts; without one there is no response rate."""
    limits: Limits
    standards: Annotated[list[Standard], Field(min_length=1)]
    remedies: Annotated[list[Remedy], Field(min_length=2)]
    redress: Redress | None = None
    """Absent: amounts are compared in their own currency only, and no offer is held against the loss."""
    authority: dict[Role, dict[CurrencyCode, Decimal]]
    settlement: SettlementTerms = Field(default_factory=SettlementTerms)
    """Apologies, deadlock, mediation, and the release of agreed actions."""
    teams: Annotated[list[Team], Field(min_length=1)]
    staff: Annotated[list[Staff], Field(min_length=3)]
    departments: list[Department] = Field(default_factory=list)
    """Departments that get tasks and handle no complaints; their people have the role `department`."""
    levels: list[Level] = Field(default_factory=list)
    """Levels of seniority."""
    escalation_levels: Annotated[list[EscalationLevel], Field(min_length=2)] = Field(
        default_factory=usual_levels
    )
    """Levels above agents, from the lowest; the first two are `lead` and `manager`."""
    shifts: list[NamedShift] = Field(default_factory=list)
    skills: list[Id] = Field(default_factory=list)
    """Skills that people may have besides categories and regimes, such as products."""
    assignment: AssignmentTerms = Field(default_factory=AssignmentTerms)
    severity: SeverityTable
    lexicon: Lexicon
    classifier: Classifier | None = None
    """Absent: the lexicon alone finds category, motives, style and danger."""
    external_classifier: ExternalClassifier | None = None
    """Absent: no other system is asked."""
    callbacks: Callbacks
    grumbles: GrumbleTerms = Field(default_factory=GrumbleTerms)
    intake: IntakeTerms = Field(default_factory=IntakeTerms)
    registers: dict[Id, Annotated[list[str], Field(min_length=1)]] = Field(default_factory=dict)
    """Sources that share references of customers, each with all below it. Any other source is on its own."""
    feedback: dict[Annotated[int, Field(ge=1, le=6)], FeedbackTerms]
    commanders: Commanders = Field(default_factory=dict)
    stakeholders: list[Stakeholder] = Field(default_factory=list)
    """Parties that have to be informed of a complaint, besides the complainant."""
    record: RecordTerms = Field(default_factory=RecordTerms)
    """Fields worth knowing of a complaint, and the steps that wait for them."""
    understanding: UnderstandingTerms = Field(default_factory=UnderstandingTerms)
    """Steps before the first offer that are asked of some complaints."""
    response: ResponseTerms = Field(default_factory=ResponseTerms)
    """Substance of a response; without terms every text has it."""
    questions: list[QuestionTerms] = Field(default_factory=list)
    """Catalogue of questions to complainants; each is asked once."""
    masking: list[Kind] = Field(default_factory=list)
    """Kinds of numbers that are masked in every text before it is stored."""
    duplicates: Duplicates = Field(default_factory=Duplicates)
    recourse: dict[Id, Words] = Field(default_factory=dict)
    """Places where the complainant can turn at the end: `house` for the organisation, else by the regime's
    id.
    """
    schemes: dict[Id, Scheme] = Field(default_factory=dict)
    """Taxonomies of authorities beside ours, by the name that `hints.outside` uses."""
    bodies: dict[Id, Words] = Field(default_factory=dict)
    """Names of outside bodies, by the codes that decisions and referrals use."""
    wording: dict[Id, WordingRule] = Field(default_factory=dict)
    """Faults of texts that the complainant reads, by the id of the rule; a text with one may be refused."""
    wording_model: WordingModelTerms | None = None
    """Absent: the rules alone find faults."""
    wording_expressions: dict[Id, list[Expression]] = Field(default_factory=dict)
    """Lists of expressions that rules of `wording` name, such as dates and reasons."""
    notices: dict[Id, Words]
    """Texts of notices to complainants. Words in braces, `$words`, are filled in; see `wording`."""

    @property
    def rungs(self) -> list[str]:
        """Roles above agents, from the lowest."""
        return [one.id for one in self.escalation_levels]


def remedy_codes(pack: Pack) -> frozenset[str]:
    """Codes of remedies that may be sought on the wire: the pack's remedies, and the motives."""
    return frozenset(one.id for one in pack.remedies) | frozenset(Motive)


def register_of(pack: Pack, source: str) -> str | None:
    """Register in which a source has its customers; None for a source that is on its own."""
    found = (name for name, own in pack.registers.items() if any(lies_in(source, one) for one in own))
    return next(found, None)


def lies_in(source: str, other: str) -> bool:
    """Whether `source` equals `other` or lies below it: `crm/cases` in `crm`, never `crm-of-others`."""
    return source == other or source.startswith(f"{other.rstrip('/')}/")


def house_codes(pack: Pack) -> frozenset[str]:
    """Ids of the organisation's teams and staff."""
    return frozenset(one.id for one in pack.teams) | frozenset(one.id for one in pack.staff)
