"""State of one complaint. It changes only by facts, so any past state can be rebuilt."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from shared.clocks.amounts import Budget
from shared.contract.completeness import RecordField
from shared.contract.concerned import concerned_in
from shared.contract.events import (
    AgreedAction,
    ApprovalRequested,
    InterestRecorded,
    OfferMade,
    Party360,
    PreparedOption,
    Received,
    Terms,
    Triaged,
)
from shared.contract.queries import MotiveRevision
from shared.contract.subjects import Channel
from shared.contract.values import (
    CauseSide,
    Concerned,
    Course,
    Instant,
    Interest,
    Money,
    Outcome,
    Party,
    Stage,
)
from shared.policy.chains import Chain
from shared.policy.obligation import Step
from shared.policy.people import Person
from shared.policy.pinned import Pinned, SharedPinned

PERSON = "person"
"""Table id of a severity that a person gave."""


class LookedUp(BaseModel):
    """Roles of people when they were looked up last: known from outside, and no part of the facts.

    `roster` identifies the roster, `standing` are those who have a role here, and `units` the teams that
    existed. `due`: a person was named since, so the people have to be chosen anew.
    """

    roster: str = ""
    roles: dict[str, Person] = Field(default_factory=dict)
    units: list[str] = Field(default_factory=list)
    heads: dict[str, list[str]] = Field(default_factory=dict)
    """People who answer for the units that have a task, first the lead."""
    instead: dict[str, Person] = Field(default_factory=dict)
    """Person who is asked next where one of the chain does not decide, by the person who was asked."""
    due: bool = False
    shift_end: Instant | None = None
    """End of the present or next shift of `shift_of`; None without shifts."""
    shift_of: str = ""
    away: dict[str, str] = Field(default_factory=dict)
    renamed: dict[str, str] = Field(default_factory=dict)
    """Present ids of people who had a part in it under another."""
    timed: bool = False
    """Whether the roster has hours or absences, so that another owner has another end of shift."""
    changes_at: Instant | None = None
    """Instant at which an absence of a person with a role here begins or ends."""
    look_at: Instant | None = None
    """Instant at which a complaint in the queue is looked at again."""


class Opening(BaseModel):
    """Opening of a case: the `received` fact, the triage, the first owner, the pinned policy."""

    complaint_id: str
    received: Received
    triage: Triaged
    owner: str
    pinned: SharedPinned
    people: LookedUp = Field(default_factory=LookedUp)
    reasons: list[str] = Field(default_factory=list)
    waits: list[str] = Field(default_factory=list)
    """Rules for which it waits in the queue of its team from the beginning."""
    former: str | None = None
    """Owner of the customer's last complaint before."""


class ObligationClock(BaseModel):
    """Deadline with its own identity. `budget` is None where an instant was named instead."""

    name: str
    kind: str
    regime: str
    cycle: int
    started_at: Instant
    budget: Budget | None
    due: Instant
    met_by: list[str]
    restarted_by: list[str] = Field(default_factory=list)
    silent_notices: list[str] = Field(default_factory=list)
    warn_at: list[int] = Field(default_factory=list)
    warned: list[int] = Field(default_factory=list)
    pausable: bool = False
    calendar: str | None = None
    extendable: bool = False
    extensions: int = 0
    extended_at: Instant | None = None
    extended_to: Instant | None = None
    extended: list[tuple[Instant, Instant]] = Field(default_factory=list)
    """Each extension: from which due instant to which."""
    duty: bool = True
    respite_at: Instant | None = None
    """Instant of a migration that left it no time of its new budget, and gave it some
    (`rules/repinning.py`).
    """
    respite_to: Instant | None = None
    moved_at: Instant | None = None
    set_at: Instant | None = None
    met_at: Instant | None = None
    met_fact: str | None = None
    ladder: list[Step] = Field(default_factory=list)
    climbed: int = 0
    released: bool = False
    """Whether it was released after its breach: its ladder ends."""
    reminded: list[str] = Field(default_factory=list)
    next_step_at: Instant | None = None
    provisional: bool = False
    status: Literal["running", "paused", "met", "breached", "met_late", "cancelled"] = "running"

    @property
    def open(self) -> bool:
        """Whether it is still to be met: a breached clock may yet be met late."""
        return self.status in ("running", "paused", "breached")

    @property
    def named(self) -> tuple[datetime, datetime] | None:
        """Named due instant in place of the budget, and its beginning: an extension or a respite."""
        if self.extended_at and self.extended_to:
            return self.extended_at, self.extended_to
        return (self.respite_at, self.respite_to) if self.respite_at and self.respite_to else None

    @property
    def reminders(self) -> list[Step]:
        """Rungs before the due instant."""
        return [step for step in self.ladder if step.before]

    @property
    def rungs(self) -> list[Step]:
        """Rungs from the breach on; `climbed` counts them."""
        return [step for step in self.ladder if not step.before]

    @property
    def expected(self) -> bool:
        """Whether a person has to act on it now. A transfer that was not accepted has returned, and needs
        none.
        """
        breached = self.status == "breached" and not self.released
        return self.status == "running" or (breached and self.kind != "transfer")


