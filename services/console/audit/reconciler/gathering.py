"""Reading the three views of a complaint: the stream itself, routing's answer, and Temporal."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from nats.aio.client import Client as NatsClient

from services.console.audit.reconciler import views
from services.console.audit.reconciler.views import RowView, StreamView, WorkflowView
from services.console.audit.unreadable import read_part
from shared.client.failures import RequestRefused
from shared.client.requests import ask, result_of
from shared.contract import subjects
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.ids import complaint_workflow_id, followup_workflow_id
from shared.runtime.messages.timeline import pages, read_timeline

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

WORKFLOW_ID = complaint_workflow_id("")
OPEN_CASES = "WorkflowType = 'ComplaintWorkflow' AND ExecutionStatus = 'Running'"
ANSWER_WITHIN = timedelta(seconds=10)

NO_ROW = [(code, "complaint_id") for code in (ErrorCode.UNKNOWN_COMPLAINT, ErrorCode.UNAVAILABLE)]
"""Errors by which routing answers that it has no row, or none yet.

An `unavailable` without that field is an outage.
"""


NOBODY = "C"
"""Id that no complaint has: the stream answers a request for it at once, if the stream works."""


class Sources:
    """Stream, routing and Temporal. Raise `Unreadable` for what cannot be read of one complaint."""

    def __init__(self, nats: NatsClient, temporal: "Client") -> None:
        self._nats = nats
        self._temporal = temporal

    async def facts(self, complaint_id: str) -> StreamView | None:
        """Facts of the complaint in the stream; None if it has none."""
        return await read_part(
            "what the stream has of it",
            self._facts(complaint_id),
            lambda: read_timeline(self._nats, NOBODY),
        )

    async def _facts(self, complaint_id: str) -> StreamView | None:
        timeline = await read_timeline(self._nats, complaint_id)
        return views.recorded(timeline) if timeline else None

    async def row(self, complaint_id: str) -> RowView | None:
        """Row of the complaint in routing's tables; None if it has none."""
        return await read_part(
            "what routing has of it", self._row(complaint_id), lambda: result_of(self._nats, "backlog")
        )

    async def _row(self, complaint_id: str) -> RowView | None:
        reply = await ask(self._nats, "complaint", {"complaint_id": complaint_id, "follow": False})
        if reply.get("ok"):
            return views.row(reply["result"])
        refusal = Refusal.model_validate(reply["error"])
        if (refusal.code, refusal.field) not in NO_ROW:
            raise RequestRefused(refusal)
        return None

    async def workflow(self, complaint_id: str, follow_up: int | None) -> WorkflowView | None:
        """State of the workflow in Temporal: its own answer, the timers of its history, a cycle's
        follow-up.
        """
        return await read_part(
            "what its workflow has",
            self._workflow(complaint_id, follow_up),
            self._temporal.service_client.check_health,
        )

    async def _workflow(self, complaint_id: str, follow_up: int | None) -> WorkflowView | None:
        from temporalio.client import WorkflowExecutionStatus
        from temporalio.service import RPCError, RPCStatusCode

        handle: WorkflowHandle[Any, Any] = self._temporal.get_workflow_handle(
            complaint_workflow_id(complaint_id)
        )
        try:
            if (await handle.describe()).status != WorkflowExecutionStatus.RUNNING:
                return WorkflowView(running=False)
            answer = await handle.query("settled", rpc_timeout=ANSWER_WITHIN)
            timers = await _open_timers(handle)
            followed_up = follow_up is None or await self._runs(followup_workflow_id(complaint_id, follow_up))
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return None
        due = datetime.fromisoformat(answer["next_due"]) if answer.get("next_due") else None
        return WorkflowView(True, followed_up, answer["seq"], due, timers)

    async def _runs(self, workflow_id: str) -> bool:
        from temporalio.client import WorkflowExecutionStatus
        from temporalio.service import RPCError, RPCStatusCode

        try:
            found = await self._temporal.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return False
        return found.status == WorkflowExecutionStatus.RUNNING

    # --- everything there is, a page at a time ----------------------------------------------------

    async def received(self) -> AsyncIterator[list[str]]:
        """Every complaint that the stream knows."""
        async for page in pages(self._nats, subjects.every("received")):
            yield [event["subject"] for event in page]

    async def open_workflows(self) -> AsyncIterator[str]:
        """Every complaint that has a workflow running."""
        async for found in self._temporal.list_workflows(OPEN_CASES):
            yield found.id.removeprefix(WORKFLOW_ID)


async def _open_timers(handle: "WorkflowHandle[Any, Any]") -> tuple[datetime, ...]:
    """Instants of the timers that were started, and that neither fired nor were cancelled."""
    timers: dict[int, datetime] = {}
    async for event in handle.fetch_history_events():
        if event.HasField("timer_started_event_attributes"):
            wait = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            timers[event.event_id] = event.event_time.ToDatetime(UTC) + wait
        elif event.HasField("timer_fired_event_attributes"):
            timers.pop(event.timer_fired_event_attributes.started_event_id, None)
        elif event.HasField("timer_canceled_event_attributes"):
            timers.pop(event.timer_canceled_event_attributes.started_event_id, None)
    return tuple(sorted(timers.values()))
