"""Intake's own tables; those of the texts are in `shared/runtime/texts/tables.py`."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class ComplaintRow(SQLModel, table=True):
    """One complaint as it came in: one row per source and id of the sender, whose hash is the key.

    `facts` are the messages that were decided with the row, one per line, so that a repeat says the very
    same. `last_seq` is the number of the last fact of intake. `published` is a shortcut only: false means
    "look into the stream first", never "it was not said".

    `digest` is of the content that came first under this id; empty in rows from before it was kept. What came
    under it later is in `further_content`.

    `customer` tells customers apart (`customer_key`): a reference means something else in each register.

    `merged_into`: this id is an alias of that complaint, for ever; for what joined it when it came in, from
    the beginning. `order_hash` finds those who name the same order.
    """

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_customer", "customer", "recorded_at"),)

    complaint_id: str = Field(primary_key=True)
    source: str
    external_id: str
    channel: str
    language: str
    customer_ref: str
    customer: str
    received_at: datetime
    recorded_at: datetime
    policy_id: str
    policy_hash: str
    last_seq: int
    facts: bytes
    published: bool = False
    order_hash: str | None = Field(default=None, index=True)
    merged_into: str | None = None
    digest: bytes = Field(default=b"", sa_column_kwargs={"server_default": text("''")})


class FurtherContentRow(SQLModel, table=True):
    """Another content that came under a known source and id: a contact of the complaint `into`."""

    __tablename__ = "further_content"

    complaint_id: str = Field(primary_key=True)
    digest: bytes = Field(primary_key=True)
    into: str


class CommandRow(SQLModel, table=True):
    """A command that was carried out, with its first reply and the messages of its facts."""

    __tablename__ = "command"
    __table_args__ = (
        Index(
            "ix_command_unsaid",
            "complaint_id",
            sqlite_where=text("published = 0"),
            postgresql_where=text("NOT published"),
        ),
    )

    complaint_id: str = Field(primary_key=True)
    command_id: str = Field(primary_key=True)
    seq: int
    reply: bytes
    facts: bytes
    published: bool = False


class AnsweredRow(SQLModel, table=True):
    """A notice that only answered a message about a complaint; `seq` is its number. Kept for an hour."""

    __tablename__ = "answered_message"

    complaint_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime


class CustomerLinkRow(SQLModel, table=True):
    """Two customers (`customer_key`) that a supervisor says are one; `one` sorts before `other`."""

    __tablename__ = "customer_link"

    one: str = Field(primary_key=True)
    other: str = Field(primary_key=True, index=True)


class GrumbleRow(SQLModel, table=True):
    """A grumble beside its row in `complaint`, and what became of it.

    `received` is the fact that its complaint will begin with, as JSON: codes and references, no texts.
    `received_at`, when it was spoken, tells repeats. `standing` becomes `promoted` once, for good: whoever
    changes it holds the row. One that joined an open complaint `into` is `joined` from the beginning.
    """

    __tablename__ = "grumble"

    complaint_id: str = Field(primary_key=True)
    customer_ref: str
    customer: str = Field(index=True)
    received_at: datetime
    answer_by: datetime
    received: bytes
    standing: str
    into: str | None = None
    because: str | None = None


class ErasureRow(SQLModel, table=True):
    """An erasure that was asked for; not `done` until every service has confirmed it.

    It knows who asked and for which of a few reasons. Words, it has none.
    """

    __tablename__ = "erasure"

    erasure_id: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    command_id: str
    actor: str
    reason: str
    asked_at: datetime
    done: bool = False
    via: str | None = None
