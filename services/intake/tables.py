"""Intake's own tables; those of the texts are in `shared/runtime/texts/tables.py`."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class ComplaintRow(SQLModel, table=True):
    """Complaint as it came in: one row per source and id of the sender, whose hash is the key.

    `facts` are the messages that were decided with the row, one per line, so that a repeat publishes the
    very same. `last_seq` is the number of the last fact of intake. `published` is a shortcut only: false
    means that the stream has to be asked, not that a fact is unpublished.

    `digest` is of the content that came first under this id; empty in rows from before it was stored.
    Later contents under this id are in `further_content`.

    `customer` is the key of the customer (`customer_key`): a reference means another customer in each
    register.

    `merged_into`: this id is an alias of that complaint, for ever; for a submission that joined the
    complaint when it came in, from the beginning. `order_hash` finds complaints that name the same order.
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
    """Command that was carried out, with its first reply and the messages of its facts."""

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
    """Notice that only answered a message about a complaint; `seq` is its number. Stored for an hour."""

    __tablename__ = "answered_message"

    complaint_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime


class CustomerLinkRow(SQLModel, table=True):
    """Pair of customers (`customer_key`) whom a supervisor linked as one person; `one` sorts before
    `other`.
    """

    __tablename__ = "customer_link"

    one: str = Field(primary_key=True)
    other: str = Field(primary_key=True, index=True)


class GrumbleRow(SQLModel, table=True):
    """Grumble beside its row in `complaint`, and its result.

    `received` is the fact that its complaint will begin with, as JSON: codes and references, no texts.
    `received_at`, the instant at which it was spoken, finds repeats. `standing` becomes `promoted` once,
    which is final: a function that changes it locks the row. A grumble that joined an open complaint
    `into` is `joined` from the beginning.
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
    """Erasure that was asked for; not `done` until every service has confirmed it.

    It has the actor who asked and a code for the reason. It has no words of theirs.
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
