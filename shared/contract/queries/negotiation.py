"""Negotiation of a complaint: rounds, concessions, standards, and what is in reserve."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contract.commands import ActorRef
from shared.contract.events import Counter, PreparedOption, StandardRef, Terms
from shared.contract.queries.base import Query
from shared.contract.queries.elements import Elements
from shared.contract.queries.fairness import FairnessScores
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId, Instant, Money, TextRef


class Round(BaseModel):
    """Round of the negotiation: an offer, what became of it, and how far it went beyond the offer before.

    `concession` is the difference from the offer before in the same currency; it is absent without one.
    """

    round: int
    cycle: int
    offer_id: str
    option_id: str
    remedy: str
    amount: Money | None = None
    concession: Money | None = None
    standards: list[StandardRef]
    made_at: Instant
    made_by: str
    expires_at: Instant
    text_ref: TextRef
    status: Literal["open", "accepted", "rejected", "countered", "withdrawn", "expired", "moved"] = "open"
    ended_at: Instant | None = None
    counter: Counter | None = None
    next_option_id: str | None = None


class ConcessionSlope(BaseModel):
    """Slope of one side's amounts over its rounds: the least-squares line, as money per round.

    A positive slope of `ours` means that the offers rise; a negative slope of `theirs` means that the
    demands fall. Two amounts are the least for a slope.
    """

    side: Literal["ours", "theirs"]
    currency: str
    rounds: int
    first: Money
    last: Money
    per_round: str | None = None


class CitedStandard(StandardRef):
    """Standard that the negotiation cites, by its title where the policy in force has it."""

    title: dict[str, str] | None = None
    source: str | None = None


class Reserve(BaseModel):
    """Room that was kept (留白): options that were prepared and not offered, and the limits of the owner."""

    options: list[PreparedOption]
    limits: dict[str, str] = Field(default_factory=dict)


class Negotiation(BaseModel):
    """Negotiation of one complaint through all its cycles: codes, instants and references, no texts.

    `reserve` is absent for people who may not see it.
    """

    complaint_id: ComplaintId
    stage: str
    cycle: int
    language: str
    owner: str
    position: int
    responded: bool
    interests: list[dict[str, Any]]
    rounds: list[Round]
    slopes: list[ConcessionSlope]
    standards: list[CitedStandard]
    agreements: list[Terms]
    actions: list[dict[str, Any]]
    approvals: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    ending: str | None = None
    """Fact that ended the present cycle, if one did."""
    fairness: FairnessScores = Field(default_factory=FairnessScores)
    better_for_both: list[str] = Field(default_factory=list)
    """Prepared options that were better for both sides than an agreement."""
    reserve: Reserve | None = None
    elements: Elements | None = None


class NegotiationQuery(Query):
    """Negotiation of a complaint as a story. A merged id is answered with its survivor.

    `actor`: for whom it is asked. The owner and the people above see what is in reserve; whom the complaint
    is about is refused.
    """

    NAME = "negotiation"
    SERVICES = (Service.ROUTING,)
    RESULT = Negotiation
    complaint_id: str
    actor: ActorRef | None = None
