"""Elements of a negotiation: positions beside interests, precedents, ranked options, the relationship."""

from typing import Literal

from pydantic import BaseModel

from shared.contract.events import PreparedOption
from shared.contract.queries.precedent import Precedent
from shared.contract.values import Course, Instant, Interest, Money, Party, Style, TextRef


class PositionTaken(BaseModel):
    """Position of a party: a demand of the complainant, or a version of the organisation's core position.

    `source` is the fact that shows it.
    """

    party: Party
    source: str
    at: Instant | None = None
    remedy: str | None = None
    amount: Money | None = None
    version: int | None = None
    text_ref: TextRef | None = None


class RankedOption(PreparedOption):
    """Prepared alternative with its rank for both parties, 1 for the best of each.

    The rank for the organisation is that of `value_to_company`; where an option has none, the reverse of
    the rank for the complainant.
    """

    rank_for_customer: int
    rank_for_company: int


class RestatementState(BaseModel):
    """Last restatement of the cycle; `confirmed` is absent until the complainant answers."""

    restatement_id: str
    interests: list[Interest]
    expires_at: Instant
    confirmed: bool | None = None


class Relationship(BaseModel):
    """Relationship with the complainant, derived from facts (`sources.md` 75).

    `owners` is the number of people who were accountable, and `contact` the person who is, `contact_since`
    an instant. `tone` are the styles in which the complainant speaks. `kept` and `broken` count deadlines
    towards the complainant, `confirmed` and `denied` restatements. `trust` is
    (kept + confirmed) / (kept + broken + confirmed + denied), absent before the first of them.
    """

    contact: str
    contact_since: Instant
    owners: int
    last_contact: Instant | None = None
    tone: list[Style]
    kept: int
    broken: int
    confirmed: int
    denied: int
    trust: float | None = None
    failed_rounds: int
    changes: dict[Literal["person", "place", "time"], int]
    change_suggested: bool
    listened: bool


class Elements(BaseModel):
    """Elements of a negotiation beside its rounds: codes, amounts and references, no texts."""

    positions: list[PositionTaken]
    options: list[RankedOption]
    fallbacks: dict[Party, Course]
    restatement: RestatementState | None = None
    precedent: Precedent | None = None
    """Absent while the complaint cannot be compared."""
    relationship: Relationship
