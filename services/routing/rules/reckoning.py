"""Due instant of a clock: by its start, its budget and the waits, or by an instant that was named."""

from datetime import datetime, timedelta
from math import ceil

from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.amounts import Budget, Clock
from shared.clocks.budget import due, due_with_pauses, elapsed_in
from shared.clocks.calendar import Calendar


def due_now(state: CaseState, clock: ObligationClock, now: datetime) -> datetime:
    """Due instant of the clock, with the waits so far in its own time; extensions and respites kept."""
    if clock.budget is None:
        return clock.due
    spans = state.paused_spans(now) if clock.pausable else []
    calendar = state.pinned.calendar_of(clock.calendar)
    if clock.named is None:
        return due_with_pauses(clock.started_at, clock.budget, spans, calendar)
    at, named = clock.named
    since = [(max(start, at), end) for start, end in spans if end > at]
    return _later(named, clock.budget.clock, calendar, since)


def whole_budget(state: CaseState, clock: ObligationClock, start: datetime) -> datetime:
    """Due instant of the clock if its budget counted from `start`."""
    if clock.budget is None:
        return clock.due
    return due(start, clock.budget, state.pinned.calendar_of(clock.calendar))


def _later(
    named: datetime, clock: Clock, calendar: Calendar, waits: list[tuple[datetime, datetime]]
) -> datetime:
    """Named instant, later by what the waits since took of the clock's time."""
    lost = sum((elapsed_in(clock, start, end, calendar) for start, end in waits), timedelta(0))
    if not lost:
        return named
    kind = Clock.BUSINESS if clock.follows_shifts else Clock.ELAPSED
    return due(named, Budget(clock=kind, amount=f"{ceil(lost.total_seconds())}s"), calendar)
