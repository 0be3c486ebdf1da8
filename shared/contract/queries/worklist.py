"""What an owner or a team has in hand."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.complaint import Binding
from shared.contract.subjects import Service
from shared.contract.values import A_NUMBER, Instant, Ref

PageSize = Annotated[int, Field(ge=1, le=500), A_NUMBER]


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
    missing: list[str] = Field(default_factory=list)
    """Who has a role in it and is on the roster no more; `nobody` where none could be found."""
    master: bool = False
    """It leads its group: the sender knows it under the very name of the group."""


class Worklist(BaseModel):
    """A page; `next_cursor` is absent on the last."""

    items: list[WorkItem]
    next_cursor: str | None = None


class WorklistQuery(Query):
    """Open complaints of an owner or a team (or all), what is due next soonest first.

    `owner` and `team` may be those of a former policy: what they held is found.
    `group` names one matter of many complainants: all its members come, closed ones with their outcomes.
    `by` `complaint_id` is the order for a walk through all: it never changes, so each comes exactly once. By
    due instant, the last pages repeat what changed since the first: what stays open comes at least once.
    """

    NAME = "worklist"
    SERVICES = (Service.ROUTING,)
    RESULT = Worklist
    owner: Ref | None = None
    team: Ref | None = None
    group: Ref | None = None
    include_closed: bool = False
    by: Literal["due", "complaint_id"] = "due"
    limit: PageSize = 100
    cursor: Cursor | None = None

    def chosen(self) -> dict[str, Any]:
        """The filter, which a cursor belongs to."""
        return self.model_dump(exclude={"limit", "cursor"})
