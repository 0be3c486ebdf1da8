"""Instant of the next message to the complainant: the next instant that a clock watches. Pure."""

from collections.abc import Iterator
from datetime import datetime

from services.routing.rules.clock_history import next_step_at
from services.routing.rules.state import CaseState, ObligationClock

OF_THE_HOUSE = ("approval", "feedback", "inform", "signature", "transfer")
"""Kinds of clocks whose rungs do not notify the complainant."""


def next_word(state: CaseState, climbing: ObligationClock, at: datetime) -> datetime | None:
    """Earliest instant after `at` by which the complainant gets a message; None where no clock requires that.

    Either a message is due then, or the next rung notifies them of the delay. `climbing` is one rung
    further.
    """
    later = climbing.model_copy(update={"climbed": climbing.climbed + 1})
    later.next_step_at = next_step_at(state, later, at)
    others = [clock for clock in state.present_clocks if clock.name != climbing.name]
    found = [one for clock in [*others, later] for one in _word_of(clock) if one > at]
    return min(found, default=None)


def _word_of(clock: ObligationClock) -> Iterator[datetime]:
    if clock.status == "running" and ("responded" in clock.met_by or "notice" in clock.restarted_by):
        yield clock.due
    if clock.status == "breached" and clock.next_step_at and not clock.met_fact and _notifies(clock):
        yield clock.next_step_at


def _notifies(clock: ObligationClock) -> bool:
    """Whether its next rung makes a person above accountable: then the complainant is notified."""
    step = clock.rungs[min(clock.climbed, len(clock.rungs) - 1)]
    return step.to != "owner" and clock.kind not in OF_THE_HOUSE
