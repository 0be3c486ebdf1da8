"""Intake's own tables; those of the texts are in `shared/runtime/tables.py`."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ComplaintRow(SQLModel, table=True):
    """One complaint as it came in: one row per source and id of the sender, whose hash is the key.

    `facts` are the messages that were decided with the row, one per line, so that a repeat says the very
    same. `last_seq` is the number of the last fact of intake. `published` is a shortcut only: false means
    "look into the stream first", never "it was not said".
    """

    __tablename__ = "complaint"

    complaint_id: str = Field(primary_key=True)
    source: str
    external_id: str
    channel: str
    language: str
    customer_ref: str
    received_at: datetime
    recorded_at: datetime
    policy_id: str
    policy_hash: str
    last_seq: int
    facts: bytes
    published: bool = False


class CommandRow(SQLModel, table=True):
    """A command that was carried out, with its first reply and the messages of its facts."""

    __tablename__ = "command"

    complaint_id: str = Field(primary_key=True)
    command_id: str = Field(primary_key=True)
    seq: int
    reply: bytes
    facts: bytes
    published: bool = False
