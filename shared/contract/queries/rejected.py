"""Submissions of a client that were quarantined."""

from datetime import datetime

from pydantic import BaseModel, Field

from shared.contract.queries.base import Query
from shared.contract.queries.worklist import PageSize
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId


class RejectedMessage(BaseModel):
    """Quarantined submission: the reason, and the values that find it again. Its content is not repeated."""

    reason: str
    detail: str
    detail_zh: str | None = None
    field: str | None = Field(None, description="The failing field, dotted from the top of the message.")
    subject: str = Field(description="The subject that it was sent on.")
    complaint_id: ComplaintId | None = None
    message_id: str | None = Field(None, description="The `Nats-Msg-Id` of the sender.")
    bytes: int
    arrived_at: datetime
    quarantined_at: datetime


class Rejected(BaseModel):
    """Page of submissions; `next_cursor` is null at the end. The quarantine keeps a message for 30 days at
    most.
    """

    messages: list[RejectedMessage]
    next_cursor: str | None = None


class RejectedQuery(Query):
    """Quarantined submissions of the asking client, oldest first; never those of other clients."""

    NAME = "rejected"
    SERVICES = (Service.INTAKE,)
    RESULT = Rejected
    limit: PageSize = 50
    cursor: str | None = None
