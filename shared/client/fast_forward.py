"""Moving the clock of one complaint, on a stack whose Temporal server allows it.

A complaint has one clock: its open workflows are moved together by the same duration. A follow-up that
starts later is moved to that clock by the follow-up service itself.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from shared.client.failures import AmendsError
from shared.contract.ids import complaint_workflow_id, followup_workflow_id, grumble_workflow_id

Handle = WorkflowHandle[Any, Any]

CYCLES_LOOKED_AT = 8
"""Limit of cycles. A policy reopens a complaint a few times at most; each cycle has a follow-up of its
own.
"""

MOST_SKIPS = 2000
"""Limit of the timers that may fire in one move; beyond it the server stops moving and never answers."""

OPENS_WITHIN = 2.0
MOVED_WITHIN = 60.0
SETTLED_WITHIN = 60.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class ClockMove:
    """Result of a move. `now` is the complaint's clock afterwards; `ended`: no workflow runs for it any
    more.
    """

    complaint_id: str
    delta: timedelta
    now: datetime
    workflows: list[str]
    ended: bool = False


async def fast_forward(temporal_client: Client, complaint_id: str, delta: timedelta) -> ClockMove:
    """Move the complaint's clock by `delta` and wait until everything that fell due has been published.

    Raises `AmendsError` if no workflow of the complaint is open, if the server does not allow it, or if
    it does not settle within a minute. Moves of different complaints may run at the same time.
    """
    if not (handles := await _soon_open(temporal_client, complaint_id)):
        raise AmendsError(
            f"No workflow of complaint {complaint_id} is open, so it has no clock to move. "
            f"See `amends show {complaint_id}`.",
            code="not_found",
        )
    skipper = TimeSkipper(
        temporal_client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=MOST_SKIPS)
    )
    before = await asyncio.gather(*(settled(skipper, handle) for handle in handles))
    handles = await open_workflows(temporal_client, complaint_id)  # the follow-up may be new
    tasks = await _tasks_of(temporal_client, handles)
    await asyncio.gather(*(_move(skipper, handle, delta) for handle in [*handles, *tasks]))
    for task in tasks:  # what they report is part of what the case has to publish
        await _settled_if_open(skipper, task)
    clocks = await asyncio.gather(*(settled(skipper, handle) for handle in handles))
    begun = await _brought_along(skipper, complaint_id, handles, max(before) + delta)
    now = max([*clocks, *begun.values()])
    left = await open_workflows(temporal_client, complaint_id)
    moved = [*(handle.id for handle in (*handles, *tasks)), *begun]
    return ClockMove(complaint_id, delta, now, moved, ended=not left)


async def _tasks_of(client: Client, handles: list[Handle]) -> list[Handle]:
    """Open workflows of the departments' tasks that these workflows report."""
    answers = [await _ask_settled(handle) for handle in handles]
    named = [name for answer in answers if answer for name in answer.get("tasks", ())]
    found = await asyncio.gather(*(_if_open(client, name) for name in named))
    return [handle for handle in found if handle is not None]


async def _settled_if_open(skipper: TimeSkipper, handle: Handle) -> None:
    """Wait until the workflow has reported what fell due, unless it has ended."""
    if await _if_open(skipper.client, handle.id):
        await settled(skipper, handle)


async def _brought_along(
    skipper: TimeSkipper, complaint_id: str, moved: list[Handle], target: datetime
) -> dict[str, datetime]:
    """Move the workflows that began during the move, such as a grumble's complaint, to the target, too.

    Returns their clocks by workflow id.
    """
    known = {handle.id for handle in moved}
    if grumble_workflow_id(complaint_id) not in known:
        return {}
    begun = [one for one in await open_workflows(skipper.client, complaint_id) if one.id not in known]
    for handle in begun:
        left = target - await settled(skipper, handle)
        await _move(skipper, handle, max(left, timedelta(0)))
    return {handle.id: await settled(skipper, handle) for handle in begun}


async def _soon_open(client: Client, complaint_id: str) -> list[Handle]:
    """Open workflows of a complaint, for which a caller that has just seen the first fact may have to wait a
    moment.
    """
    deadline = time.monotonic() + OPENS_WITHIN
    while True:
        handles = await open_workflows(client, complaint_id)
        if handles or time.monotonic() > deadline:
            return handles
        await asyncio.sleep(POLL_SECONDS)


async def open_workflows(client: Client, complaint_id: str) -> list[Handle]:
    """Open workflows of the complaint: the grumble, the case and the follow-ups, in this order."""
    names = [grumble_workflow_id(complaint_id), complaint_workflow_id(complaint_id)]
    names += [followup_workflow_id(complaint_id, cycle) for cycle in range(1, CYCLES_LOOKED_AT + 1)]
    found = await asyncio.gather(*(_if_open(client, name) for name in names))
    return [handle for handle in found if handle is not None]


async def _if_open(client: Client, workflow_id: str) -> Handle | None:
    handle: Handle = client.get_workflow_handle(workflow_id)
    try:
        description = await handle.describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
    return handle if description.status == WorkflowExecutionStatus.RUNNING else None


async def _move(skipper: TimeSkipper, handle: Handle, delta: timedelta) -> None:
    try:
        await asyncio.wait_for(skipper.fast_forward(handle, delta), MOVED_WITHIN)
    except TimeoutError:
        raise AmendsError(
            f"The clock of {handle.id} did not arrive within {MOVED_WITHIN:.0f} seconds. "
            "Run `amends doctor`, then see how far it came with `amends show`."
        ) from None
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return  # it ended between our look and the move: nothing is left to be moved
        if error.status in (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.UNIMPLEMENTED):
            raise AmendsError(
                "This Temporal server does not move clocks. Only a stack started with `amends up` does."
            ) from None
        raise


async def settled(skipper: TimeSkipper, handle: Handle, limit: float = SETTLED_WITHIN) -> datetime:
    """Clock of the workflow, once all facts that are due at it were flushed and published.

    The server keeps that clock; the workflow itself only knows the instant at which it last woke.
    """
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        now = await skipper.get_current_time(handle)
        answer = await _ask_settled(handle)
        still = answer is not None and answer.get("settled") and not _due(answer.get("next_due"), now)
        if answer and still and await _followup_is_there(skipper.client, answer.get("followup")):
            return now
        await asyncio.sleep(POLL_SECONDS)
    raise AmendsError(f"{handle.id} did not settle within {limit:.0f} seconds. Run `amends doctor`.")


async def _followup_is_there(client: Client, workflow_id: str | None) -> bool:
    """Whether the follow-up of a resolved complaint exists. Without it a move would separate the two
    clocks.
    """
    if workflow_id is None:
        return True
    try:
        await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


def _due(next_due: str | None, now: datetime) -> bool:
    """Whether the timer of the workflow has run out and the workflow has not woken yet."""
    return next_due is not None and datetime.fromisoformat(next_due) <= now


async def _ask_settled(handle: Handle) -> dict[str, Any] | None:
    """Answer of the workflow; None while it cannot answer, such as before its first task is done."""
    try:
        answer: dict[str, Any] = await handle.query("settled", rpc_timeout=timedelta(seconds=10))
    except RPCError as error:
        passing = (
            RPCStatusCode.FAILED_PRECONDITION,
            RPCStatusCode.DEADLINE_EXCEEDED,
            RPCStatusCode.UNAVAILABLE,
        )
        if error.status in passing:
            return None
        raise
    return answer
