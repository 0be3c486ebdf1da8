"""Worklist of an owner or a team."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contract.cursors import Cursor
from shared.contract.queries.base import Query
from shared.contract.queries.complaint import Binding, SuggestedStep
from shared.contract.subjects import Service
from shared.contract.values import A_NUMBER, Category, Instant, Ref, Stage

PageSize = Annotated[int, Field(ge=1, le=500), A_NUMBER]


class NextStep(BaseModel):
    """Next step in a complaint: `code` is what to do, and `why` is the reason why it is for `who`.

    `why` is `owner`, `asked` (to approve or acknowledge), `proposed` (as the next owner) or `assists`.
    `ref` is the request, action, task or feedback. `sentence` has both in English (`en`) and Chinese (`zh`).
    """

    code: str
    who: str
    why: Literal["owner", "asked", "proposed", "assists"]
    by: Instant | None = None
    ref: str | None = None
    sentence: dict[Literal["en", "zh"], str]


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
    unsure: bool = False
    """Whether a person should look at the category."""
    regimes: list[str] = Field(default_factory=list)
    """Regimes of the obligations that are open."""
    next_steps: list[NextStep] = Field(default_factory=list)
    """Next steps of all people, the owner's first; of one person, if the request named `person`."""
    master: bool = False
    """Whether the complaint leads its group: its `external_ref` equals the `group_ref` of the group."""


class Worklist(BaseModel):
    """Page of a worklist; `next_cursor` is absent on the last page."""

    items: list[WorkItem]
    next_cursor: str | None = None


class WorklistQuery(Query):
    """Open complaints of an owner or a team (or all), in the order of their next due instants.

    `person`: complaints that this person owns, and those in which an approval, a transfer or feedback waits
    for them. `manager`: complaints of all teams below this person, who is their lead, manager or of a
    higher level. `stage`, `severity`, `category`, `regime` (of an open obligation), `unsure` and `overdue`
    (its next due instant has passed) may be joined to any of these.

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
    person: Ref | None = None
    manager: Ref | None = None
    stage: Stage | None = None
    severity: Annotated[int, Field(ge=1, le=5), A_NUMBER] | None = None
    category: Category | None = None
    regime: Ref | None = None
    unsure: bool | None = None
    overdue: bool = False
    group: Ref | None = None
    include_closed: bool = False
    by: Literal["due", "complaint_id"] = "due"
    limit: PageSize = 100
    cursor: Cursor | None = None

    def chosen(self) -> dict[str, Any]:
        """Filter of the request; a cursor is valid only under the same filter."""
        return self.model_dump(exclude={"limit", "cursor"})
