"""The story of a complaint, as the list of facts that Amends publishes, in the order of a life.

A fact is past and never taken back. Each goes to `complaints.v1.event.<name>.<complaint_id>` as a
CloudEvent whose data are the fields of `FactHeader` and those of the fact itself. Facts carry codes,
numbers and references, never a name or a text.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.completeness import Completeness, RecordField
from shared.contract.envelope import CloudEvent, schema_urn
from shared.contract.ids import event_id
from shared.contract.subjects import Channel, Service
from shared.contract.submission import Hints
from shared.contract.values import (
    A_NUMBER,
    Actor,
    Category,
    CauseSide,
    ComplaintId,
    Contact,
    ErasureReason,
    Instant,
    Interest,
    Liability,
    Money,
    MotiveGuess,
    Nature,
    Outcome,
    Party,
    PolicyId,
    Relation,
    Stage,
    Style,
    TextRef,
)

PromotedBecause = Literal["repeat", "request", "unanswered"]
"""A second grumble within the policy's time, somebody's wish, or nobody's answer in time."""

Rating = Annotated[int, Field(ge=1, le=5), A_NUMBER]
Severity = Annotated[int, Field(ge=1, le=5)]


class FactHeader(BaseModel):
    """What every fact says: of which complaint, which one of this service, and who did it."""

    complaint_id: ComplaintId
    seq: Annotated[int, Field(ge=1)]
    cycle: Annotated[int, Field(ge=1)]
    stage: Stage
    actor: Actor
    policy: PolicyId


class Fact(BaseModel):
    """A fact's own fields. `NAME` is its name on the wire; `BY` the services that may say it."""

    NAME: ClassVar[str]
    BY: ClassVar[tuple[Service, ...]]


# --- intake ---------------------------------------------------------------------------------------


class FromIntake(Fact):
    BY = (Service.INTAKE,)


class Signals(BaseModel):
    """What the policy's lexicon found in the texts before they were put away: codes, no words."""

    categories: dict[Category, int] = Field(default_factory=dict)
    motives: list[MotiveGuess] = Field(default_factory=list)
    styles: list[Style] = Field(default_factory=list)
    safety: bool = False


class Promise(BaseModel):
    """A waiting time that a complainant was told (`concepts.md` 51)."""

    promise_id: str
    what: str
    by_when: Instant


class RepresentativeRef(BaseModel):
    """Somebody who complains for the complainant: who, and as what. Name and authority are put away."""

    ref: str
    relation: Relation


class Received(FromIntake):
    """The complaint is on record. `received_at`: when the complainant spoke, `recorded_at`: when we wrote."""

    NAME = "received"
    channel: Channel
    received_at: Instant
    recorded_at: Instant
    language: str
    customer_ref: str
    external_ref: str
    external_source: str
    safety: bool
    loss: Money | None = None
    attachments: Annotated[int, Field(ge=1)] | None = None
    """How many there are, absent when there are none; which, is put away with the texts."""
    completeness: Completeness | None = None
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    """One matter, many complainants: the same for all of them; each is a complaint of its own."""
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    vip: bool = False
    contact: Contact = Field(default_factory=Contact)
    hints: Hints = Field(default_factory=Hints)
    signals: Signals = Field(default_factory=Signals)
    promises: list[Promise] = Field(default_factory=list)
    text_refs: dict[str, TextRef] = Field(default_factory=dict)
    grumbled_at: Instant | None = None
    """When the complainant first grumbled about it; only where a grumble became this complaint."""
    grumbles: list[ComplaintId] | None = None
    """The grumbles that became this complaint."""


class PromiseMade(FromIntake):
    """The acknowledgement told the complainant by when they hear (`concepts.md` 51)."""

    NAME = "promise_made"
    promise_id: str
    what: str
    by_when: Instant


