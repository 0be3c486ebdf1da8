"""Fact of triage: the subject of a complaint and its severity."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.classify import SuggestedMotive
from shared.contract.events.base import FromRouting
from shared.contract.values import (
    Category,
    CategoryGuess,
    CauseSide,
    ComplaintId,
    Gap,
    MotiveGuess,
    Nature,
    Outside,
    Style,
    Sub,
    TextRef,
    Trigger,
)

Severity = Annotated[int, Field(ge=1, le=5)]


class SeverityScore(BaseModel):
    """Derivation of the severity: the inputs that counted, each with its points (`sources.md` 15)."""

    table: str
    points: dict[str, int]


class TriggerGuess(BaseModel):
    """Trigger with its source. `promise` is the deadline that was missed, for a broken promise
    (`sources.md` 8).
    """

    trigger: Trigger
    source: str
    promise: str | None = None


class Suggestion(BaseModel):
    """Whole suggestion of an external classifier, as it came. `words_ref` leads to the words that decided."""

    category: Category
    sub: Sub | None = None
    motives: list[SuggestedMotive] = Field(default_factory=list)
    severity: Severity | None = None
    safety: bool = False
    confidence: Annotated[float, Field(ge=0, le=1)]
    unsure: bool = False
    words_ref: TextRef | None = None


class Classified(BaseModel):
    """Outcome of the request to an external classifier, `source`, beside the decision in the same fact.

    `absent`: no answer in time; `unusable`: an answer that was ignored. Then the built-in classifier
    decided.
    """

    source: str
    status: Literal["answered", "absent", "unusable"]
    suggestion: Suggestion | None = None


class Triaged(FromRouting):
    """Subject and severity of the complaint, and how they were found.

    `contact` is the id of the further submission that made the complaint graver, if one did.
    """

    NAME = "triaged"
    category: Category
    nature: Nature
    motives: list[MotiveGuess]
    style: list[Style]
    severity: Severity
    severity_score: SeverityScore
    safety: bool
    reason_ref: TextRef | None = None
    contact: ComplaintId | None = None
    sub: Sub | None = None
    outside: Outside | None = None
    """Classification by an authority, as the sender gave it: it leads back to the authority's own values."""
    cause_side: CauseSide | None = None
    triggers: list[TriggerGuess] = Field(default_factory=list)
    gap: Gap | None = None
    harassment_suggested: list[str] = Field(default_factory=list)
    """Sources that suggested harassment: a hint, a classifier. Two people decide it (`sources.md` 26)."""
    classified: Classified | None = None
    """Suggestion of an external classifier; absent where the policy names none."""
    category_guess: CategoryGuess | None = None
    """Category with its confidence and source; `unsure` asks a person to look."""
