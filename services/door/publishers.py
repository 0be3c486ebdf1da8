"""Identity of a request's sender: the token of the Authorization header, compared with the register of
clients.
"""

from pathlib import Path

from services.door.refusal import CLOSE, RefusedRequest
from shared.contract.clients import Kind
from shared.contract.door import Trouble
from shared.runtime.clients.following import Following
from shared.runtime.clients.register import Client

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="amends"'}


class Doorman:
    """Knows the publishers of the register, as it is now."""

    def __init__(self, path: Path) -> None:
        """Raises `UnusableRegister`."""
        self._clients = Following(path)

    def admit(self, token: str | None) -> Client:
        """Publisher with this token. Raises `RefusedRequest` before any of the body is read."""
        client = self._clients.register.known_by(token.strip()) if token else None
        if client is None or client.kind is not Kind.PUBLISHER:
            raise RefusedRequest(Trouble.UNKNOWN_PUBLISHER, headers=CHALLENGE | CLOSE)
        return client
