"""Working time of a calendar as UTC intervals. No other module deals with daylight saving time.

A moment is worked when the clock on the wall in the calendar's zone shows a time within a shift of that
date, or within the part after midnight of a shift of the date before. So a shift across the night in
which clocks go forward is an hour shorter, one across the night in which they go back an hour longer, and
an hour that happens twice counts twice.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from weakref import ref
from zoneinfo import ZoneInfo

from shared.clocks.calendar import MINUTES_A_DAY, Calendar, Shift

Interval = tuple[datetime, datetime]
"""Start and end in UTC; the end is not part of it."""

DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def utc(instant: datetime) -> datetime:
    """Convert an instant to UTC. An instant without an offset is refused, since it could be anywhere."""
    if instant.tzinfo is None:
        raise ValueError(f"the instant {instant.isoformat()} needs an offset, such as Z")
    return instant.astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Start of a local date. Where clocks skip midnight, the instant at which they skip it."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Join overlapping and touching intervals; the result is in order."""
    whole: list[Interval] = []
    for start, end in sorted(intervals):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        elif start < end:
            whole.append((start, end))
    return tuple(whole)


def on_wall_clock(day: date, shifts: Iterable[Shift], zone: ZoneInfo) -> tuple[Interval, ...]:
    """UTC time of the `shifts` that begin on `day`, by the wall clock of `zone`, in order."""
    own, over = [], []
    for start, end in shifts:
        own.append((start, min(end, MINUTES_A_DAY)))
        if end > MINUTES_A_DAY:
            over.append((0, end - MINUTES_A_DAY))
    today = _on_one_date(day, own, zone)
    return joined((*today, *_on_one_date(day + DAY, over, zone))) if over else today


def _on_one_date(day: date, shifts: Iterable[Shift], zone: ZoneInfo) -> tuple[Interval, ...]:
    """UTC time during which the wall clock of `zone` shows `day` and a time within `shifts`."""
    begin, finish = midnight(day, zone), midnight(day + DAY, zone)
    wall = datetime.combine(day, time(), UTC)
    if finish - begin == DAY:
        return joined(_shifted(begin, shift) for shift in shifts)
    change = _change_between(begin - _SECOND, finish, zone)
    old = (_shifted(begin, shift) for shift in shifts)
    new = (_shifted(wall - _offset(change, zone), shift) for shift in shifts)
    before = [(start, min(end, change)) for start, end in old if start < change]
    after = [(max(start, change), end) for start, end in new if end > change]
    return joined(before + after)


def _shifted(begin: datetime, shift: Shift) -> Interval:
    return begin + timedelta(minutes=shift[0]), begin + timedelta(minutes=shift[1])


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """First second of the new offset, which changes once between `before` and `after`."""
    old = _offset(before, zone)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


Week = tuple[tuple[Shift, ...], ...]
"""Shifts of the seven weekdays, Monday first."""


class WorkingTime:
    """UTC intervals of a calendar, day by day, each day worked out once.

    `special` holds the dates that do not have the shifts of their weekday.
    """

    def __init__(self, zone: str, week: Week, special: dict[date, tuple[Shift, ...]]) -> None:
        self.zone = ZoneInfo(zone)
        self._week = week
        self._special = special
        self._days: dict[date, tuple[Interval, ...]] = {}

    def local_date(self, instant: datetime) -> date:
        """Local date of an instant in the calendar's zone."""
        return instant.astimezone(self.zone).date()

    def working_date(self, instant: datetime) -> date:
        """Date with which an instant counts: in a shift over midnight, the date on which the shift began."""
        day = self.local_date(instant)
        night = self.on(day - DAY)
        return day - DAY if night and night[-1][0] <= instant < night[-1][1] else day

    def on(self, day: date) -> tuple[Interval, ...]:
        """Time of the shifts that begin on one local date, in order; empty on a free day."""
        if (known := self._days.get(day)) is not None:
            return known
        shifts = self._special.get(day, self._week[day.weekday()])
        self._days[day] = on_wall_clock(day, shifts, self.zone)
        return self._days[day]

    def after(self, instant: datetime) -> Iterator[Interval]:
        """All working time from `instant` on, without end."""
        day = self.working_date(instant)
        while True:
            for start, end in self.on(day):
                if end > instant:
                    yield max(start, instant), end
            day += DAY


MOST = 1000
_KNOWN: dict[int, tuple[ref[Calendar], WorkingTime]] = {}
"""Calendars by their identity, each with the object itself, since an identity is used again."""


def working_time(calendar: Calendar) -> WorkingTime:
    """Working time of a calendar. Calendars with equal data share one.

    The key is the data and not id and version, so that two calendars are never confused. An object that was
    asked about before is known by itself: calendars never change.
    """
    known = _KNOWN.get(id(calendar))
    if known is None or known[0]() is not calendar:
        if len(_KNOWN) >= MOST:
            _KNOWN.clear()
        known = _KNOWN[id(calendar)] = ref(calendar), _of(calendar)
    return known[1]


def _of(calendar: Calendar) -> WorkingTime:
    week = tuple(calendar.shifts.get(weekday, ()) for weekday in range(7))
    free = tuple((day, ()) for day in calendar.holidays)
    worked = tuple((day, calendar.shifts_on(day)) for day in calendar.make_up_days)
    return _shared(calendar.zone, week, free + worked)


@lru_cache(maxsize=64)
def _shared(zone: str, week: Week, special: tuple[tuple[date, tuple[Shift, ...]], ...]) -> WorkingTime:
    return WorkingTime(zone, week, dict(special))
