"""Tables of followup. Texts and remembered replies have theirs in `shared/runtime/texts/tables.py`."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class FollowUpRow(SQLModel, table=True):
    """Follow-up as its workflow last flushed it. A row means that the workflow was started."""

    __tablename__ = "followup"

    complaint_id: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    because: str
    owner: str | None = None
    opened_at: datetime
    seq: int
    stage: str
    callback: str
    attempt: int
    window_start: datetime | None = None
    window_end: datetime | None = None
    outcome: str | None = None
    reopened: bool = False
    opening: bytes | None = None
    """Opening as JSON. With its stored facts it is the whole follow-up."""

    @property
    def ended(self) -> bool:
        """Whether the workflow takes no more commands."""
        return self.outcome is not None or self.reopened


class VerdictRow(SQLModel, table=True):
    """Verdict of the complainant at the end of one cycle: numbers only, 1 to 5 (`nps` 0 to 10).

    `satisfied` is its meaning under the policy that the complaint was opened under.
    """

    __tablename__ = "verdict"

    complaint_id: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    at: datetime
    said_by: str
    resolved: bool
    satisfied: bool
    overall: int
    outcome: int
    process: int
    treatment: int
    nps: int | None = None


class ResponseRow(SQLModel, table=True):
    """Whether the first substantive response to a complaint came in time (the response rule, cycle 1)."""

    __tablename__ = "response"

    complaint_id: str = Field(primary_key=True)
    in_time: bool


class PolicyRow(SQLModel, table=True):
    """Follow-up part of a policy that this service has run under, so that complaints can keep theirs."""

    __tablename__ = "followup_policy"

    hash: str = Field(primary_key=True)
    pinned: bytes
