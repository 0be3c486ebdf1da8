"""What the `backlog` query answers: complaints that were received and have no case yet."""

from pydantic import BaseModel, Field

from shared.contract.values import Instant


class WaitingComplaints(BaseModel):
    """Complaints of one severity (1 to 5, by triage) that wait for their case to be opened."""

    severity: int
    count: int
    oldest_received_at: Instant


class Backlog(BaseModel):
    """Who waits, gravest first, as they will be opened. Empty unless there was a burst or an outage."""

    waiting: list[WaitingComplaints] = Field(default_factory=list)
