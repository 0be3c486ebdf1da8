"""What is known of one complaint. It changes only by facts, so any past state can be had again."""

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
    PreparedOption,
    Received,
    Terms,
    Triaged,
)
from shared.contract.values import Concerned, Instant, Money, Outcome, Stage
from shared.policy.obligation import Step
from shared.policy.people import Person
from shared.policy.pinned import Chain, Pinned, SharedPinned

PERSON = "person"
"""Stands as the table of a severity that a person gave."""


class LookedUp(BaseModel):
    """Where people stood when they were looked up last: known from outside, and no part of the story.

    `roster` identifies what they were looked up in, `standing` are those who have a role here, and `units`
    the teams that there were. `due`: somebody was named since, so who has a role here has to be chosen anew.
    """

    roster: str = ""
    standing: dict[str, Person] = Field(default_factory=dict)
    units: list[str] = Field(default_factory=list)
    due: bool = False


class Opening(BaseModel):
    """What a case is opened with: the `received` fact, the triage, the first owner, the pinned policy."""

    complaint_id: str
    received: Received
    triage: Triaged
    owner: str
    pinned: SharedPinned
    people: LookedUp = Field(default_factory=LookedUp)


class ObligationClock(BaseModel):
    """One deadline with its own identity. `budget` is None where an instant was named instead."""

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
    """When a migration left it no time of its new budget, and gave it some (`rules/repinning.py`)."""
    respite_to: Instant | None = None
    moved_at: Instant | None = None
    set_at: Instant | None = None
    met_at: Instant | None = None
    met_fact: str | None = None
    ladder: list[Step] = Field(default_factory=list)
    climbed: int = 0
    released: bool = False
    """Let go after it was breached: nobody climbs its ladder any more."""
    reminded: list[str] = Field(default_factory=list)
    next_step_at: Instant | None = None
    provisional: bool = False
    status: Literal["running", "paused", "met", "breached", "met_late", "cancelled"] = "running"

    @property
    def open(self) -> bool:
        """Still to be met: breached ones may yet be met late."""
        return self.status in ("running", "paused", "breached")

    @property
    def named(self) -> tuple[datetime, datetime] | None:
        """Since when an instant stands in the place of the budget, and which: an extension or a respite."""
        if self.extended_at and self.extended_to:
            return self.extended_at, self.extended_to
        return (self.respite_at, self.respite_to) if self.respite_at and self.respite_to else None

    @property
    def reminders(self) -> list[Step]:
        """The rungs before the due instant."""
        return [step for step in self.ladder if step.before]

    @property
    def rungs(self) -> list[Step]:
        """The rungs from the breach on; `climbed` counts them."""
        return [step for step in self.ladder if not step.before]

    @property
    def owed(self) -> bool:
        """Somebody has to do something for it now. A transfer that nobody accepted has returned: nobody."""
        breached = self.status == "breached" and not self.released
        return self.status == "running" or (breached and self.kind != "transfer")


class Offer(BaseModel):
    """One round of the negotiation."""

    made: OfferMade
    cycle: int
    rank: int
    status: Literal["open", "accepted", "rejected", "countered", "withdrawn", "expired", "moved"] = "open"


class Action(BaseModel):
    """Something that was agreed and has to be done."""

    action_id: str
    what: str
    due: Instant
    terms: int = 0
    """Which of the agreements it carries out, by its place among them."""
    evidence_ref: str | None = None
    released: bool = False

    @property
    def done(self) -> bool:
        """Nobody waits for it any more."""
        return self.released or self.evidence_ref is not None

    @property
    def agreed(self) -> AgreedAction:
        return AgreedAction(action_id=self.action_id, what=self.what, due=self.due)


class Approval(BaseModel):
    """A question to somebody with more authority. Not decided when its cycle ends, it lapses."""

    request: ApprovalRequested
    asked: str | None = None
    """Who was asked when nobody had decided in time."""
    status: Literal["open", "granted", "denied", "lapsed"] = "open"


class TransferProposal(BaseModel):
    transfer_id: str
    sender: str
    to: str


class DepartmentTask(BaseModel):
    task_id: str
    unit: str
    due: Instant | None
    done: bool = False


class Pause(BaseModel):
    """A wait for the complainant; `end` is None while it lasts, and it lasts no longer than `until`."""

    start: Instant
    until: Instant
    end: Instant | None = None


