"""Routing's tables: one row per complaint, what the workflow last made durable, for lists and queries."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

FILTERS = ("owner", "team", "stage", "severity", "category", "regimes", "unsure")
"""Columns by which the worklist is filtered. Each leads an index of the open complaints in the order of their
due instants, and each of these indexes has all of them: a page reads complaints that it shows, and no others.
"""


def open_index(name: str, *columns: str) -> Index:
    """Index of the complaints that are not closed."""
    still_open = text("stage <> 'closed'")
    return Index(name, *columns, sqlite_where=still_open, postgresql_where=still_open)


def _filter_index(leading: str) -> Index:
    rest = (name for name in FILTERS if name != leading)
    return open_index(f"complaint_case_open_{leading}", leading, "next_due", "complaint_id", *rest)


class CaseRow(SQLModel, table=True):
    """Complaint as routing knows it. `recorded_seq` is the last fact that the row includes.

    `sooner_at` is the instant at which the complaint last became due sooner than before, by the clock of
    the process. `state` is the `ComplaintState` of the contract; `followup` the last fact of each kind
    from followup.
    """

    __tablename__ = "complaint_case"
    __table_args__ = (
        open_index("complaint_case_open", "next_due", "complaint_id"),
        *(_filter_index(name) for name in FILTERS),
        Index("complaint_case_due", "next_due", "complaint_id"),
        Index("complaint_case_owner_due", "owner", "next_due", "complaint_id"),
        Index("complaint_case_team_due", "team", "next_due", "complaint_id"),
        Index("complaint_case_sooner", "sooner_at"),
        Index("complaint_case_owner", "owner", "stage"),
        Index("complaint_case_group", "group_ref"),
        Index("complaint_case_roster", "roster", "complaint_id"),
        Index("complaint_case_customer", "customer", "received_at"),
        Index(
            "complaint_case_queue",
            text("severity DESC"),
            "received_at",
            "complaint_id",
            sqlite_where=text("queued_since IS NOT NULL"),
            postgresql_where=text("queued_since IS NOT NULL"),
        ),
    )

    complaint_id: str = Field(primary_key=True)
    stage: str
    cycle: int
    severity: int
    category: str
    owner: str
    team: str
    received_at: datetime
    next_due: datetime | None
    next_obligation: str | None
    outcome: str | None
    group_ref: str | None = None
    roster: str = ""
    """Roster in which its people were looked up last."""
    unattended: bool = False
    """`nobody` has a role in it."""
    unsure: bool = False
    """Whether a person should look at its category."""
    regimes: str = ""
    """Regimes of its open obligations, in order, with a blank before, between and after."""
    waits_for: str = ""
    """People other than the owner for whom something in it waits, with blanks likewise; `case_waiting` has a
    row of each.
    """
    recorded_seq: int
    sooner_at: datetime | None = None
    customer: str | None = None
    """Key of its customer; absent in rows that were written before there was this column."""
    queued_since: datetime | None = None
    """Instant from which it waits in the queue of its team."""
    wanted: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    """Request for an owner (`Question`) while it waits."""
    state: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    followup: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class CaseWaitingRow(SQLModel, table=True):
    """Person, other than the owner, for whom something in an open complaint waits; `next_due` as there."""

    __tablename__ = "case_waiting"
    __table_args__ = (
        Index("case_waiting_due", "person", "next_due", "complaint_id"),
        Index("case_waiting_complaint", "complaint_id"),
    )

    person: str = Field(primary_key=True)
    complaint_id: str = Field(primary_key=True)
    next_due: datetime | None


class PrecedentRow(SQLModel, table=True):
    """Closed complaint as a precedent: what it got in minor units of the currency, and its marks.

    `loss_from` is empty for a complaint without a loss.
    """

    __tablename__ = "precedent"
    __table_args__ = (
        Index("precedent_comparable", "category", "cause_side", "severity", "loss_from", "currency", "minor"),
    )

    complaint_id: str = Field(primary_key=True)
    category: str
    cause_side: str
    severity: int
    loss_from: str
    currency: str
    minor: int = Field(sa_type=BigInteger)


class OpeningRow(SQLModel, table=True):
    """Opening of a case, as JSON without its rules, which are `pinned` by their hash."""

    __tablename__ = "case_opening"

    complaint_id: str = Field(primary_key=True)
    pinned: str
    body: bytes


class PinnedRow(SQLModel, table=True):
    """Rules that cases were opened under, as JSON."""

    __tablename__ = "pinned_rules"

    hash: str = Field(primary_key=True)
    body: bytes


class NoteRow(SQLModel, table=True):
    """Note of a member of staff or the customer; its text is encrypted and stored under `text_ref`."""

    __tablename__ = "note"
    __table_args__ = (Index("note_complaint", "complaint_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: str
    command_id: str
    actor: str
    role: str
    at: datetime
    text_ref: str


class WaitingRow(SQLModel, table=True):
    """Complaint whose workflow could not be started at once; `body` is its `received` as it came.

    No process takes it before `free_at`: another process has it, or it rests after its failed `attempts`.
    `turn` is its place among the complaints of its severity (`admission/turns.py`), `joined_at` the instant
    at which it joined the queue.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        Index("waiting_line", text("severity DESC"), "turn", "received_at", "complaint_id"),
        Index("waiting_source", "severity", "source", "turn"),
        Index("waiting_longest", "joined_at", "complaint_id"),
    )

    complaint_id: str = Field(primary_key=True)
    severity: int
    received_at: datetime
    body: bytes
    free_at: datetime
    attempts: int = 0
    source: str = ""
    turn: int = Field(default=0, sa_type=BigInteger)
    joined_at: datetime


