"""Try what a NATS user may do: every denial comes from the server itself."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from shared.contract import subjects
from shared.contract.ids import complaint_id
from shared.contract.subjects import EVENTS_STREAM, Service
from shared.runtime.messages.settled import settled
from tests.conftest import NatsServer

SOON = 0.5
"""Long enough for a message on the loopback, short enough to wait for one that must not come."""


@asynccontextmanager
async def logged_in(server: NatsServer, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """Connection as `user`, and the list of what the server denied it."""
    denied: list[str] = []
    client = await server.connect(user, denied)
    try:
        yield client, denied
    finally:
        await client.close()


def some_complaint() -> str:
    return complaint_id("least-privilege", secrets.token_hex(8))


async def denial(client: Client, denied: list[str], attempt: Callable[[], Awaitable[object]]) -> str:
    """Make the attempt; return the denial of the server, nothing if it permitted it."""
    before = len(denied)
    with suppress(Error, TimeoutError):
        await asyncio.wait_for(attempt(), SOON)
    await settled(client)
    return " ".join(denied[before:]).lower()


async def may_publish(client: Client, denied: list[str], subject: str) -> bool:
    return "publish" not in await denial(client, denied, lambda: client.publish(subject, b"{}"))


async def may_subscribe(client: Client, denied: list[str], subject: str) -> bool:
    return "subscription" not in await denial(client, denied, lambda: client.subscribe(subject))


async def count(server: NatsServer, stream: str, subject: str) -> int:
    """Number of messages that a stream holds on a subject."""
    async with logged_in(server, "admin") as (admin, _):
        info = await admin.jetstream().stream_info(stream, subjects_filter=subject)
        return sum((info.state.subjects or {}).values())


async def say(server: NatsServer, service: Service, name: str, complaint: str) -> None:
    """Publish a fact to the stream as a user that may publish it."""
    async with logged_in(server, service) as (client, _):
        subject = subjects.event(name, complaint)
        await client.jetstream().publish(subject, name.encode(), stream=EVENTS_STREAM)


async def ignore(error: Exception) -> None:
    """Ignore an error reported in the background: errors of calls are raised."""


async def done(message: Msg) -> None:
    await message.respond(b"done")
