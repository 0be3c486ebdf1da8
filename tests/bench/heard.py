"""Facts that were signalled once, for readers that wait for them, now or later."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class SignalledFact(Generic[T]):
    """Values signalled under a key."""

    def __init__(self) -> None:
        self._futures: dict[str, asyncio.Future[T]] = {}

    def say(self, key: str, thing: T) -> None:
        """Store the value under a key, unless the key has a value."""
        future = self._future(key)
        if not future.done():
            future.set_result(thing)

    async def of(self, key: str) -> T:
        """Wait until a value is signalled under `key`."""
        return await self._future(key)

    def _future(self, key: str) -> asyncio.Future[T]:
        if key not in self._futures:
            self._futures[key] = asyncio.get_running_loop().create_future()
        return self._futures[key]
