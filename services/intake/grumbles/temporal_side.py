"""Everything of intake that needs Temporal, in the background: the durable of its facts, and the worker."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from services.intake.activities import Activities
from services.intake.grumbles.timers import Timers
from services.intake.names import TASK_QUEUE
from services.intake.workflow import GrumbleWorkflow
from shared.contract.consumers import INTAKE_EVENTS
from shared.contract.ids import grumble_workflow_id
from shared.contract.rebuilding import Rebuilt
from shared.runtime.connections.wrong import WrongSetting
from shared.runtime.log import logger
from shared.runtime.messages.batch_delivery import BatchDelivery
from shared.runtime.messages.delivery import Delivery
from shared.runtime.service_settings import ServiceSettings
from shared.runtime.storage.database import Database
from shared.runtime.workflows.temporal import connect, make_worker

log = logger("timers")

BATCH = 64
RETRY_SECONDS = 1.0
CLOCK_SECONDS = 1.0

CACHED = 10
"""Number of workflows kept in memory. A grumble sleeps from its beginning to its end, and its history is
short: memory is for submissions.
"""


class TemporalSide:
    """Parts of intake that need Temporal. Submissions never wait for them: Temporal may be away when intake
    starts, or go away.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        delivery: Delivery,
        database: Database,
        activities: Activities,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._delivery = delivery
        self._database = database
        self._activities = activities
        self._now = now
        self._temporal: Client | None = None
        self._timers: Timers | None = None

    async def clock_of(self, complaint: str) -> datetime:
        """Time of a grumble's own clock, where this server may move it; the wall clock's time if Temporal
        does not answer.
        """
        now = self._now()
        if self._temporal is None or not self._settings.time_skipping:
            return now
        handle: WorkflowHandle[Any, Any] = self._temporal.get_workflow_handle(grumble_workflow_id(complaint))
        try:
            async with asyncio.timeout(CLOCK_SECONDS):
                return max(now, await TimeSkipper(self._temporal).get_current_time(handle))
        except (RPCError, TimeoutError):
            return now

    async def run(self, client: NatsClient) -> None:
        """For ever, beginning anew whenever Temporal went away; cancelled at the end."""
        while True:
            temporal = await self._connect()
            try:
                await self._attend(client, temporal)
            except* Exception as errors:
                log.warning("timers_interrupted", errors=[type(one).__name__ for one in errors.exceptions])
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> Client:
        """Once it worked, a certificate that Temporal no longer takes is an outage like others."""
        while True:
            try:
                self._temporal = await connect(self._settings)
            except WrongSetting as error:
                if self._temporal is None:
                    raise
                log.warning("temporal_refuses", variable=error.variable, error=error.why)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return self._temporal

    async def again(self, message: Msg) -> Exception | None:
        """Handle one fact of `intake-events` again."""
        if self._timers is None:
            return ConnectionError("Temporal is away")
        (outcome,) = await self._timers([message])
        return outcome

    async def rebuilt(self, after: str) -> Rebuilt:
        """Start the timers of grumbles again, a page at a time. Raises `ConnectionError` without Temporal."""
        if self._timers is None:
            raise ConnectionError("Temporal is away")
        return await self._timers.page(after)

    async def _attend(self, client: NatsClient, temporal: Client) -> None:
        self._timers = timers = Timers(temporal, self._database, self._now)
        events = BatchDelivery(self._delivery, INTAKE_EVENTS, timers, size=BATCH)
        promote = self._activities.promote_unanswered
        worker = make_worker(
            temporal,
            TASK_QUEUE,
            [GrumbleWorkflow],
            [promote],
            cached=CACHED,
            sandboxed=self._settings.workflow_sandbox,
        )
        async with asyncio.TaskGroup() as together:
            together.create_task(worker.run())
            together.create_task(events.run(client))
            together.create_task(timers.overdue())
