"""Service of the queue: complaints that wait for an owner are called when a person may be free for them.

A person signs on, capacity frees, a shift begins: each process looks at once when it caused that itself,
and all look in the database again and again, so nothing is lost if one dies. The called workflow looks its
people up itself (`Choosing`).
"""

import asyncio

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.routing.choosing import Choosing
from services.routing.names import CALL
from services.routing.staffing.live import LivePeople
from shared.contract.ids import complaint_workflow_id
from shared.runtime.log import logger
from shared.runtime.reasons import reason

log = logger("queueing")

LOOK_SECONDS = 10.0


class QueueService:
    """Calls complaints in the queue, gravest and oldest first."""

    def __init__(self, client: Client, choosing: Choosing, live: LivePeople) -> None:
        self._client = client
        self.choosing = choosing
        self._live = live
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Look soon: a person may be free."""
        self._rung.set()

    async def run(self) -> None:
        """Look for as long as routing runs; cancelled at the end."""
        while True:
            self._rung.clear()
            try:
                if called := await self.once():
                    log.info("queue_called", complaints=called)
            except Exception as error:  # an outage: the next look finds the same
                log.warning("queue_stopped", error=reason(error))
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._rung.wait()
            except TimeoutError:
                pass

    async def once(self) -> int:
        """Call every complaint for which a person is free; returns their number."""
        found = await self.choosing.served(await self._live.pack())
        for complaint in found:
            await self._call(complaint)
        return len(found)

    async def _call(self, complaint: str) -> None:
        """Signal the workflow. That an open complaint has none, `amends reconcile` finds."""
        try:
            await self._client.get_workflow_handle(complaint_workflow_id(complaint)).signal(CALL)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
