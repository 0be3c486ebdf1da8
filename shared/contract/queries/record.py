"""Stored record of one complaint: its facts as published, and a text by its reference."""

from typing import Any

from pydantic import BaseModel

from shared.contract.commands import ActorRef
from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.worklist import PageSize
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId, Ref


class Timeline(BaseModel):
    """CloudEvents of one complaint in the order of the stream.

    If the id in the request was merged, `complaint_id` names the survivor. The facts of the merged id come
    first; `subject` of each fact is the complaint that it belongs to.
    """

    complaint_id: ComplaintId | None = None
    events: list[dict[str, Any]]
    next_cursor: str | None = None
    """Absent on the last page."""


class TimelineQuery(Query):
    """Facts of one complaint in order, as published.

    The facts of a merged id are followed by those of its survivor, unless `follow` is false. A page ends
    after `limit` facts. It ends sooner if the next fact would make it larger than a message may be.
    """

    NAME = "timeline"
    SERVICES = (Service.ROUTING,)
    RESULT = Timeline
    complaint_id: str
    follow: bool = True
    actor: ActorRef | None = None
    """For whom it is asked: whom the complaint is about is refused."""
    limit: PageSize = 500
    cursor: Cursor | None = None

    def chosen(self) -> dict[str, Any]:
        """Filter of the request; a cursor is valid only under the same filter."""
        return self.model_dump(exclude={"limit", "cursor"})


class TextReply(BaseModel):
    """Text in the clear. The service has stored who read it, and for which purpose."""

    text_ref: str
    text: str


class TextQuery(Query):
    """Text by its reference. The service stores the purpose with each read."""

    NAME = "text"
    SERVICES = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    RESULT = TextReply
    text_ref: Ref
    actor: ActorRef
    purpose: Ref
