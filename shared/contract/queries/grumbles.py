"""State of a grumble."""

from enum import StrEnum

from pydantic import BaseModel, Field

from shared.contract.events import PromotedBecause
from shared.contract.queries.base import Query
from shared.contract.subjects import Channel, Service
from shared.contract.values import ComplaintId, Instant, PolicyId


class GrumbleStatus(StrEnum):
    """Status of a grumble. `promoted`, `erased` and `joined` are final.

    `joined`: the grumble was a contact of an open complaint of the same customer from the beginning.
    """

    OPEN = "open"
    ANSWERED = "answered"
    PROMOTED = "promoted"
    ERASED = "erased"
    JOINED = "joined"


class GrumbleState(BaseModel):
    """State of a grumble, a pre-complaint (`sources.md` 9): codes, instants and references, no texts."""

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
    """Complaint that the grumble became or joined. It has the grumble's own id, unless a later grumble became
    it.
    """
    because: PromotedBecause | None = None
    allowed: list[str] = Field(default_factory=list)


class GrumbleQuery(Query):
    """Status of a grumble."""

    NAME = "grumble"
    SERVICES = (Service.INTAKE,)
    RESULT = GrumbleState
    complaint_id: str
