"""What each submission of a batch is, in the order in which they came."""

from collections.abc import Mapping

from services.intake.matters.candidates import Candidates
from services.intake.matters.joining import suspecting
from services.intake.matters.matter import Joins, Suspected
from services.intake.registration import Registration
from services.intake.standing import Standing


class Sorting:
    """Which submissions of a batch are new complaints, which are contacts of others, which have to wait."""

    def __init__(self, candidates: Candidates, standings: Mapping[str, Standing]) -> None:
        self.candidates = candidates
        self.standings = dict(standings)
        self.new: list[Registration] = []
        self.joining: list[tuple[Registration, str]] = []
        self.wanted: set[str] = set()
        self._waiting: set[str] = set()

    def take(self, one: Registration) -> None:
        """Decide about the next; a customer's later ones never overtake one that waits."""
        if one.customer_ref in self._waiting:
            return
        verdict = self.candidates.verdict(one.matter, self.standings)
        match verdict:
            case Joins():
                self.joining.append((one, verdict.of))
                self.candidates.also_called(one.complaint_id, self.candidates.get(verdict.of))
            case None | Suspected():
                self.new.append(suspecting(one, verdict) if verdict else one)
                self.candidates.add(one.matter)
                self.standings[one.complaint_id] = Standing(one.recorded_at)
            case _:
                self.wanted.update(verdict)
                self._waiting.add(one.customer_ref)
