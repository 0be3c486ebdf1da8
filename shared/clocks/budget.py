"""Arithmetic of budgets: the instant at which a budget is used up, and how much of it is used. `amounts`
defines the four clocks.

Underneath there are two kinds of time that run: exact time (`elapsed`, `calendar_days`) and working time
(`business`, `business_days`). Percentages and pauses are measured in the kind that the clock has, so half
of a business budget is never in the night.

**Pauses** are (from, to); those that overlap count once, and what lies before the start counts not at
all. `elapsed` and `business` do not run in a pause. A clock of days ticks at the end of each of its days,
and a tick that falls in a pause is not counted: so no deadline falls due while it is paused, and a pause
within one day costs nothing. A pause that is still open is given with the latest instant that is known of
it; ask again when it ends.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count, islice

from shared.clocks.amounts import Budget, Clock
from shared.clocks.calendar import Calendar
from shared.clocks.working_time import DAY, Interval, WorkingTime, joined, midnight, utc, working_time

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_FARTHEST = timedelta(days=40 * 366)


def due(start: datetime, budget: Budget, calendar: Calendar) -> datetime:
    """Instant at which `budget` is used up. The due instant itself is still in time."""
    return due_with_pauses(start, budget, (), calendar)


def due_with_pauses(
    start: datetime, budget: Budget, pauses: Iterable[Interval], calendar: Calendar
) -> datetime:
    """Instant at which `budget` is used up when the clock does not run during `pauses`."""
    begin, stopped = utc(start), _pauses(pauses)
    if budget.clock.counts_days:
        ticks = (tick for tick in _ticks(begin, budget, calendar) if not _in_pause(tick, stopped))
        return next(islice(ticks, max(budget.days - 1, 0), None))
    return _reach(_running(budget.clock, begin, calendar, stopped), budget.duration, begin)


def instant_before(end: datetime, budget: Budget, calendar: Calendar) -> datetime:
    """Instant that lies `budget` before `end`, in the time of its clock; 40 years at most.

    A clock of working days goes back to the ends of working days. A clock of calendar days keeps the time
    of the wall clock: one day before a Monday's close is Friday's close, and a Sunday of the same hour.
    """
    finish, work = utc(end), working_time(calendar)
    if budget.clock is Clock.ELAPSED:
        return finish - budget.duration
    if budget.clock is Clock.CALENDAR_DAYS:
        return (finish.astimezone(work.zone) - timedelta(days=budget.days)).astimezone(UTC)
    if budget.clock is Clock.BUSINESS_DAYS:
        days = (work.on(work.local_date(finish) - DAY * number) for number in range(_FARTHEST.days))
        ends = (worked[-1][1] for worked in days if worked and worked[-1][1] < finish)
        return next(islice(ends, max(budget.days - 1, 0), None))
    return _back(work, finish, budget.duration)


def _back(work: WorkingTime, end: datetime, amount: timedelta) -> datetime:
    """Go back by `amount` of working time from `end`."""
    for number in range(_FARTHEST.days):
        for from_, to in reversed(work.on(work.local_date(end) - DAY * number)):
            length = min(to, end) - from_
            if length >= amount:
                return min(to, end) - amount
            amount -= max(length, timedelta(0))
    raise ValueError("so much working time does not lie within 40 years")


def due_is_provisional(
    instant: datetime, calendar: Calendar, clock: Clock | None = None, start: datetime | None = None
) -> bool:
    """Whether holidays that the calendar does not know may move this due instant.

    They may when it lies after the end of `published_through`, or its `start` before `published_from`. Exact
    time and calendar days know no holidays: name the `clock`, and one of those is never provisional.
    """
    if clock is not None and not clock.follows_shifts:
        return False
    work, known_from = working_time(calendar), calendar.published_from
    if start is not None and known_from is not None and utc(start) < _end_of(known_from - DAY, work):
        return True
    return utc(instant) > _end_of(calendar.published_through, work)


def _end_of(day: date, work: WorkingTime) -> datetime:
    """End of a date: midnight, or the end of the shift over midnight that begins on it."""
    ends = [end for _, end in work.on(day)]
    return max(midnight(day + DAY, work.zone), *ends) if ends else midnight(day + DAY, work.zone)


def elapsed_in(
    clock: Clock, start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Interval] = ()
) -> timedelta:
    """Time of `clock` used from `start` to `end`, without the pauses; zero if `end` is not later.

    Exact time for `elapsed` and `calendar_days`, working time for `business` and `business_days`. More
    than 40 years are refused with a ValueError.
    """
    begin = utc(start)
    return _used(_running(clock, begin, calendar, _pauses(pauses)), begin, utc(end))


def _used(running: Iterator[Interval], begin: datetime, finish: datetime) -> timedelta:
    if finish - begin > _FARTHEST:
        raise ValueError("two instants more than 40 years apart are not measured")
    used = timedelta(0)
    for from_, to in running:
        if from_ >= finish:
            break
        used += min(to, finish) - from_
    return used


def at_fraction(
    start: datetime, budget: Budget, percent: float, calendar: Calendar, pauses: Iterable[Interval] = ()
) -> datetime:
    """Instant at which `percent` of the budget's own time has passed; 100 is the due instant."""
    stopped = list(pauses)
    end = due_with_pauses(start, budget, stopped, calendar)
    return fraction_between(budget.clock, start, end, percent, calendar, stopped)


