"""Notice to a stream that messages are still in work, so that it does not deliver them again."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

STILL_HERE_SECONDS = 10.0
"""Interval of the notice; a stream delivers a message again after 30 seconds without one."""


@asynccontextmanager
async def still_here(messages: Iterable[Msg]) -> AsyncIterator[None]:
    """While this is entered, what `messages` holds at the time is not delivered again."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(STILL_HERE_SECONDS)
            with suppress(NatsError):
                for message in list(messages):
                    await message.in_progress()

    task = asyncio.create_task(keep())
    try:
        yield
    finally:
        task.cancel()
