"""Hours in which a person is planned to be at work: their shifts without their absences. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.clocks.calendar import Shifts
from shared.clocks.working_time import DAY, Interval, Week, WorkingTime, midnight
from shared.policy.models import Pack
from shared.policy.roster import Absence, Staff

FARTHEST = timedelta(days=400)
"""Time within which the next change is looked for."""


@dataclass(frozen=True)
class Exchange:
    """Shifts that a person gave to others by swaps, and those that they took for them."""

    given: tuple[Interval, ...] = ()
    taken: tuple[Interval, ...] = ()


class Timetable:
    """Planned hours of one person."""

    def __init__(
        self, works: list[WorkingTime], away: list[Interval], exchange: Exchange | None = None
    ) -> None:
        """Make it. Without `works` the person is always at work, but for the time `away`."""
        self._works = works
        self._away = away
        self._exchange = exchange or Exchange()

    @classmethod
    def of(cls, pack: Pack, staff: Staff) -> "Timetable":
        """Timetable of this person by the pack."""
        zone = staff.zone or pack.calendar.zone
        named = [(shift.zone or zone, shift.hours) for shift in pack.shifts if shift.id in staff.shifts]
        hours = [*named, (zone, staff.hours)] if staff.hours else named
        return cls(
            [_working(one, _week(own)) for one, own in hours],
            [_interval(absence, ZoneInfo(zone)) for absence in staff.absences],
        )

    def exchanged(self, exchange: Exchange | None) -> "Timetable":
        """Timetable of the same person with these swaps of shifts."""
        return Timetable(self._works, self._away, exchange) if exchange else self

    def shift(self, begin: datetime) -> Interval | None:
        """Shift that begins at this instant by the roster, whether the person is absent then or not."""
        found = (interval for one in self._works for interval in one.on(one.local_date(begin)))
        return next((interval for interval in found if interval[0] == begin), None)

    @property
    def absences(self) -> list[datetime]:
        """Beginnings and ends of all absences."""
        return [at for interval in self._away for at in interval]

    def away(self, now: datetime) -> bool:
        """Whether the person is absent; outside their hours they are not."""
        return _within(self._away, now)

    def planned(self, now: datetime) -> bool:
        """Whether the person is planned to be at work."""
        if self.away(now):
            return False
        if _within(self._exchange.taken, now):
            return True
        if _within(self._exchange.given, now):
            return False
        return not self._works or any(_at_work(one, now) for one in self._works)

    def next_change(self, now: datetime) -> datetime | None:
        """First instant after `now` at which `planned` changes; None if it does not within a year."""
        was = self.planned(now)
        borders = self._borders(now, now + FARTHEST)
        return next((at for at in borders if self.planned(at) != was), None)

    def _borders(self, now: datetime, last: datetime) -> Iterator[datetime]:
        """Starts and ends of shifts and absences after `now`, in order, day by day."""
        exchanged = (*self._exchange.given, *self._exchange.taken)
        away = {*self.absences, *(at for interval in exchanged for at in interval)}
        while (self._works or self._away) and now < last:
            near = {at for one in self._works for at in _ends(one, one.local_date(now))}
            yield from sorted(at for at in near | away if now < at <= now + DAY)
            now += DAY


def _within(intervals: Iterable[Interval], now: datetime) -> bool:
    return any(start <= now < end for start, end in intervals)


def _at_work(time: WorkingTime, now: datetime) -> bool:
    today = time.local_date(now)
    return any(start <= now < end for day in (today - DAY, today) for start, end in time.on(day))


def _ends(time: WorkingTime, day: date) -> Iterator[datetime]:
    """Starts and ends of the shifts that begin or end within a day of this date."""
    for days in range(-2, 3):
        for interval in time.on(day + days * DAY):
            yield from interval


def _week(hours: Mapping[int, Shifts]) -> Week:
    return tuple(hours.get(weekday, ()) for weekday in range(7))


@lru_cache(maxsize=1024)
def _working(zone: str, week: Week) -> WorkingTime:
    return WorkingTime(zone, week, {})


def _interval(absence: Absence, zone: ZoneInfo) -> Interval:
    since, until = absence.since, absence.until
    return (
        since if isinstance(since, datetime) else midnight(since, zone),
        until if isinstance(until, datetime) else midnight(until + DAY, zone),
    )
