"""Tables of published facts and replies, which services with workflows have in their own databases."""

from sqlalchemy import BigInteger, text
from sqlmodel import Field, SQLModel


class CommandReplyRow(SQLModel, table=True):
    """First reply to a command, returned again when the command is repeated."""

    __tablename__ = "command_reply"

    complaint_id: str = Field(primary_key=True)
    command_id: str = Field(primary_key=True)
    reply: bytes


class CommandDigestRow(SQLModel, table=True):
    """Content that a command id of a complaint belongs to, from its first arrival on (`Once`).

    `working` counts the attempts that may still carry it out. An attempt that died, or did carry it out,
    stays counted.
    """

    __tablename__ = "command_digest"

    complaint_id: str = Field(primary_key=True)
    command_id: str = Field(primary_key=True)
    digest: bytes
    working: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class RecordedFactRow(SQLModel, table=True):
    """Fact of this service about a complaint, as first written."""

    __tablename__ = "recorded_fact"

    complaint_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    recorded: bytes


class WriteProbeRow(SQLModel, table=True):
    """Row that is written and removed to check that the database takes rows; no transaction leaves one."""

    __tablename__ = "write_probe"

    name: str = Field(primary_key=True)
    filler: bytes


class SeenFactRow(SQLModel, table=True):
    """Last fact of this service that was seen in the stream: one row, whose `id` is 1.

    If the stream does not hold it any more, the stream was lost, or restored from an older backup.
    """

    __tablename__ = "seen_fact"

    id: int = Field(primary_key=True)
    subject: str
    event_id: str
    stream_seq: int = Field(sa_type=BigInteger)
