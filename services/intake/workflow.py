"""GrumbleWorkflow: sleep until a grumble's time is over, and then call the activity. No rule is here.

Nothing is lost: the timer is Temporal's, and the activity is tried until it succeeds. Nothing is doubled:
the activity decides by the grumble's row.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.intake.grumbles.waiting import Became, UnansweredGrumble, Waiting
    from services.intake.names import END, PROMOTE, SETTLED, WORKFLOW
    from shared.contract.ids import complaint_workflow_id
    from shared.runtime.workflows.durable import local_activity


@workflow.defn(name=WORKFLOW)
class GrumbleWorkflow:
    """Timer of a grumble, until it is answered or a complaint (`sources.md` 9)."""

    @workflow.init
    def __init__(self, waiting: Waiting) -> None:
        self._answer_by = waiting.answer_by
        self._over = False
        self._working = False
        self._into: str | None = None

    @workflow.run
    async def run(self, waiting: Waiting) -> None:
        """Wait for the answer as long as the policy gives; then the grumble becomes a complaint."""
        left = waiting.answer_by - workflow.now()
        if left > timedelta(0):
            with suppress(TimeoutError):
                await workflow.wait_condition(lambda: self._over, timeout=left)
        if self._over:
            return
        self._working = True
        unanswered = UnansweredGrumble(complaint_id=waiting.complaint_id, at=workflow.now())
        became = await local_activity(PROMOTE, unanswered, Became)
        self._working, self._over, self._into = False, True, became.into

    @workflow.signal(name=END)
    def end(self, became: Became | None = None) -> None:
        """End the timer: the grumble was answered, or became a complaint in another way.

        This signal may also follow from the workflow's own activity, and come before Temporal has stored
        the activity's result.
        """
        self._over = True
        self._into = became.into if became else None

    @workflow.query(name=SETTLED)
    def settled(self) -> dict[str, object]:
        """Whether all that fell due is published; what is due next; which workflow goes on from here."""
        return {
            "settled": not self._working,
            "now": workflow.now().isoformat(),
            "next_due": None if self._over or self._working else _written(self._answer_by),
            "followup": complaint_workflow_id(self._into) if self._into else None,
        }


def _written(instant: datetime) -> str:
    return instant.isoformat()
