"""The tables of what was said and replied, which services with workflows have in their own databases."""

from sqlmodel import Field, SQLModel


class CommandReplyRow(SQLModel, table=True):
    """The first reply to a command, said again to whoever repeats it."""

    __tablename__ = "command_reply"

    complaint_id: str = Field(primary_key=True)
    command_id: str = Field(primary_key=True)
    reply: bytes


class CommandDigestRow(SQLModel, table=True):
    """The content that a command id of a complaint belongs to, from its first arrival on (`Once`)."""

    __tablename__ = "command_digest"

    complaint_id: str = Field(primary_key=True)
    command_id: str = Field(primary_key=True)
    digest: bytes


class RecordedFactRow(SQLModel, table=True):
    """One fact of this service about a complaint, as first written."""

    __tablename__ = "recorded_fact"

    complaint_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    recorded: bytes
