"""Taking messages from a durable consumer by the batch, for work that costs less together.

The same promises as `Delivery`, message by message: one that is bad takes no other with it, and nobody waits
until it is put aside.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract.consumers import Durable
from shared.runtime.messages.delivery import Delivery
from shared.runtime.messages.pulling import Pulling
from shared.runtime.messages.shelf import Shelf

BatchWork = Callable[[list[Msg]], Awaitable[Sequence[Exception | None]]]
"""Says of each message, in order, what was wrong with it, or None. An exception speaks for all."""


class BatchDelivery:
    """Feeds what waits in one durable consumer to `work`, up to `size` messages at once."""

    def __init__(self, delivery: Delivery, durable: Durable, work: BatchWork, *, size: int) -> None:
        self.delivery = delivery
        self.durable = durable
        self.work = work
        self.size = size

    async def run(self, client: Client) -> None:
        """Take batches until cancelled; a batch that was begun is finished first."""
        async with (
            Shelf(self.delivery.quarantine_all) as shelf,
            Pulling(client, self.durable, self.size) as pulling,
        ):
            while True:
                await _to_its_end(self._take(await pulling.batch(), shelf))

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
