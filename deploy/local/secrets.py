"""Secrets of an embedded stack, each made once, readable by the owner of the directory alone."""

import base64
import secrets
from pathlib import Path

from deploy.local.layout import Layout
from deploy.nats.clients import with_local_clients
from shared.contract.clients import Kind
from shared.runtime.clients.register import (
    Register,
    UnusableRegister,
    digest,
    held,
    new_token,
    read_or_empty,
    write,
)
from shared.runtime.settings import replace_secret

LOCAL = "local"
"""Publisher that every embedded stack has, and its source."""


def make_secrets(layout: Layout) -> None:
    """Make the keys of intake and the door, and the register of clients. Raises `ValueError`."""
    for path in (layout.master_key, layout.door_key):
        if not path.exists():
            replace_secret(path, base64.b64encode(secrets.token_bytes(32)))
    with held(layout.clients):
        try:
            write(layout.clients, _registered(layout, read_or_empty(layout.clients)))
        except UnusableRegister as error:
            words = f"The file {layout.clients} holds no clients ({error}); delete it or repair it."
            raise ValueError(words) from error


def token_for(file: Path, name: str, source: str) -> str:
    """Make a token for a publisher, which may from now on submit for `source` over HTTP."""
    token = new_token()
    with held(file):
        known = read_or_empty(file)
        entry = {"sources": [source], "tokens_sha256": [digest(token)]}
        write(file, known.having(name=name, kind=Kind.PUBLISHER, **entry))
    return token


def _registered(layout: Layout, register: Register) -> Register:
    """Register with the clients that every embedded stack has, and a token for the local publisher at the
    door.
    """
    register = with_local_clients(layout.keys, register)
    local = register.get(LOCAL)
    if local is not None and (local.revoked or layout.door_token.exists()):
        return register
    token = new_token()
    replace_secret(layout.door_token, token.encode())
    return register.having(name=LOCAL, kind=Kind.PUBLISHER, sources=[LOCAL], tokens_sha256=[digest(token)])
