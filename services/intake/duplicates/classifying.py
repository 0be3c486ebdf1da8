"""Decide for each submission of a batch what it is, in the order in which they came.

Exactly once: each decision is stored under the submission's own id in the same transaction, so that a
redelivery finds it. The submissions of a customer are decided one after the other, so the result is the
same whether they came in one batch or in two, or whether intake died in between.
"""

from collections.abc import Mapping

from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.candidates import Candidates
from services.intake.duplicates.joining import suspecting
from services.intake.duplicates.judging import Joins, Suspected
from services.intake.registration import Registration


class Sorting:
    """Batch sorted into new complaints, separate grumbles, contacts of other complaints, and submissions that
    have to wait.

    A message that a machine wrote opens nothing: it is a contact of the open complaint that it quotes, or
    else of the customer's newest complaint. If no complaint is open, it is `automatic`.
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
        """Whether a submission has to wait for an earlier one of the same customer.

        A customer's later submissions never overtake one that waits. What becomes of a grumble depends on
        the others of its customer, so no other submission of that customer is decided beside a grumble.
        """
        before = self._heard.get(customer)
        return customer in self._waiting or bool(before) or (grumbled and before is not None)

    def _for_itself(self, one: Registration, suspicion: Suspected | None) -> None:
        if one.answer_by is not None:
            self.grumbles.append(one)
            return
        self.new.append(suspecting(one, suspicion) if suspicion else one)
        self.candidates.add(one.comparable)
        self.statuses[one.complaint_id] = ComplaintStatus(one.recorded_at)
