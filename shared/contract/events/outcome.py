"""What was agreed and done, or how else it ended."""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contract.events.base import FromRouting
from shared.contract.events.negotiation import StandardRef
from shared.contract.values import ComplaintId, Contact, Instant, Money, TextRef


class AgreedAction(BaseModel):
    """Something that has to be done, by when; done only with evidence."""

    action_id: str
    what: str
    due: Instant


class Terms(BaseModel):
    """What was agreed."""

    remedy: str
    amount: Money | None = None
    standards: list[StandardRef]


class Agreed(FromRouting):
    """Both sides agreed; now it has to be done (`concepts.md` 80)."""

    NAME = "agreed"
    offer_id: str
    terms: Terms
    actions: list[AgreedAction]


class ActionCompleted(FromRouting):
    """An agreed action was done, with evidence."""

    NAME = "action_completed"
    action_id: str
    evidence_ref: TextRef


class FinalDecision(FromRouting):
    """The organisation decided without agreement: with reasons, standards and the next recourse.

    `recourse` is a code; where it was told in words, `recourse_ref` stands in its place.
    """

    NAME = "final_decision"
    decision: Literal["upheld", "partly_upheld", "rejected"]
    standards: list[StandardRef]
    recourse: str | None = None
    recourse_ref: TextRef | None = None
    text_ref: TextRef


class Referred(FromRouting):
    """The complaint went to a body outside (ISO 10003).

    `to` is a code; where it was told in words, it is `described`, and `to_ref` leads to them.
    """

    NAME = "referred"
    to: str | None = None
    to_ref: TextRef | None = None
    reason_ref: TextRef | None = None


class Withdrawn(FromRouting):
    """The complainant took the complaint back."""

    NAME = "withdrawn"
    reason_ref: TextRef | None = None


class CaseEnded(FromRouting):
    """Routing has ended the case: its open obligations are cancelled, it takes no command any more.

    Said when the complaint was merged into another; followup closes it.
    """

    NAME = "case_ended"
    why: Literal["merged"]
    into: ComplaintId


class Resolved(FromRouting):
    """Everything agreed is done, or it was decided. Follow-up begins; it is not closed yet."""

    NAME = "resolved"
    outcome: Literal["agreed", "decided"]
    owner: str
    handlers: list[str] = Field(default_factory=list)
    language: str
    customer_ref: str
    contact: Contact = Field(default_factory=Contact)
