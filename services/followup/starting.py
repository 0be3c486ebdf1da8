"""Starting the workflow of a follow-up, once, at the complaint's own clock."""

from typing import Any

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.followup.names import DANGER, END, ERASED, REPLIES, TASK_QUEUE, WORKFLOW
from services.followup.progress import Opening
from shared.contract.commands import Accepted
from shared.contract.ids import followup_workflow_id
from shared.contract.values import Instant
from shared.runtime.log import logger
from shared.runtime.workflows.alive import runs
from shared.runtime.workflows.moved_clock import MovedClock

log = logger("starting")


class Starter:
    """Starts follow-ups, and ends them."""

    def __init__(self, clock: MovedClock) -> None:
        self._clock = clock

    async def start(self, opening: Opening) -> None:
        """Start the follow-up unless it was started before; raises an outage of Temporal.

        A running follow-up whose complaint was merged receives the signal for it.
        """
        client = self._clock.client_at(opening.at, f"{opening.complaint_id}-{opening.cycle}")
        workflow_id = followup_workflow_id(opening.complaint_id, opening.cycle)
        try:
            await client.start_workflow(
                WORKFLOW,
                opening,
                id=workflow_id,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=END if opening.because == "merged" else None,
                static_summary=f"Follow-up of {opening.complaint_id}, cycle {opening.cycle}",
            )
        except WorkflowAlreadyStartedError:
            log.info("started_before", workflow_id=workflow_id)

    async def runs(self, complaint_id: str, cycle: int) -> bool:
        """Whether the workflow of this follow-up runs."""
        return await runs(self._clock.client, followup_workflow_id(complaint_id, cycle))

    async def replies(self, complaint_id: str, cycle: int) -> dict[str, Accepted]:
        """Replies of a follow-up, also of one that has ended, while Temporal keeps it."""
        handle: Any = self._clock.client.get_workflow_handle(followup_workflow_id(complaint_id, cycle))
        try:
            replies: dict[str, Accepted] = await handle.query(REPLIES, result_type=dict[str, Accepted])
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return {}
        return replies

    async def go_on(self, opening: Opening, at: Instant) -> bool:
        """Start a follow-up again where its facts end, `at` by its own clock; False if it runs."""
        name = f"{opening.complaint_id}-{opening.cycle}-{at.isoformat()}"
        try:
            await self._clock.client_at(at, name).start_workflow(
                WORKFLOW,
                opening,
                id=followup_workflow_id(opening.complaint_id, opening.cycle),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"Follow-up of {opening.complaint_id}, cycle {opening.cycle}",
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def end(self, complaint_id: str, cycle: int) -> None:
        """Signal a follow-up that its complaint was merged. An ended follow-up needs no signal."""
        await self._signal(complaint_id, cycle, END)

    async def danger(self, complaint_id: str, cycle: int) -> None:
        """Signal a follow-up that a danger was reported. An ended follow-up needs no signal."""
        await self._signal(complaint_id, cycle, DANGER)

    async def silence(self, complaint_id: str, cycle: int) -> None:
        """Signal a follow-up that the texts were destroyed. An ended follow-up sends no notices."""
        await self._signal(complaint_id, cycle, ERASED)

    async def _signal(self, complaint_id: str, cycle: int, name: str) -> None:
        workflow = followup_workflow_id(complaint_id, cycle)
        try:
            await self._clock.client.get_workflow_handle(workflow).signal(name)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
