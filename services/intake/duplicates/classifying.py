"""What each submission of a batch is, in the order in which they came.

Exactly once: whatever is decided here stands under the submission's own id in the same transaction, so that
a redelivery finds it; and each customer's come one after the other, so that it does not matter whether they
came in one batch or in two, or whether intake died in between.
"""

from collections.abc import Mapping

from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.candidates import Candidates
from services.intake.duplicates.joining import suspecting
from services.intake.duplicates.judging import Joins, Suspected
from services.intake.registration import Registration


class Sorting:
    """Of a batch: new complaints, grumbles for themselves, contacts of others, and what has to wait.

    What a machine wrote opens nothing: it is a contact of the open complaint that it quotes, or else of the
    customer's newest one; where none is open, it is `automatic`.
    """

    def __init__(self, candidates: Candidates, statuses: Mapping[str, ComplaintStatus]) -> None:
        self.candidates = candidates
        self.statuses = dict(statuses)
        self.new: list[Registration] = []
        self.grumbles: list[Registration] = []
        self.joining: list[tuple[Registration, str]] = []
        self.automatic: list[Registration] = []
        self.wanted: set[str] = set()
        self._waiting: set[str] = set()
        self._heard: dict[str, bool] = {}

    def take(self, one: Registration) -> None:
        """Decide about the next, unless it has to wait for one before it."""
        grumbled = one.answer_by is not None
        if self._waits(one.customer, grumbled):
            self._waiting.add(one.customer)
            return
        self._heard[one.customer] = grumbled
        look = self.candidates.of_machine if one.automatic else self.candidates.verdict
        verdict = look(one.comparable, self.statuses, joins_only=grumbled)
        match verdict:
            case Joins():
                self.joining.append((one, verdict.of))
                self.candidates.also_called(one.complaint_id, self.candidates.get(verdict.of))
            case None | Suspected() if one.automatic:
                self.automatic.append(one)
            case None | Suspected():
                self._for_itself(one, verdict)
            case _:
                self.wanted.update(verdict)
                self._waiting.add(one.customer)

    def _waits(self, customer: str, grumbled: bool) -> bool:
        """A customer's later ones never overtake one that waits; and what a grumble becomes, others of its
        customer decide, so beside one there is nobody else of that customer."""
        before = self._heard.get(customer)
        return customer in self._waiting or bool(before) or (grumbled and before is not None)

    def _for_itself(self, one: Registration, suspicion: Suspected | None) -> None:
        if one.answer_by is not None:
            self.grumbles.append(one)
            return
        self.new.append(suspecting(one, suspicion) if suspicion else one)
        self.candidates.add(one.comparable)
        self.statuses[one.complaint_id] = ComplaintStatus(one.recorded_at)
