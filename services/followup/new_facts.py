"""Facts in the making: numbered, dated, and the state that they lead to. Pure."""

from datetime import datetime
from typing import Literal

from services.followup.calling import is_provisional
from services.followup.progress import Opening, Progress, after
from services.followup.recipients import Recipients
from shared.clocks.slots import Slot
from shared.contract.events import CallbackScheduled, Closed, Fact, Notice, Reopened
from shared.contract.recorded import Notification, RecordedFact, channel_for, notice_ref, ours, record
from shared.contract.subjects import Channel, Service
from shared.contract.values import SYSTEM, Actor, Outcome, Stage
from shared.policy.promised import answer_after_reopening
from shared.policy.recourse import where_next

STAGE_OF = {Closed.NAME: Stage.CLOSED, Reopened.NAME: Stage.ANALYSING}
"""Stage after a fact; after any other it is `following_up`."""

CLOSING = {
    Outcome.SATISFIED: "closed_satisfied",
    Outcome.DISSATISFIED: "final",
    Outcome.DECIDED: "final",
    Outcome.WITHDRAWN: "closed_withdrawn",
}
"""Notice of each end after a verdict. Routing has sent the notice of complaints that end at once."""

NoVerdict = Literal["not_reached", "not_called", "no_verdict", "refused"]

NO_VERDICT: dict[NoVerdict, str] = {
    "not_reached": "closed_unreachable",
    "not_called": "closed_not_called",
    "no_verdict": "closed_no_verdict",
    "refused": "closed_refused",
}
"""Notice of an end without a verdict, by its reason: each states what happened, and no more."""

REOPENED = "reopened"
"""Notice of a reopening."""


class NewFacts:
    """Facts in the making, and the state that they lead to."""

    def __init__(self, opening: Opening, progress: Progress, people: Recipients | None = None) -> None:
        self.opening = opening
        self.progress = progress
        self.people = people or Recipients()
        self.facts: list[RecordedFact] = []

    def add(self, fact: Fact, at: datetime, actor: Actor = SYSTEM) -> None:
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

    def notify(self, template: str, at: datetime) -> None:
        """Add a notice to the complainant; none after an erasure."""
        opening = self.opening
        if opening.erased:
            return
        if opening.customer_ref is None or opening.language is None:
            raise ValueError(f"{opening.complaint_id}: no customer can be notified of {template}")
        notice = Notice(
            template=template,
            language=opening.language,
            channel=channel_for(opening.contact.preferred_channel, opening.channel or Channel.OTHER),
            customer_ref=opening.customer_ref,
            text_ref=notice_ref(Service.FOLLOWUP, opening.complaint_id, self.progress.seq + 1),
        )
        self.add(notice, at)
        self.facts[-1].notification = Notification(
            template=template,
            words={"complaint_id": opening.complaint_id},
            sentences={"where_next": where_next(opening.policy.recourse, opening.regimes)},
            zone=opening.contact.timezone or opening.policy.calendar.zone,
        )

    def reopen(self, fact: Reopened, at: datetime) -> None:
        """Notify the complainant, then begin another cycle."""
        self.notify(REOPENED, at)
        self._promise_answer(at)
        self.add(fact, at)

    def _promise_answer(self, at: datetime) -> None:
        """Name in the notice of a reopening the instant of the answer, which a clock of routing watches."""
        policy, told = self.opening.policy, self.facts[-1].notification if self.facts else None
        by_when = answer_after_reopening(policy.response, policy.response_calendar or policy.calendar, at)
        if told and told.template == REOPENED and by_when:
            told.parts.append("reopened_answer")
            told.instants["by_when"] = ours(by_when)

    def close(self, outcome: Outcome, at: datetime) -> None:
        """Notify the complainant, then end the complaint by a verdict."""
        self.notify(CLOSING[outcome], at)
        self.add(Closed(outcome=outcome), at)

    def close_without_verdict(self, why: NoVerdict, at: datetime) -> None:
        """Notify the complainant of the reason, then end the complaint without a verdict."""
        self.notify(NO_VERDICT[why], at)
        self.add(Closed(outcome=Outcome.UNREACHABLE, why=why), at)

    def schedule(self, attempt: int, slot: Slot, at: datetime) -> None:
        """Plan an attempt."""
        provisional = is_provisional(self.opening, slot)
        fact = CallbackScheduled(
            attempt=attempt, due=slot.start, window_end=slot.end, provisional=provisional
        )
        self.add(fact, at)
