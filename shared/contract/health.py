"""Health of a service's process, as it reports it to the other parts of Amends."""

from datetime import datetime

from pydantic import BaseModel

from shared.contract.values import ComplaintId, PolicyId


class FailingFlushes(BaseModel):
    """Complaints whose facts cannot be written or published; `since` and `reason` belong to the longest
    wait.
    """

    count: int
    tries: int
    since: datetime
    reason: str


class Disagreement(BaseModel):
    """Differences between the stream of facts and the rows of a service.

    `rows_missing` counts complaints of which the stream holds a fact of this service that its database
    lacks; `some` names a few. `fact_missing` is the last fact that the stream held and does not hold any
    more.
    """

    rows_missing: int = 0
    some: list[ComplaintId] = []
    fact_missing: str | None = None


class HealthAsked(BaseModel):
    """Health of one process. `checks` has a word for each check: `ok`, or the reason. Reasons are codes."""

    service: str
    process: str
    build: str
    policy: PolicyId
    checks: dict[str, str]
    flushes: FailingFlushes | None = None
    streams: dict[str, str] = {}
    records: Disagreement = Disagreement()
    disk_free: int | None = None
    disk_total: int | None = None
