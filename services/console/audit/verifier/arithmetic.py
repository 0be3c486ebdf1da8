"""Second implementation of the four clocks, independent of the engine's, by walking days and intervals.

`elapsed` is exact time and `business` the working time of a calendar, and neither runs in a pause. A
budget of days ends with a day: of `business_days` with the last shift of the n-th working day after the
start's, of `calendar_days` with the n-th date; a day whose end lies in a pause does not count. All of a
night shift is work of the evening's date: its end closes that date, and a start in it is a start on that
date.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
Budget = dict[str, Any]

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WORKING = ("business", "business_days")
DAYS = ("business_days", "calendar_days")
UNIT = {"w": 7 * DAY, "d": DAY, "h": timedelta(hours=1), "m": MINUTE, "s": timedelta(seconds=1)}
MOST_DAYS = 40 * 366


def length(amount: str) -> timedelta:
    """`8w`, `1h30m` or `same day` as a length of time."""
    return sum((int(n) * UNIT[u] for n, u in re.findall(r"(\d+)([wdhms])", amount)), timedelta(0))


class Days:
    """Calendar of a pack: the working time of each date. `data` is as the pack's content has it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.zone = ZoneInfo(data["zone"])
        self._known: dict[date, list[Span]] = {}
        self._begins: dict[date, datetime] = {}

    def date_of(self, instant: datetime) -> date:
        """Local date of an instant."""
        return instant.astimezone(self.zone).date()

    def begins(self, day: date) -> datetime:
        """Instant at which a date begins."""
        if day not in self._begins:
            self._begins[day] = datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)
        return self._begins[day]

    def work_date(self, instant: datetime) -> date:
        """Date whose work an instant falls into; outside of all work, the local date."""
        wall = self.date_of(instant)
        night = any(a <= instant < b for a, b in self.worked(wall - DAY))
        return wall - DAY if night else wall

    def over(self, day: date) -> datetime:
        """Instant at which both the date and its work are over."""
        return max([self.begins(day + DAY), *(b for _, b in self.worked(day))])

    def worked(self, day: date) -> list[Span]:
        """Work of a date, in order; the last of it may be done after midnight."""
        if day not in self._known:
            self._known[day] = list(self._worked(day))
        return self._known[day]

    def _shifts(self, day: date) -> list[list[int]]:
        shifts: dict[str, list[list[int]]] = self.data["shifts"]
        if day.isoformat() in self.data["make_up_days"]:
            own: dict[str, list[list[int]]] = self.data.get("make_up_shifts") or {}
            return own.get(day.isoformat()) or shifts[str(self.data["make_up_shifts_as"])]
        return [] if day.isoformat() in self.data["holidays"] else shifts.get(str(day.weekday()), [])

    def _worked(self, day: date) -> Iterator[Span]:
        """Touching shifts are one. Where clocks change on that day, minute by minute."""
        shifts = self._shifts(day)
        dates = 2 if any(b > 24 * 60 for _, b in shifts) else 1
        begin, end = self.begins(day), self.begins(day + DAY * dates)
        if end - begin == DAY * dates and self.begins(day + DAY) - begin == DAY:
            yield from joined((begin + a * MINUTE, begin + b * MINUTE) for a, b in shifts)
            return
        minutes = (begin + n * MINUTE for n in range((end - begin) // MINUTE))
        yield from joined((m, m + MINUTE) for m in minutes if self._in_shift(m, day, shifts))

    def _in_shift(self, minute: datetime, day: date, shifts: list[list[int]]) -> bool:
        """Whether a minute lies in a shift by local time; after midnight the hours go on from 24."""
        wall = minute.astimezone(self.zone)
        shown = (wall.date() - day).days * 24 * 60 + wall.hour * 60 + wall.minute
        return any(a <= shown < b for a, b in shifts)


def joined(spans: Any) -> list[Span]:
    """Union of the spans, in order."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        elif start < end:
            whole.append((start, end))
    return whole


def running(clock: str, start: datetime, days: Days, pauses: list[Span]) -> Iterator[Span]:
    """Spans in which the clock runs, from `start` on."""
    first, stopped = days.date_of(start), joined(pauses)
    for number in range(-1, MOST_DAYS):
        day = first + DAY * number
        spans = days.worked(day) if clock in WORKING else [(days.begins(day), days.begins(day + DAY))]
        for a, b in spans:
            at = max(a, start)
            for stop, go in stopped:
                if stop < b and at < b:
                    if at < stop:
                        yield at, stop
                    at = max(at, go)
            if at < b:
                yield at, b


def reach(clock: str, start: datetime, amount: timedelta, days: Days, pauses: list[Span]) -> datetime:
    """Instant at which `amount` of the clock's time has run."""
    if not amount:
        return start
    for a, b in running(clock, start, days, pauses):
        if amount <= b - a:
            return a + amount
        amount -= b - a
    raise ValueError("it never runs out")


def used(clock: str, start: datetime, end: datetime, days: Days, pauses: list[Span]) -> timedelta:
    """Amount of the clock's time that runs between two instants."""
    total = timedelta(0)
    for a, b in running(clock, start, days, pauses):
        if a >= end:
            return total
        total += min(b, end) - a
    return total


def due(start: datetime, budget: Budget, days: Days, pauses: list[Span]) -> datetime:
    """Instant at which the budget is used up."""
    amount = length(budget["amount"])
    if budget["clock"] not in DAYS:
        return reach(budget["clock"], start, amount, days, pauses)
    first = days.work_date(start) if budget["clock"] in WORKING else days.date_of(start)
    left, day = max(amount // DAY, 1), first + (DAY if amount else timedelta(0))
    while True:
        end = _end_of(budget["clock"], day, days)
        if end and end > start and not any(a < end <= b for a, b in joined(pauses)):
            left -= 1
            if not left:
                return end
        day += DAY


def share(clock: str, start: datetime, end: datetime, percent: int, days: Days, p: list[Span]) -> datetime:
    """Instant at which so many per cent of the time from `start` to `end` have run, `p` being pauses."""
    return reach(clock, start, used(clock, start, end, days, p) * percent / 100, days, p)


def before(end: datetime, budget: Budget, days: Days) -> datetime:
    """Instant that lies the budget before `end`."""
    clock, amount = budget["clock"], length(budget["amount"])
    if clock == "elapsed":
        return end - amount
    if clock == "calendar_days":
        return (end.astimezone(days.zone) - amount).astimezone(UTC)
    day = days.date_of(end)
    if clock == "business_days":
        ends = (_end_of(clock, day - DAY * n, days) for n in range(MOST_DAYS))
        earlier = (one for one in ends if one and one < end)
        return [next(earlier) for _ in range(max(amount // DAY, 1))][-1]
    for number in range(MOST_DAYS):
        for a, b in reversed(days.worked(day - DAY * number)):
            has = max(min(b, end) - a, timedelta(0))
            if has >= amount:
                return min(b, end) - amount
            amount -= has
    raise ValueError("there is not so much time before it")


def later(named: datetime, clock: str, waits: list[Span], days: Days) -> datetime:
    """Named instant, moved later by the time of the clock that waits took, in whole seconds."""
    lost = sum((used(clock, a, b, days, []) for a, b in waits), timedelta(0))
    whole = -(-lost // UNIT["s"]) * UNIT["s"]
    return reach("business" if clock in WORKING else "elapsed", named, whole, days, [])


def provisional(start: datetime, instant: datetime, clock: str, days: Days) -> bool:
    """Whether holidays after the last date that the calendar knows, or before its first, could move it."""
    first, last = days.data.get("published_from"), date.fromisoformat(days.data["published_through"])
    too_early = bool(first) and start < days.over(date.fromisoformat(first or "") - DAY)
    return clock in WORKING and (too_early or instant > days.over(last))


def _end_of(clock: str, day: date, days: Days) -> datetime | None:
    if clock == "calendar_days":
        return days.begins(day + DAY)
    worked = days.worked(day)
    return worked[-1][1] if worked else None
