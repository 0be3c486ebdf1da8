"""Facts of the outcome: the agreement and its actions, or another end."""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contract.events.base import FromRouting
from shared.contract.events.negotiation import OfferMade, StandardRef
from shared.contract.subjects import Channel
from shared.contract.values import ComplaintId, Contact, Instant, Money, TextRef


class AgreedAction(BaseModel):
    """Action that an agreement requires, with its due instant. It is done only with evidence."""

    action_id: str
    what: str
    due: Instant


class Terms(BaseModel):
    """Terms of an agreement."""

    remedy: str
    amount: Money | None = None
    standards: list[StandardRef]
    conditions_ref: TextRef | None = None


class Agreed(FromRouting):
    """Agreement of both sides; its actions have to be carried out (`sources.md` 80)."""

    NAME = "agreed"
    offer_id: str
    terms: Terms
    actions: list[AgreedAction]
    better_for_both: list[str] | None = None
    """Prepared options that would have been better for both sides (`sources.md` 77)."""


class ActionCompleted(FromRouting):
    """Completion of an agreed action, with evidence."""

    NAME = "action_completed"
    action_id: str
    evidence_ref: TextRef


class FinalDecision(FromRouting):
    """Decision of the organisation without agreement: with reasons, standards and the next recourse.

    `recourse` is a code. A recourse that was described in words has `recourse_ref` instead.
    """

    NAME = "final_decision"
    decision: Literal["upheld", "partly_upheld", "rejected"]
    standards: list[StandardRef]
    recourse: str | None = None
    recourse_ref: TextRef | None = None
    text_ref: TextRef


class LeftUnresolved(FromRouting):
    """Values that follow-up needs to call about a complaint that ended unresolved, or to reopen it.

    `danger` is true if the command that ended the complaint reported a danger: follow-up then reopens it
    at once.
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
    """Referral of the complaint to an outside body (ISO 10003).

    `to` is a code. For a body that was described in words it is `described`, and `to_ref` leads to the
    words.
    """

    NAME = "referred"
    to: str | None = None
    to_ref: TextRef | None = None
    reason_ref: TextRef | None = None
    package_sha256: str | None = None
    """SHA-256 of the package of the record that goes with it (`amends package`)."""


class Released(FromRouting):
    """Release of open items by the complainant, or by a second person (`approval_given`) on their behalf.

    `items` are `response`, or ids of agreed actions, departments' tasks, offers and requests.
    """

    NAME = "released"
    items: list[str]
    by: Literal["customer", "second_person"]
    reason_ref: TextRef | None = None


class Withdrawn(LeftUnresolved):
    """Withdrawal of the complaint: `by` the complainant, or by staff for them, with a second person.

    In the second case follow-up calls the complainant. `asked_by` is the person who asked; the fact's
    actor is the person who agreed.
    """

    NAME = "withdrawn"
    by: Literal["customer", "staff"] = "customer"
    asked_by: str | None = None
    reason_ref: TextRef | None = None


class MovedTask(BaseModel):
    """Task of a department that continues in another complaint."""

    task_id: str
    unit: str
    due: Instant | None = None
    reads: list[TextRef] = Field(default_factory=list)


class MovedQuestion(BaseModel):
    """Question that the complainant was asked in another complaint, with their answer if they gave one."""

    question_id: str
    question: str | None = None
    text_ref: TextRef | None = None
    asked_at: Instant
    answer_ref: TextRef | None = None


class Moved(BaseModel):
    """Open items of a duplicate that continue in its survivor, each with the due instant that it had, and
    all questions that the complainant was asked, since nothing is asked twice (`sources.md` 57).
    """

    agreed: list[Terms] = Field(default_factory=list)
    actions: list[AgreedAction] = Field(default_factory=list)
    tasks: list[MovedTask] = Field(default_factory=list)
    offers: list[OfferMade] = Field(default_factory=list)
    before: list[OfferMade] = Field(default_factory=list)
    """Offers that ended in it: none in the survivor is worse."""
    questions: list[MovedQuestion] = Field(default_factory=list)

    @property
    def anything(self) -> bool:
        return bool(self.actions or self.tasks or self.offers or self.before or self.questions)


class CarriedOver(FromRouting):
    """Open items and asked questions of a duplicate that continue here. `was` maps each id here to the id in
    the duplicate.
    """

    NAME = "carried_over"
    duplicate: ComplaintId
    was: dict[str, str]
    agreed: list[Terms] = Field(default_factory=list)
    actions: list[AgreedAction] = Field(default_factory=list)
    tasks: list[MovedTask] = Field(default_factory=list)
    offers: list[OfferMade] = Field(default_factory=list)
    before: list[OfferMade] = Field(default_factory=list)
    """Offers that had ended in it: no later offer here is worse."""
    questions: list[MovedQuestion] = Field(default_factory=list)


class CaseEnded(FromRouting):
    """End of a case in routing: its open obligations are cancelled, and it accepts no command any more.

    Routing publishes this fact when the complaint was merged into another; followup then closes it.
    `moved` are the items that were open in it.
    """

    NAME = "case_ended"
    why: Literal["merged"]
    into: ComplaintId
    moved: Moved | None = None


class Resolved(FromRouting):
    """Resolution: all agreed items are done or released, or the organisation decided. Follow-up begins.

    The complaint is not closed yet. `outcome` is `released` if no agreed action was carried out in full:
    all were released. `released` names the released actions, also beside others that were done. `regimes`
    are the rules of authorities that applied: followup notifies the complainant of the recourse that they
    give.
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
