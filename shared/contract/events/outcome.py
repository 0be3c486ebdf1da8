"""What was agreed and done, or how else it ended."""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contract.events.base import FromRouting
from shared.contract.events.negotiation import OfferMade, StandardRef
from shared.contract.subjects import Channel
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
    """Both sides agreed; now it has to be done (`sources.md` 80)."""

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


class LeftUnresolved(FromRouting):
    """What follow-up needs where it calls about a complaint that left unresolved, or reopens it.

    `danger`: the command that ended the complaint told of a danger, so follow-up reopens it at once.
    """

    danger: bool | None = None
    owner: str | None = None
    handlers: list[str] = Field(default_factory=list)
    language: str | None = None
    customer_ref: str | None = None
    contact: Contact = Field(default_factory=Contact)
    channel: Channel | None = None
    regimes: list[str] = Field(default_factory=list)


class Referred(LeftUnresolved):
    """The complaint went to a body outside (ISO 10003).

    `to` is a code; where it was told in words, it is `described`, and `to_ref` leads to them.
    """

    NAME = "referred"
    to: str | None = None
    to_ref: TextRef | None = None
    reason_ref: TextRef | None = None


class Released(FromRouting):
    """What was open was let go: by the complainant, or by a second person (`approval_given`) for them.

    `items`: `response`, or ids of agreed actions, departments' tasks, offers and requests.
    """

    NAME = "released"
    items: list[str]
    by: Literal["customer", "second_person"]
    reason_ref: TextRef | None = None


class Withdrawn(LeftUnresolved):
    """The complaint was taken back: `by` the complainant, or by staff for them, with a second person.

    Of the latter follow-up calls the complainant; `asked_by` is who asked, the fact's actor who agreed.
    """

    NAME = "withdrawn"
    by: Literal["customer", "staff"] = "customer"
    asked_by: str | None = None
    reason_ref: TextRef | None = None


class MovedTask(BaseModel):
    """A department's part that goes on in another complaint."""

    task_id: str
    unit: str
    due: Instant | None = None


class Moved(BaseModel):
    """What was open in a duplicate and goes on in its survivor, each with the due instant that it had."""

    agreed: list[Terms] = Field(default_factory=list)
    actions: list[AgreedAction] = Field(default_factory=list)
    tasks: list[MovedTask] = Field(default_factory=list)
    offers: list[OfferMade] = Field(default_factory=list)

    @property
    def anything(self) -> bool:
        return bool(self.actions or self.tasks or self.offers)


class CarriedOver(FromRouting):
    """What was open in a duplicate goes on here. `was` gives the id that each had there, by its id here."""

    NAME = "carried_over"
    duplicate: ComplaintId
    was: dict[str, str]
    agreed: list[Terms] = Field(default_factory=list)
    actions: list[AgreedAction] = Field(default_factory=list)
    tasks: list[MovedTask] = Field(default_factory=list)
    offers: list[OfferMade] = Field(default_factory=list)


class CaseEnded(FromRouting):
    """Routing has ended the case: its open obligations are cancelled, it takes no command any more.

    Said when the complaint was merged into another; followup closes it. `moved` is what was open in it.
    """

    NAME = "case_ended"
    why: Literal["merged"]
    into: ComplaintId
    moved: Moved | None = None


class Resolved(FromRouting):
    """Nothing agreed is open any more, or it was decided. Follow-up begins; it is not closed yet.

    `outcome` is `released` where nothing of what was agreed was carried out in full: all was let go.
    `released` names the agreed actions that were let go, also beside others that were done.
    `regimes` are those of authorities that applied: followup tells where they let the complainant turn.
    """

    NAME = "resolved"
    outcome: Literal["agreed", "decided", "released"]
    released: list[str] | None = None
    owner: str
    handlers: list[str] = Field(default_factory=list)
    language: str
    customer_ref: str
    contact: Contact = Field(default_factory=Contact)
    channel: Channel | None = None
    regimes: list[str] = Field(default_factory=list)