class CaseState(BaseModel):
    """The whole of a complaint's state, serialisable, without a text."""

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
    clocks: list[ObligationClock] = Field(default_factory=list)
    responded: bool = False
    response_released: bool = False
    agreements: list[Terms] = Field(default_factory=list)
    """What was agreed in this cycle, here or in a duplicate."""
    carried_from: list[str] = Field(default_factory=list)
    """The duplicates whose open items came over."""
    merged_into: str | None = None
    completed: list[RecordField] = Field(default_factory=list)
    """What of the record was told after the receipt."""
    told_remedy: str | None = None
    told_loss: Money | None = None
    told_group: str | None = None
    interests: list[InterestRecorded] = Field(default_factory=list)
    position: int = 0
    options: list[PreparedOption] = Field(default_factory=list)
    offers: list[Offer] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)
    approvals: list[Approval] = Field(default_factory=list)
    tasks: list[DepartmentTask] = Field(default_factory=list)
    transfers: int = 0
    transfer: TransferProposal | None = None
    pauses: list[Pause] = Field(default_factory=list)
    ending: Literal["agreed", "decided", "withdrawn", "referred"] | None = None
    outcome: Outcome | None = None
    said: dict[str, Instant] = Field(default_factory=dict)
    """When each kind of fact was said last in this cycle, but for those about deadlines."""
    said_first: dict[str, Instant] = Field(default_factory=dict)
    """When each kind was said first in this cycle."""
    told: dict[str, Instant] = Field(default_factory=dict)
    """When the complainant was told last in this cycle, by the template of the notice."""
    points: dict[str, int] = Field(default_factory=dict)
    """The points that the pack's table gave last, whatever a person made of the severity since."""
    scored: int = 0
    """The highest severity that the pack's table gave, whatever a person made of it since."""
    corrected_receipt: Instant | None = None
    migrated_to: SharedPinned | None = None
    live_chain: Chain | None = None
    """The chain since people changed; None while those of the opening or of a migration hold it."""
    concerned: Concerned = Field(default_factory=Concerned)
    """Whom the complaint is about, by all that was told so far: they have no part in it."""
    people: LookedUp = Field(default_factory=LookedUp)
    erased: bool = False
    """Whether its texts were destroyed: the complainant is told nothing any more."""

    @classmethod
    def opened(cls, opening: Opening, at: datetime) -> "CaseState":
        """The state before the first fact: everything after it comes from facts."""
        return cls(
            opening=opening,
            opened_at=at,
            triage=opening.triage,
            owner=opening.owner,
            team=opening.pinned.team,
            concerned=concerned_in(opening.received),
            people=opening.people.model_copy(deep=True),
        )

    @property
    def complaint_id(self) -> str:
        return self.opening.complaint_id

    @property
    def pinned(self) -> Pinned:
        """The rules that hold now: those it was opened under, until it was migrated."""
        return self.migrated_to or self.opening.pinned

    @property
    def chain(self) -> Chain:
        """Who stands above the owner now: people are live, so this is not the pinned chain."""
        return self.live_chain or self.pinned.chain

    @property
    def group_ref(self) -> str | None:
        """The group that it is one of (`sources.md` F10): as received, else as the complainant said later."""
        return self.opening.received.group_ref or self.told_group

    @property
    def received_at(self) -> datetime:
        """When the complainant spoke, as far as is known now."""
        return self.corrected_receipt or self.opening.received.received_at

    @property
    def cycle_began_at(self) -> datetime:
        """When the clocks of this cycle began: with the receipt, or with the reopening."""
        return self.said.get("reopened", self.received_at)

    @property
    def pause(self) -> Pause | None:
        """The wait that is on, if any."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    @property
    def open_offer(self) -> Offer | None:
        """The offer that may be answered. Only a duplicate's offer may stand beside one of our own."""
        return next(iter(self.open_offers), None)

    @property
    def open_offers(self) -> list[Offer]:
        """Every offer that may be answered."""
        return [offer for offer in self.offers if offer.status == "open"]

    def offer_open(self, offer_id: str) -> Offer | None:
        """The offer of this id, if it may be answered."""
        return next((offer for offer in self.open_offers if offer.made.offer_id == offer_id), None)

    @property
    def answered(self) -> bool:
        """Whether the first response is given, or nobody waits for it any more."""
        return self.responded or self.response_released

    @property
    def present_clocks(self) -> list[ObligationClock]:
        """The clocks of this cycle: verdicts of an earlier one never change."""
        return [clock for clock in self.clocks if clock.cycle == self.cycle]

    def clock(self, name: str) -> ObligationClock | None:
        """The newest clock of this name."""
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)

    def paused_spans(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """The waits so far, the present one as known at `now`."""
        return [(pause.start, pause.end or now) for pause in self.pauses]
