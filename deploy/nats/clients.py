"""Clients that every embedded stack has; `amends client` adds others."""

from pathlib import Path
from typing import Any

from deploy.nats.config import new_seed, public_key, seed_file
from shared.contract.clients import ANY, GATEWAY_ACTOR, Kind
from shared.contract.events import Notice
from shared.contract.values import CUSTOMER
from shared.runtime.clients.register import Register

PUBLISHER, AGENT, GATEWAY, PORTAL = "publisher", "agent", "gateway", CUSTOMER
BOARD, DOOR = "board", "door"

OUTSIDE = (PUBLISHER, AGENT, GATEWAY, PORTAL)
"""Clients whose seeds are `credentials` of the ready file, beside the administrator's."""

LOCAL: dict[str, dict[str, Any]] = {
    PUBLISHER: {"kind": Kind.PUBLISHER, "sources": [ANY]},
    AGENT: {"kind": Kind.DESK, "actors": [ANY], "follow": [ANY]},
    GATEWAY: {"kind": Kind.GATEWAY, "actors": [GATEWAY_ACTOR], "follow": [Notice.NAME]},
    PORTAL: {"kind": Kind.PORTAL, "actors": [CUSTOMER]},
    BOARD: {"kind": Kind.READER, "follow": [ANY]},
    DOOR: {"kind": Kind.DOOR},
}
"""Permissions of the embedded clients: a user who can read the directory is trusted with any source and any
actor.
"""


def with_local_clients(keys: Path, register: Register) -> Register:
    """Register with the clients of an embedded stack; each gets a key, with its seed in `keys`."""
    for name, entry in LOCAL.items():
        if register.get(name) is None:
            register = register.having(name=name, **entry)
        client = register.get(name)
        if client is None or client.revoked:
            continue
        if seed_file(keys, name).exists():
            key = public_key(seed_file(keys, name))
        else:
            key = new_seed(seed_file(keys, name))
        if key not in client.keys:
            register = register.changed(name, keys=[key])
    return register
