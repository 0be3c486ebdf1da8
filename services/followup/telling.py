"""Facts in the making: numbered, dated, and the state that they lead to. Pure."""

from datetime import datetime

from services.followup.calling import is_provisional
from services.followup.progress import Opening, Progress, after
from shared.clocks.slots import Slot
from shared.contract.commands import RecordSatisfaction, ReportCallback
from shared.contract.events import CallbackScheduled, Closed, Fact, Reopened
from shared.contract.recorded import RecordedFact, record
from shared.contract.values import SYSTEM, Actor, Stage

STAGE_OF = {Closed.NAME: Stage.CLOSED, Reopened.NAME: Stage.ANALYSING}
"""The stage after a fact; after any other it is `following_up`."""


class Telling:
    """Facts in the making, and the state that they lead to."""

    def __init__(self, opening: Opening, progress: Progress) -> None:
        self.opening = opening
        self.progress = progress
        self.facts: list[RecordedFact] = []

    def say(self, fact: Fact, at: datetime, actor: Actor = SYSTEM) -> None:
        """Add a fact with the next number."""
        told = record(
            fact,
            seq=self.progress.seq + 1,
            cycle=self.opening.cycle,
            stage=STAGE_OF.get(fact.NAME, Stage.FOLLOWING_UP),
            actor=actor,
            at=at,
        )
        self.facts.append(told)
        self.progress = after(self.progress, [told])

    def schedule(self, attempt: int, slot: Slot, at: datetime) -> None:
        """Plan an attempt."""
        provisional = is_provisional(self.opening, slot)
        fact = CallbackScheduled(
            attempt=attempt, due=slot.start, window_end=slot.end, provisional=provisional
        )
        self.say(fact, at)


def allowed(progress: Progress) -> list[str]:
    """The verbs that are possible in this state."""
    if progress.ended:
        return []
    report = [ReportCallback.VERB] if progress.callback == "due" else []
    return [*report, RecordSatisfaction.VERB]
