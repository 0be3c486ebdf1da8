"""Tables of texts, which every service has in its own database."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class TextKeyRow(SQLModel, table=True):
    """Data key of one complaint in this service, wrapped by the master key. Destroying it erases."""

    __tablename__ = "text_key"

    complaint_id: str = Field(primary_key=True)
    master_key_id: str
    wrapped: bytes


class TextRow(SQLModel, table=True):
    """Encrypted text. `ref` names its complaint and its place."""

    __tablename__ = "text"

    ref: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    sealed: bytes


class TextReadRow(SQLModel, table=True):
    """Read of a text, with its purpose encrypted under the complaint's key (`Texts.purpose_of`)."""

    __tablename__ = "text_read"

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(index=True)
    actor: str
    purpose: str
    read_at: datetime
    via: str | None = None


class TextErasureRow(SQLModel, table=True):
    """Erasure of the texts of this complaint. `erasure_id` distinguishes a repeat from another erasure."""

    __tablename__ = "text_erasure"

    complaint_id: str = Field(primary_key=True)
    erasure_id: str
    erased_at: datetime
    texts: int
