"""Taking messages from a durable consumer by the batch, for work that costs less together.

The same promises as `Delivery`, message by message: one that is bad takes no other with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from shared.contract.consumers import Durable
from shared.runtime.broker import inbox_prefix
from shared.runtime.delivery import Delivery
from shared.runtime.log import logger

log = logger("batches")

BatchWork = Callable[[list[Msg]], Awaitable[Sequence[Exception | None]]]
"""Says of each message, in order, what was wrong with it, or None. An exception speaks for all."""

FETCH_SECONDS = 30.0
RETRY_SECONDS = 1.0


class BatchDelivery:
    """Feeds what waits in one durable consumer to `work`, up to `size` messages at once."""

    def __init__(self, delivery: Delivery, durable: Durable, work: BatchWork, *, size: int) -> None:
        self.delivery = delivery
        self.durable = durable
        self.work = work
        self.size = size

    async def run(self, client: Client) -> None:
        """Take batches until cancelled; a batch that was begun is finished first."""
        prefix = f"{inbox_prefix(self.durable.service)}.".encode()
        subscription = await client.jetstream().pull_subscribe_bind(
            durable=self.durable.name, stream=self.durable.stream, inbox_prefix=prefix
        )
        while True:
            try:
                messages = await subscription.fetch(self.size, timeout=FETCH_SECONDS)
            except TimeoutError:
                continue
            except Error as error:
                # No server, or no such consumer: readiness says which; try again, not in a hot loop.
                log.warning("fetch_failed", durable=self.durable.name, error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await _to_its_end(self._take(messages))

    async def _take(self, messages: list[Msg]) -> None:
        try:
            outcomes: Sequence[Exception | None] = await self.work(messages)
        except Exception as error:
            outcomes = [error] * len(messages)
        for message, outcome in zip(messages, outcomes, strict=True):
            await self.delivery.settle(message, outcome)


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work`, and on being cancelled wait for it all the same."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
