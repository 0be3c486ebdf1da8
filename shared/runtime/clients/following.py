"""Current register of clients: the file is read again when it changes, and a spoilt file changes nothing."""

from pathlib import Path

from shared.runtime.clients.register import Client, Register, UnusableRegister, read
from shared.runtime.log import logger

log = logger("clients")


class Following:
    """Looks at the file whenever it is asked, which costs a few microseconds; nothing has to be restarted."""

    def __init__(self, path: Path | None) -> None:
        """Without a path there are no clients. Raises `UnusableRegister` if there is no good file now."""
        self._path = path
        self._state = self._look()
        self._register = read(path) if path else Register()
        self._by_name = {client.name: client for client in self._register.clients}

    @property
    def register(self) -> Register:
        """Last valid content of the file."""
        self._refresh()
        return self._register

    def get(self, name: str) -> Client | None:
        """Client of this name; None if there is none, or if it was revoked."""
        self._refresh()
        client = self._by_name.get(name)
        return client if client and not client.revoked else None

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            found = None
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found else (0, 0, 0)

    def _refresh(self) -> None:
        state = self._look()
        if self._path is None or state == self._state:
            return
        self._state = state
        try:
            self._register = read(self._path)
        except UnusableRegister as error:
            log.error("clients_unusable", error=str(error))
        else:
            self._by_name = {client.name: client for client in self._register.clients}
            log.info("clients", count=len(self._register.active()))
