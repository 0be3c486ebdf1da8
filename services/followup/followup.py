"""The follow-up of one cycle: callbacks, the complainant's verdict, closing or reopening. Pure.

Every rule takes `now` and returns facts or a `Refusal`; nothing changes until `apply` takes the facts.

- A callback is due once per attempt. One that is not reported by the end of its window is superseded by
  the next attempt; the last one stays due, and the policy's ladder tells the lead and the manager of it. The
  same holds for a verdict that nobody records. Only after the last rung the follow-up ends, and says why.
- A complainant who was called as often as the policy says and never reached ends the follow-up as
  `unreachable`, unless only those who handled the complaint say so. A time that they named is a promise,
  also after the last attempt. Who refuses to talk is asked no further once a recording or a second person
  confirms it.
- The verdict decides: satisfied closes, anything else reopens the complaint as a new cycle
  (`sources.md` 88) unless it was finally decided or was reopened often enough.
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
"""Nobody is called who took the complaint back, or whose complaint went elsewhere; routing has told them.

Whoever was withdrawn by staff is called all the same.
"""


class FollowUp:
    """One follow-up: ask it for facts, then let it `apply` them."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        going_on = opening.going_on
        self.progress = going_on.progress if going_on else Progress(seq=opening.seq)
        self._orders = ReadOnce(read)
        self.people = Recipients()
        """Who is told of what nobody does; looked up whenever it `climbs`."""

    @property
    def next_due(self) -> datetime | None:
        """When the clock has to be looked at next; None when only people can move this on."""
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
        """The verbs that are possible now."""
        return allowed(self.progress)

    def silence(self) -> None:
        """The texts of the complaint were destroyed: whatever happens, no notice follows."""
        self.opening = self.opening.model_copy(update={"erased": True})

    def apply(self, facts: Iterable[RecordedFact]) -> None:
        """Let the facts have happened."""
        self.progress = after(self.progress, facts)

    def open(self, now: datetime) -> list[RecordedFact]:
        """Plan the first callback; or close at once where nobody is to be called, but never on a danger."""
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
        """What fell due until `now`, each fact dated when it did."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        return new_facts.facts

    def climbs(self, now: datetime) -> bool:
        """Whether somebody is told, until `now`, of what nobody did."""
        return any(fact.name == CallbackOverdue.NAME for fact in self.look_at_clock(now))

    def end_merged(self, now: datetime) -> list[RecordedFact]:
        """The end of a follow-up whose complaint was merged: its survivor has one of its own."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        if not new_facts.progress.ended:
            new_facts.add(Closed(outcome=Outcome.MERGED), now)
        return new_facts.facts

    def reopen_in_danger(self, now: datetime) -> list[RecordedFact]:
        """The end of a follow-up during which a danger was reported: the complaint is handled again."""
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        if not new_facts.progress.ended:
            new_facts.reopen(Reopened(why="danger", to_cycle=self.opening.cycle + 1), now)
        return new_facts.facts

    def refusal(self, order: Order, now: datetime) -> Refusal | None:
        """Why the order would be refused now; nothing comes of asking."""
        found = self._decided(self._orders.keep(order), order, now)
        if not isinstance(found, Refusal):
            return None
        self._orders.take(order)
        return found

    def decide(self, order: Order, now: datetime) -> list[RecordedFact] | Refusal:
        """What the order brings about, after what fell due before it; or why not."""
        return self._decided(self._orders.take(order), order, now)

    def _decided(
        self, command: Command | Refusal, order: Order, now: datetime
    ) -> list[RecordedFact] | Refusal:
        if isinstance(command, Refusal):
            return command
        new_facts = NewFacts(self.opening, self.progress, self.people)
        let_time_pass(new_facts, now)
        refusal = obey(new_facts, command, order.actor, now, order.signals)
        return new_facts.facts if refusal is None else refusal
