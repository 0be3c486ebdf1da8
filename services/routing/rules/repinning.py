"""Other rules for a case that goes on: what each of its clocks takes over of them."""

from datetime import datetime

from services.routing.rules.clock_history import take_terms
from services.routing.rules.reckoning import due_now, whole_budget
from services.routing.rules.state import CaseState, ObligationClock
from shared.policy.pinned import PINNED, Pinned


def repin(state: CaseState, pinned: Pinned, at: datetime) -> None:
    """Other rules from now on. What runs gets their terms; what was breached keeps its own ladder."""
    running = [clock for clock in state.present_clocks if clock.status in ("running", "paused")]
    was = {clock.name: due_now(state, clock, at) for clock in running}
    calendars = state.pinned.calendars | pinned.calendars
    state.migrated_to = PINNED.one(pinned.model_copy(update={"calendars": calendars}))
    state.live_chain = None  # those of the new policy were looked up for this
    for clock in running:
        obligation = pinned.obligation(clock.kind)
        if obligation:
            take_terms(state, clock, obligation)
            clock.regime, clock.moved_at = obligation.regime, at
            clock.status = "paused" if state.pause and clock.pausable else "running"
            _respite(state, clock, was[clock.name], at)


def _respite(state: CaseState, clock: ObligationClock, was: datetime, at: datetime) -> None:
    """Give a clock whose new budget is over its whole budget from now, without a delay of the old instant.

    A rule that did not exist could not be kept (`docs/decisions/0006-late-truths.md`). An instant that an
    extension named stays.
    """
    clock.respite_at = clock.respite_to = None
    if clock.named is None and due_now(state, clock, at) <= at:
        whole = whole_budget(state, clock, at)
        clock.respite_at, clock.respite_to = at, min(was, whole) if was > at else whole
