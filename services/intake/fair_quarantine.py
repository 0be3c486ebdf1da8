"""Room in the quarantine for each client: junk of one client does not push out copies of others.

The stream drops its oldest messages at its limit, of all clients alike. Before it is full, the clients
with the most bytes lose their own oldest copies.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError

from services.intake.quarantined_copies import every_copy
from shared.contract.quarantine import HEADER_CLIENT, HEADER_DANGER
from shared.contract.subjects import HOUSE, QUARANTINE_STREAM
from shared.runtime.log import logger
from shared.runtime.messages.publishing import Publisher
from shared.runtime.reasons import reason

log = logger("fair_quarantine")

SIZE = "Nats-Msg-Size"
"""Header in which the server names the size of a message that it sends without its bytes."""

FULL, KEPT = 0.5, 0.375
"""Parts of the limit: above the first, copies are dropped until the second is reached."""

UNLOOKED = 0.125
"""Part of the limit that one process may fill before it looks again."""

PATIENCE_SECONDS = 10.0
"""Seconds for which new copies wait for room. Then they are stored while the work goes on."""

Owner = tuple[str, bool]
"""Client of a copy, and whether the copy reports a danger."""


class FairQuarantine:
    """Keeps half of the quarantine free by dropping the oldest copies of the largest clients."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._unlooked = 0.0
        self._work: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def room(self, size: int) -> AsyncIterator[None]:
        """While this is entered, `size` bytes fit without displacing copies of other clients.

        A failure is logged and stops nothing: the copies are then stored as the stream can take them.
        """
        self._unlooked -= size
        if self._unlooked < 0:
            async with self._turn:
                if self._unlooked < 0 and (self._work is None or self._work.done()):
                    self._work = asyncio.create_task(self._look())
                if self._work:
                    await asyncio.wait({self._work}, timeout=PATIENCE_SECONDS)
        yield

    async def _look(self) -> None:
        try:
            client = self._publisher.client
            info = await client.jetstream().stream_info(QUARANTINE_STREAM)
            limit = info.config.max_bytes or 0
            if limit <= 0:
                self._unlooked = float("inf")
                return
            if info.state.bytes > FULL * limit:
                await share_out(client, int(KEPT * limit))
            self._unlooked = UNLOOKED * limit
        except Exception as error:
            log.warning("room_not_made", error=reason(error))


async def share_out(client: Client, room: int) -> Counter[str]:
    """Drop copies until all fit into `room`; return how many of each client were dropped."""
    held: Counter[Owner] = Counter()
    async for message in every_copy(client):
        held[_owner(message)] += _size(message)
    left, dropped = Counter(to_drop(held, room)), Counter[str]()
    async for message in every_copy(client):
        if left.total() <= 0:
            break
        owner = _owner(message)
        if left[owner] <= 0:
            continue
        left[owner] = max(left[owner] - _size(message), 0)
        try:
            await client.jetstream().delete_msg(QUARANTINE_STREAM, message.metadata.sequence.stream)
        except NotFoundError:  # another process dropped it, or it was replayed
            continue
        dropped[owner[0]] += 1
    log.warning("quarantine_shared_out", dropped=dict(dropped))
    return dropped


def to_drop(held: Mapping[Owner, int], room: int) -> dict[Owner, int]:
    """Bytes that each has to lose so that all fit. Pure.

    Clients below an equal share lose nothing, and what they leave goes to the others. Copies that report a
    danger are the last that a client loses.
    """
    clients: Counter[str] = Counter()
    for (client, _), size in held.items():
        clients[client] += size
    share, most = float(room), room
    for place, (_, size) in enumerate(sorted(clients.items(), key=lambda one: one[1])):
        share = most / (len(clients) - place)
        if size > share:
            break
        most -= size
    drop: dict[Owner, int] = {}
    for client, size in clients.items():
        over = max(size - int(share), 0) if clients.total() > room else 0
        plain = min(over, held.get((client, False), 0))
        drop |= {(client, False): plain, (client, True): over - plain}
    return drop


def _owner(message: Msg) -> Owner:
    said = message.headers or {}
    return said.get(HEADER_CLIENT, HOUSE), said.get(HEADER_DANGER) == "true"


def _size(message: Msg) -> int:
    """Bytes of a copy, with its headers: they are most of a small message."""
    said = message.headers or {}
    return int(said.get(SIZE, 0)) + sum(len(name) + len(value) for name, value in said.items())