class AssigningRow(SQLModel, table=True):
    """Complaint whose owner was chosen and is not stored yet: it counts for the load of that owner.

    It is over when the case has a later fact than `after_seq`. Until `taken`, the choice may change.
    """

    __tablename__ = "assigning"

    complaint_id: str = Field(primary_key=True)
    owner: str
    at: datetime
    after_seq: int = 0
    taken: bool = True


class TurnRow(SQLModel, table=True):
    """Number of the last choice that named a person: of people with equal load the one before is chosen."""

    __tablename__ = "turn_of_staff"

    staff: str = Field(primary_key=True)
    number: int


class PresenceRow(SQLModel, table=True):
    """Sign-on or sign-off of a person, of which the newest of each person holds; rows are only added.

    It holds until `until`, the next change of the planned hours, or without end.
    """

    __tablename__ = "presence"
    __table_args__ = (Index("presence_staff", "staff", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    command_id: str = Field(unique=True)
    staff: str
    present: bool
    at: datetime
    until: datetime | None = None
    by: str
    via: str | None = None
    digest: bytes
    reply: bytes


class SwapRow(SQLModel, table=True):
    """Swap of shifts: `to` works the shift of `by`, and `by` that of `to`, while its status is `accepted`.

    `told` is false until the open complaints of both were looked up again.
    """

    __tablename__ = "shift_swap"

    swap_id: str = Field(primary_key=True)
    by: str
    by_since: datetime
    by_until: datetime
    to: str
    to_since: datetime
    to_until: datetime
    status: str
    proposed_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    told: bool = True


class SwapCommandRow(SQLModel, table=True):
    """Command about a swap that was carried out, with its reply."""

    __tablename__ = "shift_swap_command"

    command_id: str = Field(primary_key=True)
    digest: bytes
    reply: bytes


class BatchRow(SQLModel, table=True):
    """Command of one actor for many complaints; `done` when each has its outcome."""

    __tablename__ = "batch"

    id: str = Field(primary_key=True)
    verb: str
    actor: str
    via: str | None = None
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    complaints: list[str] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime
    done: bool = False


class PolicyRow(SQLModel, table=True):
    """Policy that routing has run under: the very text that its hash was made of.

    `in_force_at`: the instant at which a process started under it last; the newest is in force.
    """

    __tablename__ = "policy"

    hash: str = Field(primary_key=True)
    id: str
    content: bytes
    in_force_at: datetime | None = None
