"""One complaint as it stands: its deadlines, what happens next, and who may do what."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contract.commands import ActorRef
from shared.contract.completeness import Completeness
from shared.contract.cursors import Cursor
from shared.contract.events import RepresentativeRef
from shared.contract.queries.base import Query
from shared.contract.queries.certificates import Certificate
from shared.contract.subjects import Service
from shared.contract.values import Actor, ComplaintId, Concerned, Instant, Money, PolicyId


class ObligationState(BaseModel):
    """One deadline of a complaint as it stands."""

    obligation: str
    regime: str
    cycle: int
    started_at: Instant
    due: Instant
    status: Literal["running", "paused", "met", "breached", "met_late", "cancelled"]
    warned: list[int] = Field(default_factory=list)
    provisional: bool = False


class Binding(BaseModel):
    """The deadline that binds: of those that run, the one that runs out first, whatever regime it is of."""

    obligation: str
    regime: str
    due: Instant


class Coming(BaseModel):
    """What happens next by itself, if nobody does anything, and about which obligation, if about one."""

    at: Instant
    what: Literal["warning", "due", "escalation", "offer_expires", "wait_ends"]
    obligation: str | None = None


class NoteState(BaseModel):
    """A note: who wrote it, when, and where its text is, which the query `text` gives for a purpose."""

    note_id: str
    actor: Actor
    at: Instant
    text_ref: str


class Kept(BaseModel):
    """What routing's tables hold behind a complaint. Without a gap, `facts` and `last` are both its `seq`.

    `facts`: how many are on record; `last`: the highest number among them; `missing_facts`: the numbers of
    those that are gone. `missing_policies`: the hashes of policies that it was under and whose text is gone.
    """

    facts: int
    last: int
    missing_policies: list[str]
    missing_facts: list[int] = Field(default_factory=list)


class ComplaintState(BaseModel):
    """The whole state of one complaint: codes, instants and references, no texts."""

    complaint_id: ComplaintId
    alias: ComplaintId | None = None
    """The id that was asked for, where it is another one: it was merged into this complaint."""
    seq: int | None = None
    """The last fact of routing that this includes."""
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
    """How complete the record is now, and what is missing."""
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    not_understood: list[str] | None = None
    """Wishes of the submission that were left out as not understood: ask the complainant again."""
    category: str
    severity: int
    safety: bool
    owner: str
    team: str
    level: int
    chain: dict[str, str] = Field(default_factory=dict)
    """Who stands above the owner now, by their roles: `lead` and `manager`."""
    proposed_owner: str | None = None
    """To whom a transfer is proposed."""
    concerned: Concerned | None = None
    """Whom the complaint is about: they have no part in it."""
    missing: list[str] = Field(default_factory=list)
    """Who has a role in it and is on the roster no more; `nobody` where none could be found."""
    interested: list[str] = Field(default_factory=list)
    """Who has a role in it although it is about them; none, but for the moment until they are replaced."""
    next_due: Instant | None = None
    """When what is owed first runs out, or ran out: a breached deadline is owed until it is met."""
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
    followup: dict[str, Any]
    text_refs: dict[str, str]
    notes: list[NoteState] = Field(default_factory=list)
    """The newest notes, oldest first."""
    note_count: int = 0
    certificates: list[Certificate] = Field(default_factory=list)
    """One for every deadline that was ever set, to be recomputed by whoever doubts it; none where `kept` says
    that something is missing: what is left would prove nothing."""
    kept: Kept | None = None
    next_cursor: str | None = None
    """There are more certificates than fit in one reply."""


class ComplaintQuery(Query):
    """The whole state of one complaint. A merged id answers for its survivor, unless `follow` is false.

    `cursor` asks for the certificates that did not fit in the reply before.
    """

    NAME = "complaint"
    SERVICES = (Service.ROUTING,)
    RESULT = ComplaintState
    complaint_id: str
    follow: bool = True
    actor: ActorRef | None = None
    """For whom it is asked: whom the complaint is about is refused."""
    cursor: Cursor | None = None
