"""Start of a complaint's workflow. A second start, after a crash or by another process, does nothing."""

import asyncio
from contextlib import suppress

import orjson
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from services.routing.admission.queue import Arrival
from services.routing.flushing import Start
from services.routing.names import TASK_QUEUE, WORKFLOW
from shared.contract.envelope import RawEvent
from shared.contract.events import Received, read_fact
from shared.contract.ids import complaint_workflow_id
from shared.runtime.tracing import tracing
from shared.runtime.workflows.moved_clock import MovedClock

START_WITHIN = 5.0
"""Seconds. The client itself would try for longer, and what it holds then could not be overtaken any more."""


class WorkflowStart:
    """Call to Temporal: one workflow per complaint, by its id while Temporal remembers it."""

    def __init__(self, clock: MovedClock) -> None:
        self._clock = clock

    async def __call__(self, one: Arrival) -> None:
        """Returns also if it has been started before. Raises what Temporal raises.

        What a grumble became at its own, moved clock goes on at that clock.
        """
        event = RawEvent.model_validate(orjson.loads(one.body))
        _, header, received = read_fact(event)
        assert isinstance(received, Received)
        complaint_id, at = header.complaint_id, event.time or received.recorded_at
        moved_to = at if self._clock.is_ahead(at) else None
        with suppress(WorkflowAlreadyStartedError), tracing().of(complaint_id):
            async with asyncio.timeout(START_WITHIN):
                await self._clock.client_at(at, complaint_id).start_workflow(
                    WORKFLOW,
                    Start(complaint_id=complaint_id, received=received, at=moved_to),
                    id=complaint_workflow_id(complaint_id),
                    task_queue=TASK_QUEUE,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    static_summary=complaint_id,
                    priority=Priority(priority_key=6 - one.severity),
                )
