"""Fact of triage: the subject of a complaint and its severity."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.events.base import FromRouting
from shared.contract.values import Category, CategoryGuess, ComplaintId, MotiveGuess, Nature, Style, TextRef

Severity = Annotated[int, Field(ge=1, le=5)]


class SeverityScore(BaseModel):
    """Derivation of the severity: the inputs that counted, each with its points (`sources.md` 15)."""

    table: str
    points: dict[str, int]


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
    category_guess: CategoryGuess | None = None
    """Category with its confidence and source; `unsure` asks a person to look."""
