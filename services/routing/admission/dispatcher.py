"""Start of workflows in order: a new complaint at once while the queue is empty, else the gravest in the
queue, and source by source among equally grave complaints (`turns.py`).

Started is not opened: a started workflow opens its case when a worker has time for it. The number on the
way there is limited, so that a grave complaint never waits behind thousands of others.

Nothing is lost: a row leaves the queue only after its start has succeeded, or as a dead letter. Nothing is
doubled: the workflow's id is the complaint's, so a second start after a crash does nothing. Several
processes of routing take from one queue: each claims rows for a while (`queue.claim`), and no two have the
same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from services.routing.admission.in_flight import InFlight
from services.routing.admission.queue import Arrival, WaitingQueue
from services.routing.admission.turns import patient_share
from shared.runtime.log import logger
from shared.runtime.messages.delivery import MAX_ATTEMPTS, delay
from shared.runtime.messages.outage import is_outage
from shared.runtime.reasons import reason

log = logger("starting")

EVERY = 4
"""Number of starts from the queue of which one goes to the complaint that has waited longest, if too long."""

LOOK_SECONDS = 0.05
"""Seconds between two checks whether there is room again."""

IDLE_SECONDS = 5.0
"""Seconds between two checks of an empty queue, for rows that another process has left."""

LONGEST_PAUSE = 5.0
"""Longest pause before Temporal is tried again."""

DeadLetter = Callable[[Arrival, Exception], Awaitable[None]]
"""Puts a complaint that cannot be started with the dead letters."""


class Dispatcher:
    """Starts the workflows that may start now. `run` works off the queue."""

    def __init__(
        self,
        start: Callable[[Arrival], Awaitable[None]],
        queue: WaitingQueue,
        in_flight: InFlight,
        bury: DeadLetter,
    ) -> None:
        self._start = start
        self._queue = queue
        self._in_flight = in_flight
        self._bury = bury
        self._waiting = True
        self._failures = 0
        self._claims = 0
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Wake the dispatcher: the queue has a new row."""
        self._waiting = True
        self._news.set()

    async def start_at_once(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """Start them if the queue is empty and there is room for all; returns those that have to join the
        queue.
        """
        if self._waiting or len(arrivals) > await self._in_flight.room() or await self._queue.has_free_row():
            return arrivals
        outcomes = await self._start_all(arrivals)
        staying = [one for one, error in zip(arrivals, outcomes, strict=True) if error]
        if staying:
            self._waiting, self._failures = True, max(1, self._failures)
        return staying

    async def run(self) -> None:
        """Work off the queue until cancelled. An outage of Temporal is waited for."""
        while True:
            try:
                await self._some()
            except Exception as error:
                if not is_outage(error):
                    raise
                self._failures += 1
                log.warning("line_stands", attempt=self._failures, error=reason(error))
                await asyncio.sleep(min(delay(self._failures), LONGEST_PAUSE))

    async def _some(self) -> None:
        """Start the next rows, or wait for room or for a row. After a failure start a single row, to see
        whether it succeeds.
        """
        room = await self._in_flight.room()
        if not room:
            await asyncio.sleep(LOOK_SECONDS)
            return
        self._news.clear()
        limit = 1 if self._failures else room
        next_rows = await self._queue.claim(limit, patient_share(self._claims, limit, EVERY))
        self._claims += limit
        if next_rows:
            await self._work_off(next_rows)
            return
        self._waiting = self._news.is_set()
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self._news.wait()

    async def _work_off(self, next_rows: Sequence[Arrival]) -> None:
        opened = await self._queue.opened([one.complaint_id for one in next_rows])
        fresh = [one for one in next_rows if one.complaint_id not in opened]
        outcomes = await self._start_all(fresh)
        gone = [one.complaint_id for one, error in zip(fresh, outcomes, strict=True) if error is None]
        await self._queue.leave([*opened, *gone])
        failed = [(one, error) for one, error in zip(fresh, outcomes, strict=True) if error]
        for one, error in failed:
            if not is_outage(error):
                await self._judge(one, error)
        if outages := [(one.complaint_id, error) for one, error in failed if is_outage(error)]:
            await self._queue.release([name for name, _ in outages])
            raise outages[0][1]
        self._failures = 0

    async def _judge(self, one: Arrival, error: Exception) -> None:
        """Judge a failed start: a fault of the complaint itself delays only that complaint, and does not
        repeat without end.
        """
        attempt = one.attempts + 1
        log.warning("start_failed", complaint_id=one.complaint_id, attempt=attempt, error=reason(error))
        if attempt < MAX_ATTEMPTS:
            await self._queue.rest(one.complaint_id, delay(attempt))
            return
        await self._bury(one, error)
        await self._queue.leave([one.complaint_id])

    async def _start_all(self, arrivals: Sequence[Arrival]) -> list[Exception | None]:
        """Start them together; for each, what was wrong."""
        return await asyncio.gather(*(self._started(one) for one in arrivals))

    async def _started(self, one: Arrival) -> Exception | None:
        self._in_flight.begin(one.complaint_id)
        try:
            await self._start(one)
        except Exception as error:
            self._in_flight.end(one.complaint_id)
            return error
        return None
