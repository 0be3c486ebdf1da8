"""What can be asked: request to `complaints.v1.query.<name>`, one reply. Nothing changes by asking."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from shared.contract.backlog import Backlog
from shared.contract.certificates import Certificate
from shared.contract.commands import ActorRef
from shared.contract.completeness import Completeness
from shared.contract.errors import Refusal
from shared.contract.events import RepresentativeRef
from shared.contract.grumbles import GrumbleState
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId, Instant, Money, PolicyId, Ref

PageSize = Annotated[int, Field(ge=1, le=500)]


class Query(BaseModel):
    """The request of one query. `SERVICES` answer it."""

    NAME: ClassVar[str]
    SERVICES: ClassVar[tuple[Service, ...]]


class QueryReply(BaseModel):
    """`result` holds the model named by the query, or `error` says why not."""

    ok: bool
    result: dict[str, Any] | None = None
    error: Refusal | None = None


class ComplaintQuery(Query):
    """The whole state of one complaint. A merged id answers for its survivor, unless `follow` is false."""

    NAME = "complaint"
    SERVICES = (Service.ROUTING,)
    complaint_id: str
    follow: bool = True


class TimelineQuery(Query):
    """The facts of one complaint in order, as published.

    Those of a merged id are followed by those of its survivor, unless `follow` is false.
    """

    NAME = "timeline"
    SERVICES = (Service.ROUTING,)
    complaint_id: str
    follow: bool = True


class WorklistQuery(Query):
    """Open complaints of an owner or a team (or all), what is due next soonest first.

    `group` names one matter of many complainants: all its members come, closed ones with their outcomes.
    """

    NAME = "worklist"
    SERVICES = (Service.ROUTING,)
    owner: Ref | None = None
    team: Ref | None = None
    group: Ref | None = None
    include_closed: bool = False
    limit: PageSize = 100
    cursor: str | None = None


class TextQuery(Query):
    """A text by its reference. The purpose is recorded with every read."""

    NAME = "text"
    SERVICES = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    text_ref: Ref
    actor: ActorRef
    purpose: Ref


class RatesQuery(Query):
    """The three rates, with numerators and denominators."""

    NAME = "rates"
    SERVICES = (Service.FOLLOWUP,)


class PolicyQuery(Query):
    """The pack in force, or the one with this hash if a complaint was ever opened under it."""

    NAME = "policy"
    SERVICES = (Service.ROUTING,)
    hash: str | None = None


class BacklogQuery(Query):
    """Complaints that were received and wait for their case, by severity."""

    NAME = "backlog"
    SERVICES = (Service.ROUTING,)


class MigrationQuery(Query):
    """What `migrate_policy` would move, and who would gain or lose time by it."""

    NAME = "migration"
    SERVICES = (Service.ROUTING,)
    complaint_id: str


class GrumbleQuery(Query):
    """What became of a grumble."""

    NAME = "grumble"
    SERVICES = (Service.INTAKE,)
    complaint_id: str


QUERIES: dict[str, type[Query]] = {
    query.NAME: query
    for query in (
        ComplaintQuery,
        TimelineQuery,
        WorklistQuery,
        TextQuery,
        RatesQuery,
        PolicyQuery,
        BacklogQuery,
        MigrationQuery,
        GrumbleQuery,
    )
}


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


class Kept(BaseModel):
    """What routing's tables hold behind a complaint. Without a gap, `facts` and `last` are both its `seq`.

    `facts`: how many are on record; `last`: the highest number among them. `missing_policies`: the hashes of
    policies that it was under and whose text is gone.
    """

    facts: int
    last: int
    missing_policies: list[str]


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
    category: str
    severity: int
    safety: bool
    owner: str
    team: str
    level: int
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
    certificates: list[Certificate] = Field(default_factory=list)
    """One for every deadline that was ever set, to be recomputed by whoever doubts it."""
    kept: Kept | None = None


class WorkItem(BaseModel):
    """One row of a worklist."""

    complaint_id: str
    stage: str
    cycle: int
    severity: int
    category: str
    owner: str
    team: str
    received_at: Instant
    next_due: Instant | None = None
    next_obligation: str | None = None
    binding: Binding | None = None
    outcome: str | None = None
    group_ref: str | None = None
    master: bool = False
    """It leads its group: the sender knows it under the very name of the group."""


class Worklist(BaseModel):
    """A page; `next_cursor` is absent on the last."""

    items: list[WorkItem]
    next_cursor: str | None = None


class Timeline(BaseModel):
    """The CloudEvents of one complaint in the order of the stream.

    `complaint_id` names the survivor where the id that was asked for was merged; the facts of that id come
    first, and each says in `subject` whose it is.
    """

    complaint_id: ComplaintId | None = None
    events: list[dict[str, Any]]


class TextReply(BaseModel):
    """A text in the clear; whoever asked is on record."""

    text_ref: str
    text: str


class Rate(BaseModel):
    """`rate` is `numerator / denominator`, absent when nothing was counted yet."""

    numerator: int
    denominator: int
    rate: float | None = None
    definition: str


class Rates(BaseModel):
    """Response 响应率, resolution 解决率, satisfaction 满意率."""

    response: Rate
    resolution: Rate
    satisfaction: Rate


class StaffView(BaseModel):
    """A member of staff: a name for the roster, no personal data."""

    id: str
    role: str
    team: str


def _entries(about: str, **fields: str) -> WithJsonSchema:
    """Entries of a pack: at least an id, a title by language, and these fields; a pack may say more."""
    title = {"type": "object", "additionalProperties": {"type": "string"}}
    properties = {"id": {"type": "string"}, "title": title}
    properties |= {name: {"type": kind} for name, kind in fields.items()}
    entry = {"type": "object", "properties": properties, "required": list(properties)}
    return WithJsonSchema({"description": about, "type": "array", "items": entry})


Entries = list[dict[str, Any]]


class PolicyView(BaseModel):
    """What integrators need to know of the pack in force, or of one that was asked for by its hash.

    `content` only comes for a hash: the text whose SHA-256 in UTF-8 begins with it.
    """

    policy: PolicyId
    obligations: Annotated[Entries, _entries("The deadlines.", regime="string", version="string")]
    standards: Annotated[Entries, _entries("What offers cite.", version="string", source="string")]
    remedies: Annotated[Entries, _entries("What can be offered.", money="boolean")]
    teams: Annotated[Entries, _entries("Who answers for what.", lead="string", manager="string")]
    staff: list[StaffView]
    content: str | None = None


class WouldMove(BaseModel):
    """One deadline: `was` is absent for a new one, `due` for one that would be dropped.

    `gained_seconds`: how much later it would run out; negative if sooner. `provisional`: `due` lies in a
    year whose holidays are not published under the policy in force, `was_provisional` under the old one.
    """

    obligation: str
    was: Instant | None = None
    due: Instant | None = None
    gained_seconds: int | None = None
    was_provisional: bool = False
    provisional: bool = False


class Migration(BaseModel):
    """What a migration would do: nothing is in `moves` that would stay as it is."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    complaint_id: str
    from_: PolicyId = Field(alias="from")
    to: PolicyId
    moves: list[WouldMove]


RESULTS: dict[str, type[BaseModel]] = {
    "backlog": Backlog,
    "complaint": ComplaintState,
    "timeline": Timeline,
    "worklist": Worklist,
    "text": TextReply,
    "rates": Rates,
    "policy": PolicyView,
    "migration": Migration,
    "grumble": GrumbleState,
}
