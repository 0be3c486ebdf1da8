"""Caches the result of a check, so that frequent requests cost little and a check that hangs blocks none."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

Check = Callable[[], Awaitable[None]]
State = Callable[[], object]

FRESH_SECONDS = 5.0
PATIENCE_SECONDS = 2.5


class NoAnswer(Exception):
    """Raised when the check has not ended yet."""


class Cached:
    """Runs `check` at most every `fresh` seconds, after a failure every `FRESH_SECONDS`, never twice at once.

    A request gets the last result while it is fresh. Otherwise it waits for the coming result, at most
    `patience` seconds. A check that takes longer goes on, and counts as failed until it ends.

    A result counts only while `state` is what it was when the check began: a result from before a lost
    connection does not count for the time after.
    """

    def __init__(
        self,
        check: Check,
        *,
        fresh: float = FRESH_SECONDS,
        patience: float = PATIENCE_SECONDS,
        state: State = lambda: None,
    ) -> None:
        self._check = check
        self._state = state
        self._of: object = None
        self._fresh = fresh
        self._patience = patience
        self._running: asyncio.Task[None] | None = None
        self._began = 0.0
        self._ended: float | None = None
        self._found: Exception | None = None

    async def __call__(self) -> None:
        """Raise what the check raised, or `NoAnswer` while it hangs."""
        if self._running is None and not self._is_fresh():
            self._began, self._of = monotonic(), self._state()
            self._running = asyncio.create_task(self._run())
        if self._running is not None:
            await asyncio.wait({self._running}, timeout=self._began + self._patience - monotonic())
        if self._running is not None:
            raise NoAnswer(f"no answer for {monotonic() - self._began:.0f} s{self._before()}")
        if self._of != self._state():
            await self()
        elif self._found is not None:
            raise self._found

    def _is_fresh(self) -> bool:
        if self._of != self._state():
            return False
        fresh = min(self._fresh, FRESH_SECONDS) if self._found else self._fresh
        return self._ended is not None and monotonic() - self._ended < fresh

    def _before(self) -> str:
        return f", and before it {type(self._found).__name__}" if self._found else ""

    async def _run(self) -> None:
        try:
            await self._check()
        except Exception as error:
            self._found = error
        else:
            self._found = None
        finally:
            self._ended, self._running = monotonic(), None
