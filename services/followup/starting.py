"""Starting the workflow of a follow-up, once, at the complaint's own clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.testing._timeskipping import FastForwardConfig  # not exported by the SDK yet

from services.followup.flush import END, QUEUE, WORKFLOW
from services.followup.progress import Opening
from shared.contract.ids import followup_workflow_id
from shared.runtime.log import logger

log = logger("starting")

SAME_CLOCK = timedelta(seconds=1)
"""What the workflow waits out by itself: a clock ahead by no more was not moved, and a moved one stops so
much before. A target that passes while the workflow is at work sends its clock on to the next due instant.
"""


class Starter:
    """Starts follow-ups. `time_skipping` says that this Temporal server may move clocks."""

    def __init__(self, client: Client, time_skipping: bool, now: Callable[[], datetime]) -> None:
        self._client = client
        self._time_skipping = time_skipping
        self._now = now

    async def start(self, opening: Opening) -> None:
        """Start the follow-up unless it was started before; raises an outage of Temporal.

        One whose complaint was merged is told so, if it runs already.
        """
        ahead = opening.at - self._now()
        client = self._moved(opening, ahead) if self._time_skipping and ahead > SAME_CLOCK else self._client
        workflow_id = followup_workflow_id(opening.complaint_id, opening.cycle)
        try:
            await client.start_workflow(
                WORKFLOW,
                opening,
                id=workflow_id,
                task_queue=QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=END if opening.because == "merged" else None,
                static_summary=f"Follow-up of {opening.complaint_id}, cycle {opening.cycle}",
            )
        except WorkflowAlreadyStartedError:
            log.info("started_before", workflow_id=workflow_id)

    async def end(self, complaint_id: str, cycle: int) -> None:
        """Tell a follow-up that its complaint was merged; one that has ended cannot hear it."""
        try:
            await self._client.get_workflow_handle(followup_workflow_id(complaint_id, cycle)).signal(END)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise

    def _moved(self, opening: Opening, ahead: timedelta) -> Client:
        """A client whose workflow begins with its clock moved to that of the complaint."""
        move = FastForwardConfig(id=f"{opening.complaint_id}-{opening.cycle}", duration=ahead - SAME_CLOCK)
        config = TimeSkippingConfig(enabled=True, fast_forward_config=move)
        return TimeSkipper(self._client, config=config).client
