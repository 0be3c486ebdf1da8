"""Work on large texts in a process beside the service, within a budget of processor time.

A thread would not do: pure Python keeps the interpreter's lock, and the event loop waits for it. The process
is started when the first large text comes, and ends with the service.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

State = TypeVar("State")
Result = TypeVar("Result")
P = ParamSpec("P")

SMALL = 4_096
"""Bytes of a text on which the service works itself: the worst costs it some milliseconds."""

CPU_SECONDS = 5.0
WALL_SECONDS = 120.0
"""Processor time that one text may take, and elapsed time on a machine that is busy otherwise."""

START_SECONDS = 120.0

GIVES_WAY = 10
"""Nice value by which the process yields to the services on a busy machine: large texts wait, events do
not.
"""


class TooComplex(Exception):
    """Raised when the work on a text took longer than its budget."""


class SideWork(Generic[State]):
    """Runs functions on what `setup(*given)` makes; small work in place, large work in the process beside."""

    def __init__(
        self,
        setup: Callable[..., State],
        *given: object,
        state: State | None = None,
        budget: float = CPU_SECONDS,
    ) -> None:
        """`state`: what `setup` would make, where the service has it already. `budget`: seconds."""
        self._budget = budget
        self._setup, self._given = setup, given
        self._state = setup(*given) if state is None else state
        self._pool: ProcessPoolExecutor | None = None
        self._one_at_a_time = asyncio.Lock()

    async def run(
        self, size: int, work: Callable[Concatenate[State, P], Result], *args: P.args, **more: P.kwargs
    ) -> Result:
        """Result of `work`, which is a function of a module. Raises `TooComplex` past the budget."""
        if size <= SMALL:
            return work(self._state, *args, **more)
        async with self._one_at_a_time:
            for last_try in (False, True):
                try:
                    return await self._beside(work, args, more)
                except BrokenProcessPool:
                    self.close()
                    if last_try:
                        raise TooComplex from None
        raise AssertionError("the loop above ends by itself")

    async def _beside(self, work: Callable[..., Result], args: Any, more: Any) -> Result:
        if self._pool is None:
            self._pool = await asyncio.to_thread(self._started)
        future: Future[Result] = await asyncio.to_thread(
            self._pool.submit, _within_budget, self._budget, work, args, more
        )
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), WALL_SECONDS)
        except TimeoutError:
            self.close()
            raise TooComplex from None

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), _begin, (self._setup, self._given, os.getpid())
        )
        pool.submit(_nothing).result(START_SECONDS)
        return pool

    def close(self) -> None:
        """End the process, also in the middle of its work."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):
            with contextlib.suppress(OSError, ValueError):
                process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


_state: Any = None


def _begin(setup: Callable[..., Any], given: tuple[object, ...], parent: int) -> None:
    global _state
    os.nice(GIVES_WAY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _over)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _state = setup(*given)


def _end_with(parent: int) -> None:
    """End this process with its parent: a service that was killed leaves no process behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _over(number: int, frame: FrameType | None) -> None:
    raise TooComplex


def _nothing() -> None:
    """First work of the process, to see that it started."""


def _within_budget(budget: float, work: Callable[..., Result], args: Any, more: Any) -> Result:
    signal.setitimer(signal.ITIMER_PROF, budget)
    try:
        return work(_state, *args, **more)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