class Offer(BaseModel):
    """Round of the negotiation."""

    made: OfferMade
    cycle: int
    rank: int
    listed: int = 0
    """Number of the list that it was prepared in; 0 for an offer of a duplicate."""
    counts: bool = True
    """Whether later offers are compared with it: not after two people went back behind it."""
    status: Literal["open", "accepted", "rejected", "countered", "withdrawn", "expired", "moved"] = "open"


class Action(BaseModel):
    """Something that was agreed and has to be done."""

    action_id: str
    what: str
    due: Instant
    terms: int = 0
    """Place of the agreement that it carries out."""
    evidence_ref: str | None = None
    released: bool = False

    @property
    def done(self) -> bool:
        """Whether it is finished or released."""
        return self.released or self.evidence_ref is not None

    @property
    def agreed(self) -> AgreedAction:
        return AgreedAction(action_id=self.action_id, what=self.what, due=self.due)


class Approval(BaseModel):
    """Request to a person with more authority. A request that is not decided when its cycle ends lapses."""

    request: ApprovalRequested
    asked: str | None = None
    """Person who was asked after the first had not decided in time."""
    status: Literal["open", "granted", "denied", "lapsed"] = "open"


class TransferProposal(BaseModel):
    transfer_id: str
    sender: str
    to: str
    stage: Stage = Stage.ANALYSING
    signed: bool = False
    """Whether it is a hand-over, which the sender has signed."""


class DepartmentTask(BaseModel):
    """Task of a department. `finished` without `done`: it waits for the owner's countersignature.

    `reported_at` is the instant of the department's last message, `urged` are the urges that came. `asked`
    is the person who was asked after the owner had not countersigned it in time.
    """

    task_id: str
    unit: str
    due: Instant | None
    done: bool = False
    finished: bool = False
    asked: str | None = None
    opened_at: Instant | None = None
    reported_at: Instant | None = None
    urged: list[str] = Field(default_factory=list)
    reads: list[str] = Field(default_factory=list)


class Restatement(BaseModel):
    """Problem as it was restated to the complainant; `confirmed` is None until they answer."""

    restatement_id: str
    interests: list[Interest]
    expires_at: Instant
    text_ref: str
    confirmed: bool | None = None

    def open(self, now: datetime) -> bool:
        """Whether it may be answered."""
        return self.confirmed is None and now < self.expires_at


class Question(BaseModel):
    """Question that the complainant was asked; `answer_ref` is absent until they answer."""

    question_id: str
    question: str | None = None
    text_ref: str | None = None
    asked_at: Instant
    answer_ref: str | None = None


class ShiftEnd(BaseModel):
    """Announced end of the owner's shift, by which the item is to be signed over; `missed`: it was not."""

    owner: str
    by: Instant
    missed: bool = False


class Passed(BaseModel):
    """Accepted transfer, with the stage and cycle in which it was proposed."""

    cycle: int
    stage: Stage


class ChangeMade(BaseModel):
    """Change of person, place or time; `next_answer` is the first answer to an offer after it."""

    what: Literal["person", "place", "time"]
    cycle: int
    at: Instant
    next_answer: Literal["accepted", "rejected", "countered"] | None = None


class StakeholderState(BaseModel):
    """Party to be informed, besides the complainant; without `due` the policy did not ask for it."""

    party: Party360
    why: str | None = None
    due: Instant | None = None
    informed_at: Instant | None = None


class Feedback(BaseModel):
    """Internal feedback that has to be acknowledged by the people in `waiting`.

    `passed_to` is the person who was asked after some had not acknowledged it in time.
    """

    feedback_id: str
    trigger: int
    waiting: list[str]
    passed_to: str | None = None
    open: bool = True


