"""What routing hears: complaints that were received or merged, and what follow-up decided."""

from datetime import datetime

import orjson
from nats.aio.msg import Msg
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.routing.flushing import Heard, Start
from services.routing.store import Store
from services.routing.workflow import NAME, TASK_QUEUE
from shared.contract.envelope import RawEvent
from shared.contract.events import FactHeader, Merged, Received, read_fact
from shared.contract.ids import complaint_workflow_id
from shared.contract.values import Stage
from shared.runtime.moved_clock import MovedClock

HEARD = ("reopened", "closed")

JOINED = 1
"""The number of a `merged` before which nothing was said: there is no case to end."""


class NotHereYet(Exception):
    """A fact about a complaint came before the complaint itself; it will come again."""


class Hearing:
    """Takes the facts of the durable `routing-events`; every one may come twice, late, or out of order."""

    def __init__(self, clock: MovedClock, store: Store) -> None:
        self._clock = clock
        self._client = clock.client
        self._store = store

    async def __call__(self, message: Msg) -> None:
        """Acknowledged by the caller only after this returns."""
        event = RawEvent.model_validate(orjson.loads(message.data))
        name, header, fact = read_fact(event)
        if isinstance(fact, Received):
            await self._start(header.complaint_id, fact, event.time or fact.recorded_at)
            return
        at = event.time.isoformat() if event.time else ""
        own = fact.model_dump(mode="json", exclude_none=True)
        if isinstance(fact, Merged):
            await self._merged(header, Heard(event_id=event.id, name=name, at=at, data=own))
            return
        if not await self._store.note_followup(name, header, at, own):
            raise NotHereYet(header.complaint_id)
        if name in HEARD:
            heard = Heard.model_validate({"event_id": event.id, "name": name, "at": at, "data": own})
            await self._tell(header, heard)

    async def _start(self, complaint_id: str, received: Received, at: datetime) -> None:
        """One workflow per complaint: by its id while Temporal remembers it, by our row ever after.

        What a grumble became at its own, moved clock goes on at that clock.
        """
        if await self._store.case(complaint_id):
            return
        moved_to = at if self._clock.is_ahead(at) else None
        try:
            await self._clock.client_at(at, complaint_id).start_workflow(
                NAME,
                Start(complaint_id=complaint_id, received=received, at=moved_to),
                id=complaint_workflow_id(complaint_id),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=complaint_id,
            )
        except WorkflowAlreadyStartedError:
            return

    async def _merged(self, header: FactHeader, heard: Heard) -> None:
        """End the case; but what joined another complaint when it came in, never was one."""
        if header.seq == JOINED:
            return
        if await self._store.case(header.complaint_id) is None:
            raise NotHereYet(header.complaint_id)
        await self._tell(header, heard)

    async def _tell(self, header: FactHeader, heard: Heard) -> None:
        """Signal the workflow; one that has ended has heard it, or cannot hear anything any more."""
        try:
            handle = self._client.get_workflow_handle(complaint_workflow_id(header.complaint_id))
            await handle.signal("hear", heard)
        except RPCError as error:
            row = await self._store.case(header.complaint_id)
            if error.status != RPCStatusCode.NOT_FOUND or row is None or row.stage != Stage.CLOSED:
                raise
