"""Pinned part of a policy, under which a complaint is opened and stays: small, and complete for its rules."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, WrapValidator

from shared.clocks.calendar import Calendar
from shared.contract.values import PolicyId
from shared.policy.chains import Chain
from shared.policy.feedback import FeedbackTerms
from shared.policy.leadership import Commanders, Stakeholder
from shared.policy.loader import Policy
from shared.policy.models import Callbacks, Limits, Remedy, SeverityTable
from shared.policy.obligation import Obligation, StandardKind
from shared.policy.record import QuestionTerms, RecordTerms
from shared.policy.redress import Redress
from shared.policy.roster import Role
from shared.policy.settling import SettlementTerms
from shared.policy.sharing import Shared
from shared.policy.understanding import UnderstandingTerms


class PinnedStandard(BaseModel):
    """Entry of the catalogue of standards, without its words."""

    id: str
    version: str
    kind: StandardKind = "house_rule"
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


def _by_id(given: Any) -> Any:
    """Entries of histories that name only the version of each id."""
    if isinstance(given, dict):
        return [{"id": one, "version": version} for one, version in given.items()]
    return given


class Pinned(BaseModel):
    """Rules that the case needs of the policy, as data in the workflow's history. Never changed in place."""

    identity: PolicyId
    calendar: Calendar
    calendars: dict[str, Calendar] = Field(default_factory=dict)
    """Calendars of the obligations that name one of their own."""
    obligations: list[Obligation]
    limits: Limits
    standards: Annotated[list[PinnedStandard], BeforeValidator(_by_id)]
    remedies: dict[str, Remedy]
    authority: dict[Role, dict[str, Decimal]]
    redress: Redress | None = None
    settlement: SettlementTerms = Field(default_factory=SettlementTerms)
    feedback: dict[int, FeedbackTerms]
    commanders: Commanders = Field(default_factory=dict)
    stakeholders: list[Stakeholder] = Field(default_factory=list)
    recourse: dict[str, dict[str, str]] = Field(default_factory=dict)
    bodies: dict[str, dict[str, str]] = Field(default_factory=dict)
    record: RecordTerms = Field(default_factory=RecordTerms)
    questions: list[QuestionTerms] = Field(default_factory=list)
    severity: SeverityTable | None = None
    """None where a complaint was opened before the table was pinned."""
    least_letters: int = 0
    """Letters that a response has without words of courtesy, at least."""
    understanding: UnderstandingTerms = Field(default_factory=UnderstandingTerms)
    callbacks: Callbacks | None = None
    """Plan of the call after the end; None where a complaint was opened before it was pinned."""
    team: str
    chain: Chain

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself: copies of a case share it."""
        return self

    def calendar_of(self, name: str | None) -> Calendar:
        """Calendar that a clock names; the organisation's own where it names none."""
        return self.calendar if name is None else self.calendars[name]

    def obligation(self, name: str) -> Obligation | None:
        """Obligation of this name, if the policy has it."""
        return next((obligation for obligation in self.obligations if obligation.id == name), None)

    def question(self, code: str | None) -> QuestionTerms | None:
        """Question of the catalogue with this code."""
        return next((one for one in self.questions if one.id == code), None)

    def limits_of(self, role: str) -> dict[str, Decimal]:
        """Amounts that the role may grant alone, by currency (`sources.md` 81); none in other currencies."""
        return next((own for known, own in self.authority.items() if known == role), {})


PINNED: Shared[Pinned] = Shared(lambda: Pinned)

SharedPinned = Annotated[
    Pinned, WrapValidator(PINNED.validate), PlainSerializer(PINNED.text, when_used="json")
]
"""Field for the pinned part: one object for all complaints with the same rules, team and chain."""


def pin(policy: Policy, team: str, chain: Chain) -> Pinned:
    """Pinned part for a complaint of `team`."""
    pack = policy.pack
    named = dict.fromkeys(obligation.calendar for obligation in pack.obligations)
    return Pinned(
        identity=policy.identity,
        calendar=policy.calendar,
        calendars={name: policy.calendars[name] for name in named if name},
        obligations=pack.obligations,
        limits=pack.limits,
        standards=[PinnedStandard.model_validate(one.model_dump()) for one in pack.standards],
        remedies={remedy.id: remedy for remedy in pack.remedies},
        authority=pack.authority,
        redress=pack.redress,
        settlement=pack.settlement,
        recourse={name: dict(words) for name, words in pack.recourse.items()},
        bodies={name: dict(words) for name, words in pack.bodies.items()},
        record=pack.record,
        questions=pack.questions,
        severity=pack.severity,
        least_letters=pack.response.least,
        understanding=pack.understanding,
        feedback=dict(pack.feedback),
        commanders=dict(pack.commanders),
        stakeholders=pack.stakeholders,
        callbacks=pack.callbacks,
        team=team,
        chain=chain,
    )


class PinnedFollowUp(BaseModel):
    """Rules that the follow-up needs from the policy."""

    identity: PolicyId
    calendar: Calendar
    callbacks: Callbacks
    response_rule: str | None = None
    """Obligation that the response rate counts."""
    response: Obligation | None = None
    """Obligation of that name: a reopened complaint is answered within it."""
    response_calendar: Calendar | None = None
    """Calendar of that obligation; None for the organisation's own."""
    recourse: dict[str, dict[str, str]] = Field(default_factory=dict)


PINNED_FOLLOWUP: Shared[PinnedFollowUp] = Shared(lambda: PinnedFollowUp)

SharedPinnedFollowUp = Annotated[
    PinnedFollowUp,
    WrapValidator(PINNED_FOLLOWUP.validate),
    PlainSerializer(PINNED_FOLLOWUP.text, when_used="json"),
]
"""Field for the pinned part of a follow-up: one object for all with the same rules."""


def pin_followup(policy: Policy) -> PinnedFollowUp:
    """Pinned part for a follow-up."""
    response = next((one for one in policy.pack.obligations if one.id == policy.pack.response_rule), None)
    return PinnedFollowUp(
        identity=policy.identity,
        calendar=policy.calendar,
        callbacks=policy.pack.callbacks,
        response_rule=policy.pack.response_rule,
        response=response,
        response_calendar=policy.calendars[response.calendar] if response and response.calendar else None,
        recourse={name: dict(words) for name, words in policy.pack.recourse.items()},
    )
