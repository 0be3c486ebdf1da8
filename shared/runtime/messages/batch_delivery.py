"""Delivery of messages from a durable consumer in batches, for work that costs less together.

The guarantees are those of `Delivery`, message by message. A bad message takes no other with it, and the
batch does not wait until it is quarantined.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract.consumers import Durable
from shared.runtime.messages.delivery import Delivery
from shared.runtime.messages.looking_ahead import LookingAhead
from shared.runtime.messages.pulling import Pulling
from shared.runtime.messages.shelf import Shelf
from shared.runtime.messages.turns import SourceOf

BatchWork = Callable[[list[Msg]], Awaitable[Sequence[Exception | None]]]
"""Returns for each message, in order, its fault or None. An exception counts for all."""


class BatchDelivery:
    """Feeds what waits in one durable consumer to `work`, up to `size` messages at once.

    So many batches are in work `at_once`. With `source_of`, sources take turns.
    """

    def __init__(
        self,
        delivery: Delivery,
        durable: Durable,
        work: BatchWork,
        *,
        size: int,
        at_once: int = 1,
        source_of: SourceOf | None = None,
    ) -> None:
        self.delivery = delivery
        self.durable = durable
        self.work = work
        self.size = size
        self.at_once = at_once
        self.source_of = source_of

    async def run(self, client: Client) -> None:
        """Take batches until cancelled; a batch that was begun is finished first."""
        async with Shelf(self.delivery.quarantine_all) as shelf, self._reader(client) as reader:
            await asyncio.gather(*(self._take_on(reader, shelf) for _ in range(self.at_once)))

    def _reader(self, client: Client) -> Pulling:
        if self.source_of is None:
            return Pulling(client, self.durable, self.size)
        return LookingAhead(client, self.durable, self.size, self.source_of)

    async def _take_on(self, reader: Pulling, shelf: Shelf) -> None:
        while True:
            await _to_its_end(self._take(await reader.batch(), shelf))

    async def _take(self, messages: list[Msg], shelf: Shelf) -> None:
        try:
            outcomes: Sequence[Exception | None] = await self.work(messages)
        except Exception as error:
            outcomes = [error] * len(messages)
        await shelf.take(await self.delivery.let_go(messages, outcomes))


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work`, and on being cancelled wait for it all the same."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
