"""Reader of a durable that looks ahead and takes turns over sources.

A stream has one order. A source whose messages come behind a thousand of another would wait for all of
these, so the reader first takes what the stream holds, up to a limit of messages and bytes, and gives the
next batch out of that source by source. Nothing is lost: what waits here is not acknowledged, and comes
again if this process dies. Until then the stream is notified that it is in work.
"""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Self

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract.consumers import Durable
from shared.runtime.messages.pulling import Pulling
from shared.runtime.messages.still_here import still_here
from shared.runtime.messages.turns import SourceOf, Turns

AHEAD = 4096
"""Most messages that wait here. Sources behind so many messages of others wait for some of them."""

ASKED_AT_ONCE = 512

QUIET_SECONDS, LOOK_SECONDS = 0.25, 3.0
"""Longest look ahead while nothing comes, since other processes may take what the stream still holds, and in
all.
"""


class LookingAhead(Pulling):
    """Reader for several workers of one process, which share what it holds."""

    def __init__(self, client: Client, durable: Durable, size: int, source_of: SourceOf) -> None:
        self._turns = Turns(source_of)
        super().__init__(client, durable, size, arrived=self._turns, ahead=AHEAD, portion=ASKED_AT_ONCE)
        self._behind = False
        self._looking = asyncio.Lock()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await self._open.enter_async_context(still_here(self._turns))
        return self

    async def __aexit__(self, *wrong: object) -> None:
        await self._open.aclose()
        await super().__aexit__(*wrong)

    async def batch(self) -> list[Msg]:
        async with self._looking:
            await self._until_something()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    while self._behind and (self._asked > 0 or self._has_room()):
                        await asyncio.wait_for(self._wait(), QUIET_SECONDS)
            self._behind = False  # until another message comes, there is nothing more to look for
            return await self._next()

    async def _take(self, message: Msg) -> None:
        if message.reply:
            self._behind = message.metadata.num_pending > 0
        await super()._take(message)
