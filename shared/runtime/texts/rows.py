"""Statements on rows of texts that every command and notice needs: built once, read as plain columns.

To build a statement, and to make an object of a row, costs several times what the database does for it.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from shared.runtime.storage.database import Database
from shared.runtime.texts.tables import TextErasureRow, TextKeyRow, TextRow


class WrappedKey(NamedTuple):
    """Data key of a complaint as its row has it."""

    complaint_id: str
    master_key_id: str
    wrapped: bytes


def held_key(session: Session, complaint_id: str) -> WrappedKey | None:
    """Key of the complaint. It is held until the transaction ends: an erasure at the same time waits."""
    found = session.connection().execute(_HELD_KEY, {"complaint": complaint_id}).first()
    return WrappedKey(*found) if found else None


def sealed_text(session: Session, ref: str) -> tuple[bytes, WrappedKey] | None:
    """Sealed text and the key of its complaint; None if either is not there, or no more."""
    found = session.connection().execute(_SEALED, {"ref": ref}).first()
    return (found[0], WrappedKey(*found[1:])) if found else None


def instant_of_erasure(session: Session, complaint_id: str) -> datetime | None:
    """Instant at which the texts of the complaint were destroyed, if they were."""
    at: datetime | None = session.connection().execute(_ERASED, {"complaint": complaint_id}).scalar()
    return at


def keep_first(database: Database) -> Any:
    """Insert texts; the first text under a reference stays."""
    return database.insert(TextRow).on_conflict_do_nothing()


def keep_first_key(database: Database) -> Any:
    """Insert the key of a complaint; the first stays."""
    return database.insert(TextKeyRow).on_conflict_do_nothing()


_KEY = (TextKeyRow.complaint_id, TextKeyRow.master_key_id, TextKeyRow.wrapped)
_HELD_KEY = select(*_KEY).where(TextKeyRow.complaint_id == bindparam("complaint")).with_for_update(read=True)
_SEALED = (
    select(TextRow.sealed, *_KEY)
    .join(TextKeyRow, col(TextKeyRow.complaint_id) == col(TextRow.complaint_id))
    .where(TextRow.ref == bindparam("ref"))
)
_ERASED = select(TextErasureRow.erased_at).where(TextErasureRow.complaint_id == bindparam("complaint"))
