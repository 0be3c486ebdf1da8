"""Writes a row and removes it: whether a database takes what a service writes."""

import os
import socket
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, insert, text
from sqlmodel import col

from shared.runtime.storage.tables import WriteProbeRow

LOCK_SECONDS = 2
"""Seconds that a probe waits for a lock. The service itself waits longer."""

FILLER_BYTES = 8192
"""More than a page of a database, so that a probe needs room as real rows do."""


def write_probe(engine: Engine, usual_lock_seconds: int) -> None:
    """Raise what the driver raises where the database is full, locked, read-only or gone."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        try:
            waits = f"PRAGMA busy_timeout={LOCK_SECONDS}000" if is_sqlite else _lock_timeout()
            connection.execute(text(waits))
            _write(connection)
            connection.commit()
        finally:
            connection.rollback()
            if is_sqlite:
                connection.execute(text(f"PRAGMA busy_timeout={usual_lock_seconds}000"))


def _lock_timeout() -> str:
    return f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"


def _write(connection: Connection) -> None:
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex}"
    connection.execute(insert(WriteProbeRow).values(name=name, filler=bytes(FILLER_BYTES)))
    connection.execute(delete(WriteProbeRow).where(col(WriteProbeRow.name) == name))
