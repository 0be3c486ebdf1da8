"""The one activity of intake: an unanswered grumble becomes a complaint."""

from temporalio import activity

from services.intake.grumbles.steps import GrumbleSteps
from services.intake.grumbles.waiting import PROMOTE, Became, Unanswered
from services.intake.publishing import LedgerPublisher


class Activities:
    """What the workflow asks of the world."""

    def __init__(self, steps: GrumbleSteps, ledger_publisher: LedgerPublisher) -> None:
        self._steps = steps
        self._ledger_publisher = ledger_publisher

    @activity.defn(name=PROMOTE)
    async def promote_unanswered(self, unanswered: Unanswered) -> Became:
        """Decide by the grumble's row, then say whatever is unsaid. Repeating it changes nothing.

        If it was answered or promoted in the meantime, that is what happened.
        """
        complaint, at = unanswered.complaint_id, unanswered.at
        into = await self._ledger_publisher.database.write(
            lambda session: self._steps.unanswered(session, complaint, at)
        )
        await self._ledger_publisher.everything(complaint)
        return Became(into=into)
