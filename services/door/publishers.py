"""Whose request it is: the token of the Authorization header, compared with the register of clients."""

from pathlib import Path

from starlette.requests import Request

from services.door.refusal import CLOSE, Refused
from shared.contract.clients import Kind
from shared.contract.door import Trouble
from shared.runtime.clients.following import Following
from shared.runtime.clients.register import Client

SCHEME = "bearer"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="amends"'}


class Doorman:
    """Knows the publishers of the register, as it is now."""

    def __init__(self, path: Path) -> None:
        """Raises `UnusableRegister`."""
        self._clients = Following(path)

    def admit(self, request: Request) -> Client:
        """The publisher whose token it is. Raises `Refused` before anything of the body is read."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        client = self._clients.register.known_by(token.strip()) if scheme.lower() == SCHEME else None
        if client is None or client.kind is not Kind.PUBLISHER:
            raise Refused(Trouble.UNKNOWN_PUBLISHER, headers=CHALLENGE | CLOSE)
        return client
