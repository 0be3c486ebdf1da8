"""Two workflows of the shape of ours, that do nothing: the most that Temporal and its SDK can do here.

Shape: as many local activities, timers, updates, signals and workflow tasks as a complaint that goes
straight through has in routing and in followup.
"""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow

COMMANDS = 7
ROUTING, FOLLOWUP = "bench-routing", "bench-followup"
LIMIT = timedelta(seconds=30)
DAY_SECONDS = 24 * 3600.0


@activity.defn
async def nothing(_: str) -> None:
    """Replacement of a flush: it does nothing."""


@activity.defn
async def opened(workflow_id: str) -> None:
    """Replacement of the first flush: it reports the workflow to the bench, which only then begins to act."""
    print(workflow_id, flush=True)


async def _run(work: object, argument: str) -> None:
    await workflow.execute_local_activity(work, argument, start_to_close_timeout=LIMIT)  # type: ignore[call-overload]


@workflow.defn
class BareComplaint:
    """Opens, sleeps until the deadline, takes seven commands and one signal."""

    def __init__(self) -> None:
        self._done = 0
        self._told = False
        self._alarm: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, complaint: str) -> None:
        await _run(nothing, complaint)
        self._alarm = asyncio.create_task(asyncio.sleep(DAY_SECONDS))
        await _run(opened, workflow.info().workflow_id)
        await workflow.wait_condition(lambda: self._told)
        await _run(nothing, complaint)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def command(self, order: str) -> str:
        self._done += 1
        if self._done == COMMANDS and self._alarm:
            self._alarm.cancel()
        await _run(nothing, order)
        return order

    @command.validator
    def check(self, order: str) -> None:
        if not order:
            raise ValueError("an order has a name")

    @workflow.signal
    async def hear(self, _: str) -> None:
        self._told = True


@workflow.defn
class BareFollowUp:
    """Opens, sleeps until the callback, takes one command, ends."""

    def __init__(self) -> None:
        self._ended = False

    @workflow.run
    async def run(self, complaint: str) -> None:
        await _run(opened, workflow.info().workflow_id)
        alarm = asyncio.create_task(asyncio.sleep(DAY_SECONDS))
        await workflow.wait_condition(lambda: self._ended or alarm.done())
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def command(self, order: str) -> str:
        await _run(nothing, order)
        self._ended = True
        return order

    @command.validator
    def check(self, order: str) -> None:
        if not order:
            raise ValueError("an order has a name")