class ContactAdded(FromIntake):
    """The complainant, or somebody for them, came again about the same matter.

    Where that was a submission of its own, `alias` is the id that it had, `text_refs` are all its texts, and
    what else it brought is here as `received` would have it; all of it is put away in `details`, too.
    """

    NAME = "contact_added"
    channel: Channel
    at: Instant
    text_ref: TextRef
    alias: ComplaintId | None = None
    text_refs: dict[str, TextRef] | None = None
    safety: bool | None = None
    loss: Money | None = None
    attachments: Annotated[int, Field(ge=1)] | None = None
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    vip: bool | None = None
    contact: Contact | None = None
    hints: Hints | None = None


class DuplicateSuspected(FromIntake):
    """This complaint may be about the same matter as `of`: a suggestion, `score` from 0 to 1, for a person.

    Between different customers it is a mere link: they are never merged (`peers.md` 21).
    """

    NAME = "duplicate_suspected"
    of: ComplaintId
    score: Annotated[float, Field(ge=0, le=1)]


class Merged(FromIntake):
    """From now on this id is an alias, for ever: whatever is sent to it reaches `into` (`peers.md` 20).

    It is the first and only fact of a submission that joined an open complaint as a further contact.
    """

    NAME = "merged"
    into: ComplaintId


class Grumbled(FromIntake):
    """Somebody is not content but does not complain yet: answer by `answer_by` (`concepts.md` 9)."""

    NAME = "grumbled"
    channel: Channel
    received_at: Instant
    recorded_at: Instant
    language: str
    customer_ref: str
    external_ref: str
    external_source: str
    contact: Contact = Field(default_factory=Contact)
    text_refs: dict[str, TextRef] = Field(default_factory=dict)
    answer_by: Instant
    loss: Money | None = None
    remedy_sought: str | None = None


class GrumbleAnswered(FromIntake):
    """Somebody answered the grumble in time; it rests, and still counts as the first of a repeat."""

    NAME = "grumble_answered"
    text_ref: TextRef


class Promoted(FromIntake):
    """The grumble became the complaint `into`, together with all of `grumbles` (`concepts.md` 9).

    Said of each of them. Where `into` is another id, that of a later grumble, this one is its alias from
    now on.
    """

    NAME = "promoted"
    because: PromotedBecause
    into: ComplaintId
    grumbles: list[ComplaintId]
    reason_ref: TextRef | None = None


class Erased(FromIntake):
    """Every text of the complaint was destroyed, in every service; `texts` is how many there were.

    With it went those of the ids that were merged into it. Facts, rates and histories stay as they are.
    """

    NAME = "erased"
    reason: ErasureReason
    texts: Annotated[int, Field(ge=0)]


class Notice(Fact):
    """Something the complainant must be told; a gateway reads the text by its reference and delivers it."""

    NAME = "notice"
    BY = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    template: str
    language: str
    channel: Channel
    customer_ref: str
    text_ref: TextRef


# --- routing: people ------------------------------------------------------------------------------


class FromRouting(Fact):
    BY = (Service.ROUTING,)


class SeverityScore(BaseModel):
    """How the severity came about: the inputs that counted, each with its points (`concepts.md` 15)."""

    table: str
    points: dict[str, int]


class Triaged(FromRouting):
    """What it is about, how grave it is, and how that was found."""

    NAME = "triaged"
    category: Category
    cause_side: CauseSide | None = None
    nature: Nature
    motives: list[MotiveGuess]
    style: list[Style]
    severity: Severity
    severity_score: SeverityScore
    safety: bool
    reason_ref: TextRef | None = None


class Assigned(FromRouting):
    """From now on exactly this person is accountable (`concepts.md` 67)."""

    NAME = "assigned"
    owner: str
    team: str
    level: int
    why: Literal["triage", "transfer", "escalation", "reopening"]
    previous: str | None = None


class Transferred(FromRouting):
    """A transfer was proposed; the owner stays accountable until `to` accepts (`concepts.md` 96)."""

    NAME = "transferred"
    transfer_id: str
    sender: str
    to: str
    reason_ref: TextRef | None = None


