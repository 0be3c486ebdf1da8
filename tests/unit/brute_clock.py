"""Reference for `shared.clocks`: it counts minute by minute on the wall clock.

It shares no code with what it checks: it reads the fields of the calendar and counts minutes.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.clocks.calendar import Calendar

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _walls(begin: datetime, zone: ZoneInfo, hours: int) -> Iterator[datetime]:
    """Wall clock at each minute. Within an hour that begins and ends with the same offset, it only counts."""
    for hour in range(hours):
        starts = begin + HOUR * hour
        wall, ends = starts.astimezone(zone), (starts + HOUR).astimezone(zone)
        if wall.utcoffset() == ends.utcoffset():
            naive = wall.replace(tzinfo=None)
            yield from (naive + MINUTE * minute for minute in range(60))
        else:
            yield from ((starts + MINUTE * minute).astimezone(zone) for minute in range(60))


class BruteClock:
    """Every minute of some days from `begin` (a whole minute, UTC): its date, and whether it is worked.

    `owners`: the date whose shift a worked minute is part of, which a shift over midnight takes along; the
    local date of a minute that is not worked.
    """

    def __init__(self, calendar: Calendar, begin: datetime, days: int) -> None:
        self.begin = begin
        self.dates: list[date] = []
        self.owners: list[date] = []
        self.worked: list[bool] = []
        zone, today, minutes = ZoneInfo(calendar.zone), None, set[int]()
        night = set[int]()
        for wall in _walls(begin, zone, days * 24):
            if wall.date() != today:
                today = wall.date()
                minutes = self._minutes(calendar, today)
                night = {m - 1440 for m in self._minutes(calendar, today - timedelta(days=1)) if m >= 1440}
            minute = wall.hour * 60 + wall.minute
            self.dates.append(today)
            self.owners.append(today - timedelta(days=1) if minute in night else today)
            self.worked.append(minute in minutes or minute in night)

    @staticmethod
    def _minutes(calendar: Calendar, day: date) -> set[int]:
        if day in calendar.make_up_days:
            own = calendar.make_up_shifts.get(day)
            shifts = own if own else calendar.shifts[calendar.make_up_shifts_as]
        elif day in calendar.holidays:
            shifts = ()
        else:
            shifts = calendar.shifts.get(day.weekday(), ())
        return {minute for start, end in shifts for minute in range(start, end)}

    def at(self, number: int) -> datetime:
        """Instant at which minute `number` begins."""
        return self.begin + MINUTE * number

    def run(self, business: bool, pauses: Sequence[tuple[int, int]] = ()) -> list[int]:
        """Number of minutes that have run after each minute; pauses are (from, to) in minutes."""
        paused = {minute for start, end in pauses for minute in range(start, end)}
        total, totals = 0, []
        for number, worked in enumerate(self.worked):
            total += (worked or not business) and number not in paused
            totals.append(total)
        return totals

    @staticmethod
    def reached(totals: Sequence[int], amount: int) -> int:
        """Number of the minute that begins when `amount` minutes have run."""
        return bisect_left(totals, amount) + 1 if amount else 0

    def closes(self) -> list[int]:
        """Ends of the last worked minute of each date after the start's; not of the last two dates."""
        last = {day: number + 1 for number, day in enumerate(self.owners) if self.worked[number]}
        return sorted(last[day] for day in last if self.owners[0] < day < self.dates[-1] - timedelta(days=1))

    def midnights(self) -> list[int]:
        """Ends of each date after the first; that of the last date is left out."""
        last = {day: number + 1 for number, day in enumerate(self.dates)}
        return sorted(last[day] for day in last if self.dates[0] < day < self.dates[-1])
