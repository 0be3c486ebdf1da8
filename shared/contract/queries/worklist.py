"""Worklist of an owner or a team."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.complaint import Binding, SuggestedStep
from shared.contract.subjects import Service
from shared.contract.values import A_NUMBER, Instant, Ref

PageSize = Annotated[int, Field(ge=1, le=500), A_NUMBER]


class WorkItem(BaseModel):
    """Row of a worklist."""

    complaint_id: str
    stage: str
    cycle: int
    severity: int
    category: str
    owner: str
    team: str
    received_at: Instant
    queued_since: Instant | None = None
    """Instant from which it waits for an owner of its own; the lead is accountable meanwhile."""
    next_due: Instant | None = None
    next_obligation: str | None = None
    binding: Binding | None = None
    outcome: str | None = None
    group_ref: str | None = None
    missing: list[str] = Field(default_factory=list)
    """People with a role in the complaint who left the roster; `nobody` is a role without a person."""
    suggestions: list[SuggestedStep] = Field(default_factory=list)
    """Steps that are suggested to the owner, each with its reason."""
    master: bool = False
    """Whether the complaint leads its group: its `external_ref` equals the `group_ref` of the group."""


class Worklist(BaseModel):
    """Page of a worklist; `next_cursor` is absent on the last page."""

    items: list[WorkItem]
    next_cursor: str | None = None


class WorklistQuery(Query):
    """Open complaints of an owner or a team (or all), in the order of their next due instants.

    `owner` and `team` may belong to a former policy: their complaints are found. `group` selects all
    complaints with this `group_ref`, also closed complaints with their outcomes. `by` is the order of the
    pages. `complaint_id` never changes, so a walk through all pages gives each complaint exactly once.
    Under `due`, the last pages repeat the complaints that changed since the first page, so each complaint
    that stays open comes at least once.
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
        """Filter of the request; a cursor is valid only under the same filter."""
        return self.model_dump(exclude={"limit", "cursor"})
