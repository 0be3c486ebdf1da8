"""Connections of the command line to NATS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nats.aio.client import Client

from services.console.connection.place import Place, find
from shared.client import connecting

NAME = "amends-console"


async def connect(place: Place, *, name: str = NAME, lasting: bool = False) -> Client:
    """Connect to the NATS of a stack. A `lasting` connection returns after an outage."""
    return await connecting.connect(place.nats, name=name, lasting=lasting)


@asynccontextmanager
async def connected(directory: Path | None) -> AsyncIterator[Client]:
    """Connect to the stack that the command means, and close the connection at the end."""
    client = await connect(find(directory))
    try:
        yield client
    finally:
        await client.close()
