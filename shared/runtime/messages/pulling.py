"""Messages of a durable consumer as they come: a batch has what is there, and waits only for the first
message.

The fetch of nats-py waits for a batch to fill, and a request that is open when it is cancelled keeps the
connection from closing. Here a request is always open: the next messages come while others are worked on.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Protocol, Self

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error

from shared.contract.consumers import Durable
from shared.contract.subjects import inbox_prefix
from shared.runtime.log import logger

log = logger("pulling")

EXPIRES_SECONDS = 5.0
LOST_SECONDS = EXPIRES_SECONDS + 1.0
RETRY_SECONDS = 1.0
NANO = 1_000_000_000

MOST_BYTES = 8 * 1024 * 1024
"""Most bytes of one request, and of what waits when the next is sent: a flood of large messages fills no
memory.
"""

OVER = ("404", "408")
"""Status of a request that ended in good order."""

FULL = ("Batch Completed", "Message Size Exceeds MaxBytes")
"""Status of a request that brought all it had asked for, or whose next message would have been too large."""


class Arrived(Protocol):
    """Messages that have come and were not taken yet, such as a `deque`."""

    def append(self, message: Msg, /) -> None: ...

    def popleft(self) -> Msg: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Msg]: ...


class Pulling:
    """Reader of a durable. Several may read at once; each message goes to one of them.

    It holds up to `ahead` messages, asks for `portion` of them at once, and gives batches of up to `size`.
    """

    def __init__(
        self,
        client: Client,
        durable: Durable,
        size: int,
        *,
        arrived: Arrived | None = None,
        ahead: int | None = None,
        portion: int | None = None,
    ) -> None:
        self._client = client
        self._durable = durable
        self._size = size
        self._inbox = f"{inbox_prefix(durable.service)}.{client.new_inbox().rsplit('.', 1)[-1]}"
        self._portion, self._ahead = portion or size, ahead or 2 * size
        self._arrived: Arrived = deque() if arrived is None else arrived
        self._bytes = 0
        self._something = asyncio.Event()
        self._asked = 0
        self._trouble: str | None = None
        self._subscription: Subscription | None = None

    async def __aenter__(self) -> Self:
        self._subscription = await self._client.subscribe(self._inbox, cb=self._take)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave; what came too late to be worked on, goes to another reader at once."""
        if self._subscription and not self._client.is_closed:
            await self._subscription.unsubscribe()
            for message in self._arrived:
                await message.nak()

    async def batch(self) -> list[Msg]:
        """Next messages: at least one, at most `size`."""
        await self._until_something()
        return await self._next()

    async def _until_something(self) -> None:
        while not self._arrived:
            await self._wait()

    async def _next(self) -> list[Msg]:
        count = min(len(self._arrived), self._size)
        messages = [self._arrived.popleft() for _ in range(count)]
        self._bytes -= sum(len(message.data) for message in messages)
        if self._asked < self._portion // 2 and self._has_room():
            await self._ask()
        return messages

    def _has_room(self) -> bool:
        return len(self._arrived) <= self._ahead - self._portion and self._bytes < MOST_BYTES

    async def _wait(self) -> None:
        """Wait for something to come, with a request open; after trouble, not in a hot loop."""
        if self._trouble:
            log.warning("pull_failed", durable=self._durable.name, problem=self._trouble)
            self._trouble = None
            await asyncio.sleep(RETRY_SECONDS)
        try:
            if self._asked <= 0 and self._has_room():
                await self._ask()
            async with asyncio.timeout(LOST_SECONDS):
                await self._something.wait()
        except TimeoutError:
            self._asked = 0  # the server that we asked is gone, and the request with it
        except Error as error:
            if self._client.is_closed:
                raise
            self._asked, self._trouble = 0, type(error).__name__
        self._something.clear()

    async def _ask(self) -> None:
        durable = self._durable
        limits = {"batch": self._portion, "max_bytes": MOST_BYTES, "expires": int(EXPIRES_SECONDS * NANO)}
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{durable.stream}.{durable.name}"
        self._asked += self._portion
        await self._client.publish(subject, orjson.dumps(limits), reply=self._inbox)

    async def _take(self, message: Msg) -> None:
        headers = message.headers or {}
        status = None if message.reply else headers.get("Status")
        if status is None:
            self._asked -= 1
            self._bytes += len(message.data)
            self._arrived.append(message)
        else:
            self._asked -= min(int(headers.get("Nats-Pending-Messages", self._asked)), self._asked)
            said = headers.get("Description", "")
            if status not in OVER and said not in FULL:
                self._trouble = f"{status} {said}".strip()
        self._something.set()