class TransferReturned(FromRouting):
    """Nobody accepted the transfer in time; nothing changed."""

    NAME = "transfer_returned"
    transfer_id: str
    sender: str
    to: str


class Changed(FromRouting):
    """One of the three changes: person (`to`), place or time (`to_ref`) (`concepts.md` 65)."""

    NAME = "changed"
    what: Literal["person", "place", "time"]
    to: str | None = None
    to_ref: TextRef | None = None
    reason_ref: TextRef | None = None


class Escalated(FromRouting):
    """The complaint went up a level. `level` counts up within a cycle; each comes once.

    `obligation` is the breached deadline whose ladder it climbed, absent when a person escalated;
    `copied_to` are those who are told as well.
    """

    NAME = "escalated"
    level: int
    why: str
    to: str
    obligation: str | None = None
    copied_to: list[str] | None = None
    reason_ref: TextRef | None = None


class FeedbackRaised(FromRouting):
    """One of the six triggers of internal feedback (`concepts.md` 95); 3 and 4 are immediate."""

    NAME = "feedback_raised"
    trigger: Annotated[int, Field(ge=1, le=6)]
    to: list[str]
    text_ref: TextRef


class TaskOpened(FromRouting):
    """A department was given its part (`concepts.md` 63)."""

    NAME = "task_opened"
    task_id: str
    unit: str
    due: Instant | None = None
    text_ref: TextRef


class TaskDone(FromRouting):
    """The department's part is done."""

    NAME = "task_done"
    task_id: str
    text_ref: TextRef


# --- routing: clocks ------------------------------------------------------------------------------


class DeadlineFact(FromRouting):
    """`obligation` names one deadline of the complaint, `regime` the rules it comes from."""

    obligation: str
    regime: str


class DeadlineSet(DeadlineFact):
    """A clock started; it runs out at `due`."""

    NAME = "deadline_set"
    due: Instant
    started_at: Instant
    provisional: bool = False


class DeadlineMoved(DeadlineFact):
    """The same obligation now runs out at another instant, and why."""

    NAME = "deadline_moved"
    due: Instant
    was: Instant
    why: str
    provisional: bool = False


class DeadlineWarned(DeadlineFact):
    """`percent` of the obligation's own time has passed.

    `reminder` names the rung of the ladder that asks for it, where no percentage does.
    """

    NAME = "deadline_warned"
    due: Instant
    percent: int
    to: str
    reminder: str | None = None
    copied_to: list[str] | None = None


class DeadlineMet(DeadlineFact):
    """The fact that it asked for came; `late` if after the breach."""

    NAME = "deadline_met"
    due: Instant
    by_fact: str
    late: bool = False


class DeadlineBreached(DeadlineFact):
    """It ran out. The event's time is the due instant. `late_registration`: it had run out before we knew."""

    NAME = "deadline_breached"
    due: Instant
    late_registration: bool = False


class DeadlineExtended(DeadlineFact):
    """Somebody moved it, with a reason, before it ran out (`concepts.md` 61)."""

    NAME = "deadline_extended"
    due: Instant
    was: Instant
    reason_ref: TextRef | None = None


class DeadlineCancelled(DeadlineFact):
    """It is not asked for any more."""

    NAME = "deadline_cancelled"
    due: Instant
    reason: str


class Paused(FromRouting):
    """We wait for the complainant; clocks that may pause do. The 24-hour rule never does."""

    NAME = "paused"
    until: Instant
    obligations: list[str]
    reason_ref: TextRef | None = None


class Resumed(FromRouting):
    """The wait is over."""

    NAME = "resumed"
    obligations: list[str]
    why: Literal["command", "answer", "limit", "end"]


class ReceiptCorrected(FromRouting):
    """The complainant had spoken at another instant than we thought; what counts from then counts anew."""

    NAME = "receipt_corrected"
    received_at: Instant
    was: Instant
    reason_ref: TextRef | None = None