class ApologyState(BaseModel):
    """Apology that is or was due in this cycle; `by` is the least role of the person who apologises."""

    apology_id: str
    kind: Literal["full", "partial"]
    by: str | None = None
    given: bool = False


class Mediation(BaseModel):
    """Mediation that goes on."""

    mediation_id: str
    mediator: str
    due: Instant


class Pause(BaseModel):
    """Wait for the complainant; `end` is None while it lasts, and it lasts no longer than `until`."""

    start: Instant
    until: Instant
    end: Instant | None = None


class CaseState(BaseModel):
    """Whole state of a complaint, serialisable, without a text."""

    opening: Opening
    opened_at: Instant
    triage: Triaged
    owner: str
    team: str
    level: int = 0
    escalations: int = 0
    stage: Stage = Stage.RECORDED
    cycle: int = 1
    seq: int = 0
    owners: list[str] = Field(default_factory=list)
    queued_since: Instant | None = None
    """Instant from which it waits in the queue; None while it has an owner of its own."""
    clocks: list[ObligationClock] = Field(default_factory=list)
    responded: bool = False
    response_released: bool = False
    agreements: list[Terms] = Field(default_factory=list)
    """Agreements of this cycle, made here or in a duplicate."""
    carried_from: list[str] = Field(default_factory=list)
    """Duplicates whose open items were carried over."""
    merged_into: str | None = None
    completed: list[RecordField] = Field(default_factory=list)
    """Fields of the record that were completed after the receipt."""
    told_remedy: str | None = None
    told_loss: Money | None = None
    told_group: str | None = None
    cause_side: CauseSide | None = None
    """Side of the cause, as clarified last."""
    motives: list[MotiveRevision] = Field(default_factory=list)
    """Every revision of the motives, the last of which holds."""
    interests: list[InterestRecorded] = Field(default_factory=list)
    listened: bool = False
    """Whether the listening step of this cycle was taken."""
    restatement: Restatement | None = None
    """Last restatement of this cycle."""
    restatements: int = 0
    fallbacks: dict[Party, Course] = Field(default_factory=dict)
    """Course of each party without an agreement."""
    position: int = 0
    options: list[PreparedOption] = Field(default_factory=list)
    shelved: list[PreparedOption] = Field(default_factory=list)
    """Options of earlier lists of this cycle."""
    lists: int = 0
    """Lists of options that were prepared so far."""
    offers: list[Offer] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)
    approvals: list[Approval] = Field(default_factory=list)
    tasks: list[DepartmentTask] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)
    """Ledger of all questions to the complainant, through all cycles and owners."""
    assigned_at: Instant | None = None
    stands_in_for: str | None = None
    """Absent person whose deputy the owner is: they may have it back."""
    signing: ShiftEnd | None = None
    conversation: Instant | None = None
    """End of the conversation with the complainant that goes on, at the latest."""
    assistant: str | None = None
    passed: list[Passed] = Field(default_factory=list)
    commander: str | None = None
    """Commander of a grave complaint. The owner stays accountable."""
    stakeholders: list[StakeholderState] = Field(default_factory=list)
    vulnerable: bool = False
    overridden: int = 0
    """Last cycle in which the limits of authority gave way."""
    changes: list[ChangeMade] = Field(default_factory=list)
    place: Channel | None = None
    """Channel of the notices since a change of the place."""
    failed_rounds: int = 0
    """Offers of this cycle that were not accepted since the last change."""
    apology: ApologyState | None = None
    """Last apology that was due in this cycle."""
    deadlocked: bool = False
    """Whether the negotiation is in a deadlock, until something changes it."""
    mediation: Mediation | None = None
    feedback: list[Feedback] = Field(default_factory=list)
    transfers: int = 0
    transfer: TransferProposal | None = None
    pauses: list[Pause] = Field(default_factory=list)
    ending: Literal["agreed", "decided", "withdrawn", "referred"] | None = None
    outcome: Outcome | None = None
    last_fact_at: dict[str, Instant] = Field(default_factory=dict)
    """Instant of the last fact of each kind in this cycle, without those about deadlines."""
    first_fact_at: dict[str, Instant] = Field(default_factory=dict)
    """Instant of the first fact of each kind in this cycle."""
    last_notice_at: dict[str, Instant] = Field(default_factory=dict)
    """Instant of the last notice in this cycle, by its template."""
    points: dict[str, int] = Field(default_factory=dict)
    """Points that the pack's table gave last, independent of a person's severity."""
    scored: int = 0
    """Highest severity that the pack's table gave, independent of a person's severity."""
    corrected_receipt: Instant | None = None
    receipt_corrected_at: Instant | None = None
    migrated_to: SharedPinned | None = None
    live_chain: Chain | None = None
    """Chain since people changed; None while those of the opening or of a migration hold it."""
    concerned: Concerned = Field(default_factory=Concerned)
    """People and units that the complaint concerns, by all facts so far: they have no part in it."""
    people: LookedUp = Field(default_factory=LookedUp)
    parked: dict[str, Instant] = Field(default_factory=dict)
    """Events of time in which a rule has a fault, with the instant at which each is tried again."""
    erased: bool = False
    """Whether its texts were destroyed: the complainant gets no notices any more."""

    @classmethod
    def opened(cls, opening: Opening, at: datetime) -> "CaseState":
        """State before the first fact. Everything after it comes from facts."""
        return cls(
            opening=opening,
            opened_at=at,
            assigned_at=at,
            triage=opening.triage,
            owner=opening.owner,
            team=opening.pinned.team,
            concerned=concerned_in(opening.received),
            people=opening.people.model_copy(),  # its lists are replaced, never changed in place
            vulnerable=bool(opening.received.hints.vulnerable),
        )

    @property
    def complaint_id(self) -> str:
        return self.opening.complaint_id

    @property
    def pinned(self) -> Pinned:
        """Rules that hold now: those it was opened under, until it was migrated."""
        return self.migrated_to or self.opening.pinned

    @property
    def chain(self) -> Chain:
        """People above the owner now. Roles are live, so this is not the pinned chain."""
        return self.live_chain or self.pinned.chain

    @property
    def group_ref(self) -> str | None:
        """Group that it belongs to (`sources.md` F10): as received, else as completed later."""
        return self.opening.received.group_ref or self.told_group

    @property
    def received_at(self) -> datetime:
        """Instant at which the complainant first wrote or spoke, as far as is known now."""
        return self.corrected_receipt or self.opening.received.received_at

    @property
    def cycle_began_at(self) -> datetime:
        """Instant at which the clocks of this cycle began: the receipt, or the reopening."""
        return self.last_fact_at.get("reopened", self.received_at)

    @property
    def pause(self) -> Pause | None:
        """Present wait, if any."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    def former(self, person: str) -> bool:
        """Whether this person had the complaint and gave it away, which an absent person did not."""
        known = {self.present_id(one) for one in self.owners}
        return person in known and person != self.present_id(self.stands_in_for or "")

    def present_id(self, person: str) -> str:
        """Id of a person now, who may have had another when it was stored here."""
        return self.people.renamed.get(person, person)

    def in_conversation(self, now: datetime) -> bool:
        """Whether a conversation with the complainant goes on."""
        return self.conversation is not None and now < self.conversation

    @property
    def apology_due(self) -> ApologyState | None:
        """Apology that is due and was not given."""
        return self.apology if self.apology and not self.apology.given else None

    @property
    def open_offer(self) -> Offer | None:
        """Offer that may be answered. Only a duplicate's offer may be open beside one of our own."""
        return next(iter(self.open_offers), None)

    @property
    def open_offers(self) -> list[Offer]:
        """Every offer that may be answered."""
        return [offer for offer in self.offers if offer.status == "open"]

    def offer_open(self, offer_id: str) -> Offer | None:
        """Offer of this id, if it may be answered."""
        return next((offer for offer in self.open_offers if offer.made.offer_id == offer_id), None)

    @property
    def answered(self) -> bool:
        """Whether the first response is given, or released."""
        return self.responded or self.response_released

    @property
    def present_clocks(self) -> list[ObligationClock]:
        """Clocks of this cycle: verdicts of an earlier cycle never change."""
        return [clock for clock in self.clocks if clock.cycle == self.cycle]

    def clock(self, name: str) -> ObligationClock | None:
        """Newest clock of this name."""
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)

    def paused_spans(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """Waits so far, the present wait as known at `now`."""
        return [(pause.start, pause.end or now) for pause in self.pauses]
