"""Log of the reads of texts, for the privacy role: reader, text, instant and purpose."""

from typing import Any

from pydantic import BaseModel

from shared.contract.commands import ActorRef
from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.worklist import PageSize
from shared.contract.subjects import Service
from shared.contract.values import ComplaintId, Instant, Ref


class TextRead(BaseModel):
    """Read of a text. `purpose` is absent once the texts are erased, because it may have named people."""

    text_ref: str
    actor: str
    read_at: Instant
    purpose: str | None = None
    via: str | None = None
    """Client through which the text was read."""


class Reads(BaseModel):
    """Page of reads; `next_cursor` is absent on the last page."""

    items: list[TextRead]
    next_cursor: str | None = None


class ReadsQuery(Query):
    """Reads of the texts that one service keeps, newest first; only the privacy role may ask.

    `complaint_id` limits the answer to the texts of one complaint, `reader` to the reads of one actor. If
    a complaint is about the asking actor, a request for it is refused. A list leaves its reads out, so a
    page may be shorter.
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
        """Filter of the request; a cursor is valid only under the same filter."""
        return self.model_dump(mode="json", exclude={"limit", "cursor", "actor"})