class MovedDue(BaseModel):
    """A deadline under another policy. `was` is absent for one that is new, `due` for one that is dropped."""

    obligation: str
    was: Instant | None = None
    due: Instant | None = None


class PolicyMigrated(FromRouting):
    """The complaint goes on under another policy; the deadline facts that follow say the same one by one."""

    NAME = "policy_migrated"
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    from_: PolicyId = Field(alias="from")
    to: PolicyId
    moved: list[MovedDue]
    reason_ref: TextRef | None = None


# --- routing: substance ---------------------------------------------------------------------------


class Responded(FromRouting):
    """The owner answered in substance: what the 24-hour rule asks for (`concepts.md` 64)."""

    NAME = "responded"
    kind: Literal["explanation", "proposal", "plan"]
    promise_by: Instant | None = None
    text_ref: TextRef


class RecordCompleted(FromRouting):
    """What was missing in the record was told (`concepts.md` 53): `fields` now, `missing` still."""

    NAME = "record_completed"
    fields: list[RecordField]
    missing: list[RecordField]
    score: Annotated[float, Field(ge=0, le=1)]
    remedy_sought: str | None = None
    unit: str | None = None
    loss: Money | None = None
    text_refs: dict[str, TextRef] = Field(default_factory=dict)


class Clarified(FromRouting):
    """Cause and liability were found (`concepts.md` 38, 58)."""

    NAME = "clarified"
    cause: str
    cause_side: CauseSide
    liability: Liability
    evidence_refs: list[TextRef] = Field(default_factory=list)
    text_ref: TextRef | None = None


class InterestRecorded(FromRouting):
    """What a party needs behind its demand; `confirmed` if they said so themselves (`concepts.md` 72)."""

    NAME = "interest_recorded"
    party: Party
    interest: Interest
    confirmed: bool
    text_ref: TextRef | None = None


class PositionSet(FromRouting):
    """The organisation's core position, a new version each time (`concepts.md` 66)."""

    NAME = "position_set"
    version: int
    text_ref: TextRef | None = None


class PreparedOption(BaseModel):
    """One alternative, as prepared before the first offer."""

    option_id: str
    remedy: str
    amount: Money | None = None
    value_to_customer: float | None = None
    value_to_company: float | None = None
    text_ref: TextRef | None = None


class OptionsPrepared(FromRouting):
    """The alternatives, best for the complainant last (`concepts.md` 74)."""

    NAME = "options_prepared"
    options: list[PreparedOption]


class StandardRef(BaseModel):
    """An objective standard that is cited, at the version in force (`concepts.md` 73)."""

    id: str
    version: str


class OfferMade(FromRouting):
    """An offer reached the complainant; it stands until it is answered, withdrawn or expires."""

    NAME = "offer_made"
    offer_id: str
    round: int
    option_id: str
    remedy: str
    amount: Money | None = None
    standards: list[StandardRef]
    expires_at: Instant
    text_ref: TextRef


class Counter(BaseModel):
    """What the complainant would accept instead."""

    remedy: str
    amount: Money | None = None


class OfferAnswered(FromRouting):
    """The complainant answered. On a rejection `next_option_id` is the alternative proposed to the owner."""

    NAME = "offer_answered"
    offer_id: str
    answer: Literal["accepted", "rejected", "countered"]
    counter: Counter | None = None
    next_option_id: str | None = None
    text_ref: TextRef | None = None


class OfferWithdrawn(FromRouting):
    """The owner took the offer back before it was answered."""

    NAME = "offer_withdrawn"
    offer_id: str
    reason_ref: TextRef | None = None


class OfferExpired(FromRouting):
    """Nobody answered in time."""

    NAME = "offer_expired"
    offer_id: str


class ApprovalRequested(FromRouting):
    """Somebody with more authority, or a second person, has to agree first (`concepts.md` 81).

    `to` is who is asked; whoever agrees in their place has `least_role` or a higher one.
    """

    NAME = "approval_requested"
    request_id: str
    what: Literal["offer", "safety_downgrade", "extension"]
    to: str
    asked_by: str
    least_role: Literal["lead", "manager"] | None = None
    amount: Money | None = None
    option_id: str | None = None
    standards: list[StandardRef] = Field(default_factory=list)
    expires_at: Instant | None = None
    obligation: str | None = None
    until: Instant | None = None
    text_ref: TextRef | None = None


