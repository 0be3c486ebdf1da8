"""Values that tasks wait for by key, set before or after the wait begins."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class KeyedValues(Generic[T]):
    """One value for each key; the first that is set stays."""

    def __init__(self) -> None:
        self._futures: dict[str, asyncio.Future[T]] = {}

    def set(self, key: str, value: T) -> None:
        """Set the value of a key, unless the key has a value."""
        future = self._future(key)
        if not future.done():
            future.set_result(value)

    async def wait_for(self, key: str) -> T:
        """Wait until `key` has a value, and return it."""
        return await self._future(key)

    def _future(self, key: str) -> asyncio.Future[T]:
        if key not in self._futures:
            self._futures[key] = asyncio.get_running_loop().create_future()
        return self._futures[key]
