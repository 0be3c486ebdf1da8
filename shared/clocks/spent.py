"""How much of an allowance several spans of time have spent, and what is left of it. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil

from shared.clocks.budget import Budget, Clock, due, elapsed_in
from shared.clocks.calendar import Calendar
from shared.clocks.working_time import DAY, Interval, WorkingTime, midnight, utc, working_time


def left(allowance: Budget, spans: Iterable[Interval], calendar: Calendar) -> Budget | None:
    """What the spans, which do not overlap, leave of an allowance, in its own time; None for nothing at all.

    A clock of days counts the ends of days that lie in a span, since these are what a wait takes from it.
    """
    rest = allowance.duration - sum((spent(allowance.clock, *span, calendar) for span in spans), timedelta(0))
    if rest < (DAY if allowance.clock.counts_days else timedelta(seconds=1)):
        return None
    amount = f"{rest // DAY}d" if allowance.clock.counts_days else f"{int(rest.total_seconds())}s"
    return Budget(clock=allowance.clock, amount=amount)


def spent(clock: Clock, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of a clock's own time lies between two instants; of a clock of days, how many ends of days."""
    if not clock.counts_days:
        return timedelta(seconds=ceil(elapsed_in(clock, start, end, calendar).total_seconds()))
    begin, finish, work = utc(start), utc(end), working_time(calendar)
    first = work.working_date(begin)
    days = (first + DAY * number for number in range((finish - begin).days + 3))
    ends = (_end_of(clock, work, day) for day in days)
    return DAY * sum(1 for one in ends if one and begin < one <= finish)


def latest(
    start: datetime, allowance: Budget, spans: Iterable[Interval], calendar: Calendar
) -> datetime | None:
    """How far what begins at `start` may reach by this allowance; None where nothing is left of it."""
    rest = left(allowance, spans, calendar)
    return due(start, rest, calendar) if rest else None


def _end_of(clock: Clock, work: WorkingTime, day: date) -> datetime | None:
    if clock is Clock.CALENDAR_DAYS:
        return midnight(day + DAY, work.zone)
    worked = work.on(day)
    return worked[-1][1] if worked else None
