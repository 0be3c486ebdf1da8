"""Notices that the file of an SQLite database was deleted or replaced while a process has it open.

SQLite goes on with the file that it opened: what it writes then is gone with the process. So nothing is
committed any more, and no further connection is opened: that would make an empty file in its place.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from shared.runtime.probes.lost import StoreLost


class StoreFile:
    """File under one engine, as it was when the first connection opened it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._opened: tuple[int, int] | None = None

    def watch(self, engine: Engine) -> None:
        """Remember the file that the first connection opens, and let no later one open another."""
        event.listen(engine, "do_connect", self._before)
        event.listen(engine, "connect", self._after)

    def check(self) -> None:
        """Raise `OperationalError` with `StoreLost` if the path names no file, or a different file.

        It costs some microseconds.
        """
        if self._opened is None:
            return
        now = self._identity()
        if now != self._opened:
            what = "deleted or moved" if now is None else "replaced"
            said = f"its file was {what} under this process, which writes nothing any more: {self.path}"
            raise OperationalError(None, None, StoreLost(said))  # an outage, as others of a database

    def _before(self, *_: Any) -> None:
        self.check()

    def _after(self, _: Any, __: ConnectionPoolEntry) -> None:
        if self._opened is None:
            self._opened = self._identity()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino


def store_file(url: str, engine: Engine) -> StoreFile | None:
    """Watched file of an SQLite database; None for a database in memory or on a server."""
    name = make_url(url).database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    watched = StoreFile(Path(name))
    watched.watch(engine)
    return watched
