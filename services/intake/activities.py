"""Activity of intake: promote an unanswered grumble to a complaint."""

from temporalio import activity

from services.intake.grumbles.steps import GrumbleSteps
from services.intake.grumbles.waiting import Became, UnansweredGrumble
from services.intake.names import PROMOTE
from services.intake.publishing import LedgerPublisher


class Activities:
    """Work that the workflow asks for outside of Temporal."""

    def __init__(self, steps: GrumbleSteps, ledger_publisher: LedgerPublisher) -> None:
        self._steps = steps
        self._ledger_publisher = ledger_publisher

    @activity.defn(name=PROMOTE)
    async def promote_unanswered(self, unanswered: UnansweredGrumble) -> Became:
        """Decide by the grumble's row, then publish the facts that are not published yet. Repeating it
        changes nothing.

        If the grumble was answered or promoted in the meantime, that result is returned.
        """
        complaint, at = unanswered.complaint_id, unanswered.at
        into = await self._ledger_publisher.database.write(
            lambda session: self._steps.unanswered(session, complaint, at)
        )
        await self._ledger_publisher.everything(complaint)
        return Became(into=into)
