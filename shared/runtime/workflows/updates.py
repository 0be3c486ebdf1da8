"""Updates to workflows.

Temporal takes ten at once of one workflow and refuses more, so further Updates wait here in the order in
which they came; their senders bound the wait.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from shared.contract.commands import Accepted
from shared.contract.orders import UPDATE, Order

AT_ONCE = 4
"""Updates of this process that a workflow has in work at once: other processes send to it, too."""

PAUSE_SECONDS = 0.1
"""Seconds until an Update is sent again that was one too many."""


class Updates:
    """Sends orders. Nothing is kept of a workflow that has none in work."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._places: dict[str, tuple[asyncio.Semaphore, int]] = {}

    async def send(self, workflow: str, order: Order) -> Accepted:
        """Reply to the order, sent under the id of its command. A second request needs another id, since the
        first has its answer.
        """
        name = f"{order.command_id}@{order.on_record}" if order.on_record else order.command_id
        async with self._place(workflow):
            while True:
                try:
                    return await self._sent(workflow, order, name)
                except RPCError as error:
                    if error.status is not RPCStatusCode.RESOURCE_EXHAUSTED:
                        raise
                await asyncio.sleep(PAUSE_SECONDS)

    async def _sent(self, workflow: str, order: Order, name: str) -> Accepted:
        handle: WorkflowHandle[object, object] = self._client.get_workflow_handle(workflow)
        accepted: Accepted = await handle.execute_update(UPDATE, order, id=name, result_type=Accepted)
        return accepted

    @asynccontextmanager
    async def _place(self, workflow: str) -> AsyncIterator[None]:
        """Hold one of the places at a workflow, while this is entered."""
        places = self._counted(workflow, 1)
        try:
            async with places:
                yield
        finally:
            self._counted(workflow, -1)

    def _counted(self, workflow: str, more: int) -> asyncio.Semaphore:
        places, count = self._places.get(workflow) or (asyncio.Semaphore(AT_ONCE), 0)
        self._places[workflow] = (places, count + more)
        if count + more == 0:
            del self._places[workflow]
        return places
