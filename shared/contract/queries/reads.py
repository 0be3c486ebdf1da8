"""Who read which text, when and what for: the log of reads, for the privacy role."""

from typing import Any

from pydantic import BaseModel

from shared.contract.commands import ActorRef
from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.worklist import PageSize
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId, Instant, Ref


class TextRead(BaseModel):
    """One read. `purpose` is absent once the texts of the complaint are erased: it may have named people."""

    text_ref: str
    actor: str
    read_at: Instant
    purpose: str | None = None
    via: str | None = None
    """The client through which it was read."""


class Reads(BaseModel):
    """A page; `next_cursor` is absent on the last."""

    items: list[TextRead]
    next_cursor: str | None = None


class ReadsQuery(Query):
    """The reads of the texts that one service keeps, newest first; only the privacy role may ask.

    `complaint_id` and `reader` narrow it down to one complaint's texts, and to what one actor read.
    Complaints that are about the asker are refused, and left out of a list, whose pages may be shorter.
    """

    NAME = "reads"
    SERVICES = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    RESULT = Reads
    service: Service
    actor: ActorRef
    complaint_id: ComplaintId | None = None
    reader: Ref | None = None
    limit: PageSize = 100
    cursor: Cursor | None = None

    def chosen(self) -> dict[str, Any]:
        """The filter, which a cursor belongs to."""
        return self.model_dump(mode="json", exclude={"limit", "cursor", "actor"})
