"""State of one complaint: its deadlines, its next steps, and the verbs that it accepts."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contract.commands import ActorRef
from shared.contract.completeness import Completeness
from shared.contract.cursors import Cursor
from shared.contract.events import RepresentativeRef, TriggerGuess
from shared.contract.queries.base import Query
from shared.contract.queries.certificates import Certificate
from shared.contract.subjects import Channel, Service
from shared.contract.values import (
    Actor,
    Behaviour,
    ComplaintId,
    Concerned,
    Expectation,
    Instant,
    Money,
    MotiveGuess,
    Need,
    Outside,
    PolicyId,
    Psychology,
    TextRef,
)


class ObligationState(BaseModel):
    """State of one deadline of a complaint."""

    obligation: str
    regime: str
    cycle: int
    started_at: Instant
    due: Instant
    status: Literal["running", "paused", "met", "breached", "met_late", "cancelled"]
    warned: list[int] = Field(default_factory=list)
    provisional: bool = False


class Binding(BaseModel):
    """Deadline that binds: the running deadline that runs out first, of any regime."""

    obligation: str
    regime: str
    due: Instant


ComingKind = Literal[
    "warning",
    "due",
    "escalation",
    "offer_expires",
    "wait_ends",
    "shift_ends",
    "mark_ends",
    "conversation_ends",
    "deadlock",
]
"""Kinds of steps that Amends takes by itself."""


class Coming(BaseModel):
    """Next step that Amends takes by itself if no command comes; `obligation` is absent if it concerns none.

    `mark_ends`: the time is over for which two people marked conduct as harassment. `conversation_ends`: the
    assistant of a conversation is to take over.
    """

    at: Instant
    what: ComingKind
    obligation: str | None = None


class NoteState(BaseModel):
    """Note with its author and instant. The query `text` gives its text, for a purpose."""

    note_id: str
    actor: Actor
    at: Instant
    text_ref: str


class QuestionState(BaseModel):
    """Question that the complainant was asked: by a code of the policy, in words (`text_ref`), or both.

    `answer_ref` is absent until they answer. The query `text` gives the words of both, for a purpose.
    """

    question_id: str
    question: str | None = None
    text_ref: str | None = None
    asked_at: Instant
    answer_ref: str | None = None


class Kept(BaseModel):
    """Rows that routing's tables hold for a complaint. Without a gap, `facts` and `last` both equal `seq`.

    `facts` is the number of stored facts, `last` the highest number among them, and `missing_facts` are
    the numbers of lost facts. `missing_policies` are the hashes of policies that the complaint was under
    and whose text is lost.
    """

    facts: int
    last: int
    missing_policies: list[str]
    missing_facts: list[int] = Field(default_factory=list)


class MotiveRevision(BaseModel):
    """Motives as they were judged at an instant; `why` is the fact that revised them."""

    at: Instant
    why: str
    motives: list[MotiveGuess]
    text_ref: TextRef | None = None


class StakeholderView(BaseModel):
    """Party besides the complainant that has to be informed, or was; without `due` the policy did not ask."""

    party: str
    why: str | None = None
    due: Instant | None = None
    informed_at: Instant | None = None


class SuggestedStep(BaseModel):
    """Step that is suggested to the owner, and its reason."""

    what: Literal["change", "mediate", "final_decision", "refer"]
    why: Literal["angry", "failed_rounds", "deadlock"]


class ChangeState(BaseModel):
    """Change of person, place or time, and the answer to the first offer that was answered after it."""

    what: Literal["person", "place", "time"]
    cycle: int
    at: Instant
    next_answer: Literal["accepted", "rejected", "countered"] | None = None


class ComplaintState(BaseModel):
    """State of one complaint: codes, instants and references, no texts."""

    complaint_id: ComplaintId
    alias: ComplaintId | None = None
    """Id in the request, if it is an alias: it was merged into this complaint."""
    seq: int | None = None
    """Number of the last fact of routing that this state includes."""
    stage: str
    cycle: int
    outcome: str | None = None
    policy: PolicyId
    received_at: Instant
    channel: str
    language: str
    customer_ref: str
    external_ref: str
    external_source: str
    remedy_sought: str | None = None
    loss: Money | None = None
    completeness: Completeness | None = None
    """Completeness of the record now, and the fields that are missing."""
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    not_understood: list[str] | None = None
    """Wishes of the submission that were left out as not understood: ask the complainant again."""
    category: str
    sub: str | None = None
    outside: Outside | None = None
    """Classification by an authority, in its codes of the policy's scheme."""
    unsure: bool = False
    """Whether a person should look at the category: the classifier was not sure."""
    severity: int
    safety: bool
    motives: list[MotiveGuess] = Field(default_factory=list)
    """Hypotheses about the motives that hold now."""
    motive_revisions: list[MotiveRevision] = Field(default_factory=list)
    """Every judgement of the motives, in order: none is overwritten."""
    harassment_suggested: list[str] = Field(default_factory=list)
    """Sources that suggested harassment, which two people may decide (`reclassify`, `approve`)."""
    psychology: list[Psychology] = Field(default_factory=list)
    """Psychological types that the motives point to."""
    needs: list[Need] = Field(default_factory=list)
    """Needs that a plan should answer."""
    triggers: list[TriggerGuess] = Field(default_factory=list)
    """Triggers, with each promise that was missed."""
    behaviour: Behaviour | None = None
    expectation: Expectation | None = None
    """State that follows from the gap which the complainant stated."""
    owner: str
    queued_since: Instant | None = None
    """Instant from which it waits in the queue of its team; the owner is the lead meanwhile."""
    team: str
    level: int
    chain: dict[str, str] = Field(default_factory=dict)
    """People above the owner now, by their roles: `lead` and `manager`."""
    proposed_owner: str | None = None
    """To whom a transfer is proposed."""
    assistant: str | None = None
    """Person who assists the owner, since the item was in conversation when it was handed over."""
    sign_by: Instant | None = None
    """End of the owner's shift, by which the item is, or was, to be signed over."""
    concerned: Concerned | None = None
    """People and units that the complaint is about: they have no part in handling it."""
    missing: list[str] = Field(default_factory=list)
    """People with a role in the complaint who left the roster; `nobody` is a role without a person."""
    interested: list[str] = Field(default_factory=list)
    """People with a role in the complaint although it is about them. They are replaced at once."""
    next_due: Instant | None = None
    """Earliest due instant of an open obligation; a breached obligation stays open until it is met."""
    next_obligation: str | None = None
    coming: Coming | None = None
    binding: Binding | None = None
    obligations: list[ObligationState]
    allowed: list[str]
    """Verbs that the accountable owner, the complainant or a supervisor may send now."""
    negotiation: dict[str, Any]
    actions: list[dict[str, Any]]
    approvals: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    questions: list[QuestionState] = Field(default_factory=list)
    """Questions that the complainant was asked so far, by any owner: none is asked twice."""
    transfers: dict[str, int] = Field(default_factory=dict)
    """Accepted transfers so far, by the stage in which they were proposed."""
    commander: str | None = None
    """Commander of a grave complaint; the owner stays accountable."""
    vulnerable: bool = False
    reputation_risk: bool = False
    """Whether the complainant probably wants a member of staff punished."""
    overridden: bool = False
    """Whether the limits of authority give way in this cycle."""
    apology: dict[str, Any] | None = None
    """Apology that is or was due in this cycle."""
    deadlocked: bool = False
    mediator: str | None = None
    """Person who mediates now."""
    stakeholders: list[StakeholderView] = Field(default_factory=list)
    place: Channel | None = None
    """Channel that notices use since a change of the place."""
    changes: list[ChangeState] = Field(default_factory=list)
    suggestions: list[SuggestedStep] = Field(default_factory=list)
    feedback: list[dict[str, Any]] = Field(default_factory=list)
    """Internal feedback, and the people who have to acknowledge it."""
    followup: dict[str, Any]
    text_refs: dict[str, str]
    notes: list[NoteState] = Field(default_factory=list)
    """Newest notes, in the order of writing."""
    note_count: int = 0
    certificates: list[Certificate] = Field(default_factory=list)
    """Certificate of each deadline that was ever set, for a third party to compute again. The list is empty
    if `kept` reports a gap: the remaining certificates would prove nothing.
    """
    kept: Kept | None = None
    next_cursor: str | None = None
    """Cursor of the certificates that do not fit in this reply."""


class ComplaintQuery(Query):
    """State of one complaint. A merged id is answered with its survivor, unless `follow` is false.

    `cursor` requests the certificates that did not fit in the reply before.
    """

    NAME = "complaint"
    SERVICES = (Service.ROUTING,)
    RESULT = ComplaintState
    complaint_id: str
    follow: bool = True
    actor: ActorRef | None = None
    """For whom it is asked: whom the complaint is about is refused."""
    cursor: Cursor | None = None
