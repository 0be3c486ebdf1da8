"""Database of a service: SQLite in WAL mode on one machine, PostgreSQL elsewhere.

A transaction is a plain function of a `Session` that runs in a thread: one hop per transaction instead of
one per statement (docs/decisions/0002). SQLite has one writing thread, so writers never collide.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel, create_engine

from shared.runtime.storage.store_file import store_file
from shared.runtime.storage.urls import sync_url
from shared.runtime.storage.write_probe import write_probe

T = TypeVar("T")
Transaction = Callable[[Session], T]

READERS = 4
LOCK_WITHIN = "2s"
LOCK_SECONDS = 30


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


SETTINGS: dict[str, Any] = {
    "json_serializer": _json,
    "json_deserializer": orjson.loads,
    # Messages of errors end up in logs, where values have no place.
    "hide_parameters": True,
}


class Database:
    """Run transactions: `await database.write(work)` commits, `await database.read(work)` never does."""

    def __init__(self, url: str) -> None:
        self.url = sync_url(url)
        self.is_sqlite = make_url(self.url).get_backend_name() == "sqlite"
        self.engine = _engine(self.url, self.is_sqlite)
        self._file = store_file(self.url, self.engine)
        self._writers = ThreadPoolExecutor(1 if self.is_sqlite else READERS, thread_name_prefix="db-write")
        self._prober = ThreadPoolExecutor(1, thread_name_prefix="db-probe")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="db-read")
        self._statements: dict[Callable[[Database], Any], Any] = {}

    async def write(self, work: Transaction[T]) -> T:
        """Run `work` in one transaction and commit it; any exception rolls it back."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._commit, work)

    async def read(self, work: Transaction[T]) -> T:
        """Run `work` on a consistent view."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._look, work)

    def insert(self, table: type[SQLModel]) -> Any:
        """Insert statement with `on_conflict_do_nothing` and `…_do_update` in this database's dialect."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def statement(self, build: Callable[["Database"], Any]) -> Any:
        """Statement that `build`, a function of a module, makes for this database, built once.

        Building a statement costs more than running it.
        """
        if build not in self._statements:
            self._statements[build] = build(self)
        return self._statements[build]

    async def scrub(self, rewritten: type[SQLModel], *swept: type[SQLModel]) -> None:
        """See that the files of these tables hold nothing more of what was deleted from them.

        SQLite overwrites as it deletes (`secure_delete`), and empties its journal here. PostgreSQL takes dead
        rows out, and may leave the last of a page where it was; so the first table is written anew. Raises
        `OSError` or `OperationalError` if others held on to it for too long: try again.
        """
        await asyncio.get_running_loop().run_in_executor(self._writers, self._scrub, rewritten, swept)

    async def probe(self) -> None:
        """Write a row and remove it, to the disk, beside other writers: they may be waiting for a lock.

        Raises what the driver raises where the database is full, locked, read-only or gone, or its file was
        deleted or replaced (`StoreLost`).
        """
        await asyncio.get_running_loop().run_in_executor(self._prober, self._probe)

    def close(self) -> None:
        """Finish what runs, then let go of all connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._prober.shutdown()
        self.engine.dispose()

    def _commit(self, work: Transaction[T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            done = work(session)
            self._check_file()
            return done

    def _probe(self) -> None:
        self._check_file()
        write_probe(self.engine, LOCK_SECONDS)

    def _check_file(self) -> None:
        if self._file is not None:
            self._file.check()

    def _scrub(self, rewritten: type[SQLModel], swept: tuple[type[SQLModel], ...]) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not self.is_sqlite:
                _sweep(connection, rewritten, swept)
            elif connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar():
                raise OSError("the journal is in use")

    def _look(self, work: Transaction[T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session:
            return work(session)


def _sweep(connection: Connection, rewritten: type[SQLModel], swept: tuple[type[SQLModel], ...]) -> None:
    # A statement that waits for a table lock keeps all others waiting: a backup may hold it for hours.
    connection.execute(text(f"SET lock_timeout = '{LOCK_WITHIN}'"))
    try:
        for table in swept:
            connection.execute(text(f"VACUUM {table.__tablename__}"))
        connection.execute(text(f"VACUUM (FULL) {rewritten.__tablename__}"))
    finally:
        connection.execute(text("RESET lock_timeout"))


def _engine(url: str, is_sqlite: bool) -> Engine:
    if not is_sqlite:
        return create_engine(url, pool_pre_ping=True, pool_size=2 * READERS, **SETTINGS)
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS}, pool_size=READERS + 1, **SETTINGS)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged complaint survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
    cursor.close()
