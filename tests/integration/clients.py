"""Clients of tests: added to the register of a running server, and used as another system would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from nats.aio.client import Client

from deploy.nats.administering import take_effect
from deploy.nats.config import new_seed
from shared.runtime.clients import register as registers
from tests.conftest import NatsServer


async def ignore(_: Exception) -> None:
    """Ignore an error reported in the background: errors of calls are raised."""


async def added(server: NatsServer, name: str, **entry: Any) -> None:
    """Add a client, and put it into effect."""
    key = new_seed(server.site.seed_file(name))
    with registers.held(server.clients):
        known = registers.read(server.clients).having(name=name, keys=[key], **entry)
        registers.write(server.clients, known)
        server.site.write_accounts(known)
    client = known.get(name)
    assert client
    assert await take_effect(server.site, client)


async def revoked(server: NatsServer, name: str) -> None:
    """Revoke a client, and put that into effect."""
    with registers.held(server.clients):
        known = registers.read(server.clients).revoke(name)
        registers.write(server.clients, known)
        server.site.write_accounts(known)
    client = known.get(name)
    assert client
    assert await take_effect(server.site, client)


@asynccontextmanager
async def speaking_as(server: NatsServer, name: str) -> AsyncIterator[Client]:
    """Connection of a client, with the inbox of every client library."""
    client, seed = Client(), str(server.site.seed_file(name))
    try:
        await client.connect(server.url, nkeys_seed=seed, allow_reconnect=False, error_cb=ignore)
        yield client
    finally:
        await client.close()
