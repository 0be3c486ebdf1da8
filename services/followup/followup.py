"""Follow-up of one cycle: callbacks, the complainant's verdict, closing or reopening. Pure.

Every rule takes `now` and returns facts or a `Refusal`. Nothing changes until `apply` takes the facts.

- A callback is due once per attempt. An attempt that is not reported by the end of its window is
  superseded by the next. The last attempt stays due, and the policy's ladder notifies the lead and the
  manager. The same holds for a verdict that is not recorded. The follow-up ends after the last rung, with
  the reason.
- A complainant who was called as often as the policy demands and never reached ends the follow-up as
  `unreachable`. The reports of those who handled the complaint are not enough for that. A time that the
  complainant named is a promise, also after the last attempt. A complainant who refuses to talk is asked
  no further once a recording or a second person confirms it.
- The verdict decides: satisfied closes, anything else reopens the complaint as a new cycle
  (`sources.md` 88), unless it was finally decided or was reopened often enough.
"""

from collections.abc import Iterable
from datetime import datetime

from services.followup.attempts import let_time_pass
from services.followup.calling import first_slot
from services.followup.new_facts import NewFacts
from services.followup.overdue import next_rung
from services.followup.progress import Opening, Progress, after
from services.followup.recipients import Recipients
from services.followup.verbs import allowed, obey, read
from shared.contract.commands import Command
from shared.contract.errors import Refusal
from shared.contract.events import CallbackOverdue, Closed, Reopened
from shared.contract.orders import Order
from shared.contract.reading_orders import ReadOnce
from shared.contract.recorded import RecordedFact
from shared.contract.values import Outcome

ENDS_AT_ONCE = {
    "withdrawn": Outcome.WITHDRAWN,
    "referred": Outcome.REFERRED,
    "merged": Outcome.MERGED,
}
"""Outcomes of complaints that are not called: withdrawn by the complainant, or passed elsewhere. Routing has
notified them.

A complainant whose complaint staff withdrew is called all the same.
"""


class FollowUp:
    """Follow-up: decide on an order to get facts, then `apply` them."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        going_on = opening.going_on
        self.progress = going_on.progress if going_on else Progress(seq=opening.seq)
        self._orders = ReadOnce(read)
        self.people = Recipients()
        """Recipients of the ladder's notifications, looked up whenever it `climbs`."""

    @property
    def next_due(self) -> datetime | None:
        """Instant at which the clock must be checked next; None when only a command can change the state."""
        progress = self.progress
        if progress.ended:
            return None
        if progress.callback == "scheduled":
            return progress.window_start
        if progress.callback == "due" and progress.attempt < self.opening.policy.callbacks.attempts:
            return progress.window_end
        rung = next_rung(self.opening, progress)
        return rung.at if rung else None

    @property
    def allowed(self) -> list[str]:
        """Verbs that are possible now."""
        return allowed(self.progress)

    def silence(self) -> None:
        """Stop all notices, since the texts of the complaint were destroyed."""
        self.opening = self.opening.model_copy(update={"erased": True})

    def apply(self, facts: Iterable[RecordedFact]) -> None:
        """Let the facts have happened."""
        self.progress = after(self.progress, facts)

    def open(self, now: datetime) -> list[RecordedFact]:
        """Plan the first callback; or close at once where no call is planned, but never on a danger."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        outcome = ENDS_AT_ONCE.get(self.opening.because)
        if self.opening.danger:
            new_facts.reopen(Reopened(why="danger", to_cycle=self.opening.cycle + 1), self.opening.at)
        elif outcome and not self.opening.by_staff:
            new_facts.add(Closed(outcome=outcome), self.opening.at)
        else:
            new_facts.schedule(1, first_slot(self.opening, now), now)
        return new_facts.facts

    def look_at_clock(self, now: datetime) -> list[RecordedFact]:
        """Facts that fell due until `now`, each dated at its due instant."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        return new_facts.facts

    def climbs(self, now: datetime) -> bool:
        """Whether a rung of the ladder notifies a person until `now`."""
        return any(fact.name == CallbackOverdue.NAME for fact in self.look_at_clock(now))

    def end_merged(self, now: datetime) -> list[RecordedFact]:
        """End the follow-up of a complaint that was merged: its survivor has one of its own."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        if not new_facts.progress.ended:
            new_facts.add(Closed(outcome=Outcome.MERGED), now)
        return new_facts.facts

    def reopen_in_danger(self, now: datetime) -> list[RecordedFact]:
        """End a follow-up during which a danger was reported: the complaint is handled again."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        if not new_facts.progress.ended:
            new_facts.reopen(Reopened(why="danger", to_cycle=self.opening.cycle + 1), now)
        return new_facts.facts

    def refusal(self, order: Order, now: datetime) -> Refusal | None:
        """Reason why the order would be refused now, without any effect."""
        found = self._decided(self._orders.keep(order), order, now)
        if not isinstance(found, Refusal):
            return None
        self._orders.take(order)
        return found

    def decide(self, order: Order, now: datetime) -> list[RecordedFact] | Refusal:
        """Facts of the order, after those that fell due before it; or the refusal."""
        return self._decided(self._orders.take(order), order, now)

    def _know_again(self, order: Order) -> None:
        """Count an actor who handled the complaint under a former id among its handlers."""
        handled, who = {self.opening.owner, *self.opening.handlers}, order.actor.id
        if who not in handled and handled & {*order.formerly}:
            handlers = [*self.opening.handlers, who]
            self.opening = self.opening.model_copy(update={"handlers": handlers})

    def _decided(
        self, command: Command | Refusal, order: Order, now: datetime
    ) -> list[RecordedFact] | Refusal:
        if isinstance(command, Refusal):
            return command
        self._know_again(order)
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        refusal = obey(new_facts, command, order.actor, now, order.signals)
        return new_facts.facts if refusal is None else refusal
