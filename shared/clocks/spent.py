"""Spent and remaining part of an allowance, from several spans of time. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil

from shared.clocks.amounts import Budget, Clock
from shared.clocks.budget import due, elapsed_in
from shared.clocks.calendar import Calendar
from shared.clocks.working_time import DAY, Interval, WorkingTime, midnight, utc, working_time


def left(allowance: Budget, spans: Iterable[Interval], calendar: Calendar) -> Budget | None:
    """Remainder of an allowance after the spans, in its own time; None where it is used up. The spans do not
    overlap.

    A clock of days counts the ends of days that lie in a span, since a wait takes these from it.
    """
    rest = allowance.duration - sum((spent(allowance.clock, *span, calendar) for span in spans), timedelta(0))
    if rest < (DAY if allowance.clock.counts_days else timedelta(seconds=1)):
        return None
    amount = f"{rest // DAY}d" if allowance.clock.counts_days else f"{int(rest.total_seconds())}s"
    return Budget(clock=allowance.clock, amount=amount)


def spent(clock: Clock, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Time of a clock between two instants; of a clock of days, the number of ends of days."""
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
    """Latest end that this allowance permits to a wait that begins at `start`; None where it is used up."""
    rest = left(allowance, spans, calendar)
    return due(start, rest, calendar) if rest else None


def _end_of(clock: Clock, work: WorkingTime, day: date) -> datetime | None:
    if clock is Clock.CALENDAR_DAYS:
        return midnight(day + DAY, work.zone)
    worked = work.on(day)
    return worked[-1][1] if worked else None
