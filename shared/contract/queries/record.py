"""What is on record of one complaint: its facts as published, and a text by its reference."""

from typing import Any

from pydantic import BaseModel

from shared.contract.commands import ActorRef
from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.worklist import PageSize
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId, Ref


class Timeline(BaseModel):
    """The CloudEvents of one complaint in the order of the stream.

    `complaint_id` names the survivor where the id that was asked for was merged; the facts of that id come
    first, and each says in `subject` whose it is.
    """

    complaint_id: ComplaintId | None = None
    events: list[dict[str, Any]]
    next_cursor: str | None = None
    """Absent on the last page."""


class TimelineQuery(Query):
    """The facts of one complaint in order, as published.

    Those of a merged id are followed by those of its survivor, unless `follow` is false. A page ends after
    `limit` facts, or sooner, where the next would make it larger than a message may be.
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
        """The filter, which a cursor belongs to."""
        return self.model_dump(exclude={"limit", "cursor"})


class TextReply(BaseModel):
    """A text in the clear; whoever asked is on record."""

    text_ref: str
    text: str


class TextQuery(Query):
    """A text by its reference. The purpose is recorded with every read."""

    NAME = "text"
    SERVICES = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    RESULT = TextReply
    text_ref: Ref
    actor: ActorRef
    purpose: Ref