def fraction_between(
    clock: Clock,
    start: datetime,
    end: datetime,
    percent: float,
    calendar: Calendar,
    pauses: Iterable[Interval] = (),
) -> datetime:
    """As `at_fraction`, for a due instant that no budget gives: one that was extended or promised."""
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is not a percentage between 0 and 100")
    if percent == 100:
        return utc(end)
    work = working_time(calendar) if clock.follows_shifts else None
    return _fraction(work, utc(start), utc(end), percent, _pauses(pauses))


@lru_cache(maxsize=10_000)
def _fraction(
    work: WorkingTime | None, begin: datetime, end: datetime, percent: float, pauses: tuple[Interval, ...]
) -> datetime:
    """Remembered: a case asks after each of its facts when its clocks will warn."""
    share = _used(_intervals(work, begin, pauses), begin, end) * percent / 100
    return _reach(_intervals(work, begin, pauses), share, begin)


def _pauses(pauses: Iterable[Interval]) -> tuple[Interval, ...]:
    return joined((utc(from_), utc(to)) for from_, to in pauses)


def _in_pause(tick: datetime, pauses: Sequence[Interval]) -> bool:
    """Whether a tick is paused. A tick ends the time before it: a pause counts at the tick's end, not at its
    beginning.
    """
    return any(from_ < tick <= to for from_, to in pauses)


def _running(
    clock: Clock, start: datetime, calendar: Calendar, pauses: Sequence[Interval]
) -> Iterator[Interval]:
    """UTC intervals from `start` on in which the clock runs."""
    return _intervals(working_time(calendar) if clock.follows_shifts else None, start, pauses)


def _intervals(work: WorkingTime | None, start: datetime, pauses: Sequence[Interval]) -> Iterator[Interval]:
    whole = work.after(start) if work else ((start, _END_OF_TIME),)
    for from_, to in whole:
        yield from _without(from_, to, pauses)


def _without(from_: datetime, to: datetime, pauses: Sequence[Interval]) -> Iterator[Interval]:
    for stop, go in pauses:
        if stop >= to:
            break
        if from_ < stop:
            yield from_, stop
        from_ = max(from_, go)
    if from_ < to:
        yield from_, to


def _reach(running: Iterator[Interval], amount: timedelta, start: datetime) -> datetime:
    """First instant at which `amount` has run."""
    if not amount:
        return start
    for from_, to in running:
        if amount <= to - from_:
            return from_ + amount
        amount -= to - from_
    raise ValueError("the due instant lies beyond the year 9999")


def _ticks(start: datetime, budget: Budget, calendar: Calendar) -> Iterator[datetime]:
    """Ends of the days that count, in order. A budget of zero days begins with the day of the start."""
    work = working_time(calendar)
    began = work.working_date(start) if budget.clock.follows_shifts else work.local_date(start)
    first = began + (DAY if budget.days else timedelta(0))
    for day in (first + DAY * number for number in count()):
        if budget.clock is Clock.CALENDAR_DAYS:
            yield midnight(day + DAY, work.zone)
        elif (worked := work.on(day)) and worked[-1][1] > start:
            yield worked[-1][1]
