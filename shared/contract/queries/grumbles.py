"""A grumble as it stands."""

from enum import StrEnum

from pydantic import BaseModel, Field

from shared.contract.events import PromotedBecause
from shared.contract.queries.base import Query
from shared.contract.subjects import Channel, Service
from shared.contract.values import ComplaintId, Instant, PolicyId


class GrumbleStatus(StrEnum):
    """What became of a grumble so far. `promoted`, `erased` (it rests) and `joined` are for good.

    `joined`: from the beginning it is a contact of an open complaint about the same matter.
    """

    OPEN = "open"
    ANSWERED = "answered"
    PROMOTED = "promoted"
    ERASED = "erased"
    JOINED = "joined"


class GrumbleState(BaseModel):
    """A dissatisfaction short of a complaint (`sources.md` 9): codes, instants and references, no texts."""

    complaint_id: ComplaintId
    standing: GrumbleStatus
    answer_by: Instant
    received_at: Instant
    recorded_at: Instant
    channel: Channel
    language: str
    customer_ref: str
    external_ref: str
    external_source: str
    policy: PolicyId
    into: ComplaintId | None = None
    """The complaint that it became, its own id unless a later grumble did; or the one that it joined."""
    because: PromotedBecause | None = None
    allowed: list[str] = Field(default_factory=list)


class GrumbleQuery(Query):
    """What became of a grumble."""

    NAME = "grumble"
    SERVICES = (Service.INTAKE,)
    RESULT = GrumbleState
    complaint_id: str
