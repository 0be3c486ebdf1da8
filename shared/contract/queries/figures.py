"""Figures: the three rates, and the complaints that wait for their case."""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Instant


class Rate(BaseModel):
    """`rate` is `numerator / denominator`, absent when nothing was counted yet."""

    numerator: int
    denominator: int
    rate: float | None = None
    definition: str


class Rates(BaseModel):
    """Response 响应率, resolution 解决率, satisfaction 满意率."""

    response: Rate
    resolution: Rate
    satisfaction: Rate


class RatesQuery(Query):
    """Rates of response, resolution and satisfaction, with numerators and denominators."""

    NAME = "rates"
    SERVICES = (Service.FOLLOWUP,)
    RESULT = Rates


class ChangeEffect(BaseModel):
    """Figures of what followed the changes of one kind.

    `answered` counts those after which an offer was answered, in this cycle or a later one; `accepted` those
    whose first answer accepted it. `judged` counts those with a verdict of the complainant in the cycle
    of the change, and `satisfied` those with a good one.
    """

    what: Literal["person", "place", "time"]
    changes: int = 0
    answered: int = 0
    accepted: int = 0
    judged: int = 0
    satisfied: int = 0


class TransferFigures(BaseModel):
    """Accepted transfers and hand-overs of all complaints, closed or not.

    `by_stage` counts them by the stage in which they were proposed. `per_complaint` and
    `per_complaint_by_stage` divide by `complaints`; they are absent when there is none.
    """

    total: int = 0
    complaints: int = 0
    by_stage: dict[str, int] = Field(default_factory=dict)
    per_complaint: float | None = None
    per_complaint_by_stage: dict[str, float] = Field(default_factory=dict)


class ChangeEffects(BaseModel):
    """Effect of the three changes of person, place and time, and the transfers, over all complaints."""

    effects: list[ChangeEffect]
    transfers: TransferFigures = Field(default_factory=TransferFigures)


class ChangeEffectsQuery(Query):
    """Figures of what followed each change of person, place or time, and of all transfers."""

    NAME = "change_effects"
    SERVICES = (Service.ROUTING,)
    RESULT = ChangeEffects


class WaitingComplaints(BaseModel):
    """Complaints of one severity (1 to 5, by triage) that wait for their case to be opened."""

    severity: int
    count: int
    oldest_received_at: Instant


class Orphan(BaseModel):
    """Open complaint in which a role belongs to a person who left the roster, or to `nobody`."""

    complaint_id: str
    missing: list[str]


class Backlog(BaseModel):
    """Complaints that wait for their case, gravest first, in the order of opening.

    The list is empty unless there was a burst or an outage. `orphaned` counts the open complaints with a
    missing person; `orphans` names the first of them.
    """

    waiting: list[WaitingComplaints] = Field(default_factory=list)
    queued: int = 0
    """Open complaints that have a case and wait for an owner of their own, in the queues of teams."""
    queued_since: Instant | None = None
    """Instant from which the first of them waits."""
    orphaned: int = 0
    orphans: list[Orphan] = Field(default_factory=list)


class BacklogQuery(Query):
    """Complaints that were received and wait for their case, by severity."""

    NAME = "backlog"
    SERVICES = (Service.ROUTING,)
    RESULT = Backlog