class ApprovalGiven(FromRouting):
    """The answer to an approval request; `approved` says which."""

    NAME = "approval_given"
    request_id: str
    approved: bool
    reason_ref: TextRef | None = None


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

    `to` is a code; where it was told in words, `to_ref` stands in its place.
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


# --- followup -------------------------------------------------------------------------------------


class FromFollowUp(Fact):
    BY = (Service.FOLLOWUP,)


class CallbackScheduled(FromFollowUp):
    """When the complainant will be asked whether they are satisfied (`concepts.md` 86)."""

    NAME = "callback_scheduled"
    attempt: int
    due: Instant
    window_end: Instant
    provisional: bool = False


class CallbackDue(FromFollowUp):
    """Call now; the window ends at `window_end`."""

    NAME = "callback_due"
    attempt: int
    window_start: Instant
    window_end: Instant


class CallbackReported(FromFollowUp):
    """What came of an attempt."""

    NAME = "callback_reported"
    attempt: int
    result: Literal["reached", "no_answer", "busy", "wrong_number", "later", "refused"]
    again_at: Instant | None = None
    text_ref: TextRef | None = None


class Fairness(BaseModel):
    """The three kinds of fairness, 1 to 5 (`concepts.md` 82 to 84)."""

    outcome: Rating
    process: Rating
    treatment: Rating


class SatisfactionRecorded(FromFollowUp):
    """The complainant's own verdict."""

    NAME = "satisfaction_recorded"
    resolved: bool
    overall: Rating
    fairness: Fairness
    nps: Annotated[int, Field(ge=0, le=10)] | None = None
    text_ref: TextRef | None = None


class Reopened(FromFollowUp):
    """Not satisfied: a new cycle begins with another owner, one level up (`concepts.md` 88)."""

    NAME = "reopened"
    why: Literal["not_resolved", "dissatisfied"]
    to_cycle: int


class Closed(FromFollowUp):
    """The end. After it no command is accepted."""

    NAME = "closed"
    outcome: Outcome


def _facts(base: type[Fact]) -> list[type[Fact]]:
    """All named facts below `base`, in the order of this file."""
    found: list[type[Fact]] = []
    for child in base.__subclasses__():
        if "NAME" in child.__dict__:
            found.append(child)
        found.extend(_facts(child))
    return found


FACTS: dict[str, type[Fact]] = {fact.NAME: fact for fact in _facts(Fact)}
"""Every fact by its name on the wire."""

TYPE_PREFIX = "complaints.event."


def cloud_event(
    service: Service, header: FactHeader, fact: Fact, time: Instant
) -> CloudEvent[dict[str, Any]]:
    """The message in which `service` says `fact`. Its id repeats itself: said twice, it counts once."""
    own = fact.model_dump(mode="json", exclude_none=True)
    return CloudEvent[dict[str, Any]](
        type=f"{TYPE_PREFIX}{fact.NAME}.v1",
        source=f"amends/{service}",
        id=event_id(header.complaint_id, service, header.seq),
        time=time,
        subject=header.complaint_id,
        dataschema=schema_urn(f"event:{fact.NAME}"),
        data=header.model_dump(mode="json") | own,
    )


def read_fact(event: CloudEvent[dict[str, Any]]) -> tuple[str, FactHeader, Fact]:
    """Name, header and typed fact of a message; raises `ValueError` for a fact that the contract has not."""
    name = event.type.removeprefix(TYPE_PREFIX).removesuffix(".v1")
    if name not in FACTS:
        raise ValueError(f"the contract has no fact named {name!r}")
    return name, FactHeader.model_validate(event.data), FACTS[name].model_validate(event.data)
