"""Whose request it is: the token of the Authorization header, held against the file of publishers."""

from pathlib import Path

from starlette.requests import Request

from services.door.refusal import CLOSE, Refused
from shared.contract.door import Trouble
from shared.runtime.log import logger
from shared.runtime.publishers import Publisher, Publishers, UnusableTokens, read

log = logger("door")

SCHEME = "bearer"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="amends"'}


class Doorman:
    """Knows the publishers. The file is read again when it changes; a spoilt one changes nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = self._look()
        self._publishers: Publishers = read(path)

    def admit(self, request: Request) -> Publisher:
        """Who sends this. Raises `Refused` before anything of the body is read."""
        self._refresh()
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        publisher = self._publishers.known_by(token.strip()) if scheme.lower() == SCHEME else None
        if publisher is None:
            raise Refused(Trouble.UNKNOWN_PUBLISHER, headers=CHALLENGE | CLOSE)
        return publisher

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def _refresh(self) -> None:
        state = self._look()
        if state == self._state:
            return
        self._state = state
        try:
            self._publishers = read(self._path)
            log.info("publishers", count=len(self._publishers.publishers))
        except UnusableTokens as error:
            log.error("publishers_unusable", error=str(error))
