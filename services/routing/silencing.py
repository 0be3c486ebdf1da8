"""Signals cases that their texts were destroyed: after that the complainant gets no notices."""

from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.routing.flushing import ERASED, SignalledFact
from services.routing.names import FACT
from shared.contract.ids import complaint_workflow_id


class Silencing:
    """Signals the workflows of these complaints. An ended workflow sends no notices."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, complaints: list[str]) -> None:
        """Raises an outage of Temporal: the erasure is confirmed only once every case knows."""
        heard = SignalledFact(event_id=ERASED, name=ERASED, at=datetime.now(UTC), data={})
        for complaint in complaints:
            try:
                await self._client.get_workflow_handle(complaint_workflow_id(complaint)).signal(FACT, heard)
            except RPCError as error:
                if error.status != RPCStatusCode.NOT_FOUND:
                    raise
