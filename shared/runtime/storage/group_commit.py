"""Group commit: calls that wait at the same time share one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Collects waiting items, hands them to `work` as one list, and gives each caller its own result.

    No caller waits for a batch to fill: a batch has the items that came while the previous batch was at
    work. When a batch fails, its items are tried one by one, so that a bad item does not take the others
    with it.
    """

    def __init__(self, work: Callable[[list[Item]], Awaitable[list[Result]]], limit: int = 256) -> None:
        self._work = work
        self._limit = limit
        self._waiting: asyncio.Queue[tuple[Item, asyncio.Future[Result]]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Batcher[Item, Result]":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def __call__(self, item: Item) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((item, future))
        return await future

    async def _run(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self._limit and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._serve(batch)

    async def _serve(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:
            await self._serve_singly(batch, error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    async def _serve_singly(self, batch: list[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
        if len(batch) == 1:
            if not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for one in batch:
            await self._serve([one])
