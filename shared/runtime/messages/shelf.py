"""Waiting place of bad messages until they are quarantined, so that a flood of them delays no good message.

Nothing is lost: a waiting message is not acknowledged yet, and comes again if this process dies. Nothing
is doubled: the copy of a message has an id of its own, whichever process makes it. The place is bounded: a
sender of more than fits has to wait.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import islice

from shared.runtime.messages.quarantining import QuarantinedMessage

Quarantine = Callable[[Sequence[QuarantinedMessage]], Awaitable[None]]

MOST_BYTES = 16 * 1024 * 1024
AT_ONCE = 256

LAST_SECONDS = 10.0
"""Seconds in which the waiting messages are quarantined at the end; the rest comes again."""


class Shelf:
    """Quarantines messages in the background, in the order in which they came; at its end, as many as it can.

    `quarantine_all` raises nothing: a message that it cannot store now comes again.
    """

    def __init__(self, quarantine_all: Quarantine) -> None:
        self._quarantine_all = quarantine_all
        self._waiting: deque[QuarantinedMessage] = deque()
        self._bytes = 0
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Shelf":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await self._until(lambda: not self._waiting)
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def take(self, rejected: Sequence[QuarantinedMessage]) -> None:
        """Take these; returns as soon as there is room for more."""
        if rejected:
            self._waiting.extend(rejected)
            await self._more(sum(one.size for one in rejected))
            await self._until(lambda: self._bytes < MOST_BYTES)

    async def _run(self) -> None:
        while True:
            await self._until(lambda: bool(self._waiting))
            batch = list(islice(self._waiting, AT_ONCE))
            await self._quarantine_all(batch)
            for _ in batch:
                self._waiting.popleft()
            await self._more(-sum(one.size for one in batch))

    async def _more(self, size: int) -> None:
        async with self._changed:
            self._bytes += size
            self._changed.notify_all()

    async def _until(self, true: Callable[[], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(true)
