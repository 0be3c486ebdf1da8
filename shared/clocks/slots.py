"""Slots for calls: hours that are worked here and that suit the complainant.

A slot lies on a working day of the calendar, within its shifts and within the hours in which the
complainant wants to be called. Where the two do not meet on any of the next 15 working days (an office in
Shanghai, a complainant in New York), the hours of the complainant win: the slot then lies within them on
a working day by the calendar's local date, also outside the shifts.

Contact hours are windows such as `"09:00-12:00,14:00-18:00"`, also over midnight (`"22:00-02:00"`), in
the contact zone, or in the calendar's when that is not known; without contact hours only the shifts
count.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import count, islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.clocks.calendar import MINUTES_A_DAY, Calendar, Shift, minutes_of_day
from shared.clocks.working_time import DAY, Interval, joined, midnight, on_wall_clock, utc, working_time

_DAYS_TO_TRY = 15
_WHOLE_DAY: Shift = (0, MINUTES_A_DAY)


class Slot(NamedTuple):
    """Window in UTC to call in; the end is not part of it."""

    start: datetime
    end: datetime


def next_working_slot(
    at: datetime, calendar: Calendar, contact_hours: str | None = None, contact_zone: str | None = None
) -> Slot:
    """First window at or after `at`. It starts at `at` itself where that is a good hour."""
    days, earliest = _CallingDays(calendar, contact_hours, contact_zone), utc(at)
    return days.first(days.work.working_date(earliest), lambda windows: _from(earliest, windows))


def slot_after(
    previous: Slot,
    calendar: Calendar,
    contact_hours: str | None = None,
    contact_zone: str | None = None,
    not_before: datetime | None = None,
) -> Slot:
    """Slot of a further attempt: on a later working day and a later date of the complainant, in the other
    half of the day.

    After a slot that starts before noon comes one after noon, and the other way round. Where all hours of
    a day lie on one side of noon, the middle of them divides it. `not_before` delays it further.
    """
    days = _CallingDays(calendar, contact_hours, contact_zone)
    was_early = utc(previous.start) < days.middle_of(previous.start)
    earliest = max(days.their_next_day(previous.start), utc(not_before or previous.start))
    day = max(days.work.local_date(previous.start) + DAY, days.work.working_date(earliest))

    def in_other_half(windows: Sequence[Slot]) -> Slot | None:
        if not windows:
            return None
        middle = days.middle(windows)
        if was_early:
            return _from(max(middle, earliest), windows)
        return _from(earliest, [Slot(start, min(end, middle)) for start, end in windows if start < middle])

    return days.first(day, in_other_half)


def _from(earliest: datetime, windows: Sequence[Slot]) -> Slot | None:
    """First window that is not over at `earliest`, cut at `earliest`."""
    still = (Slot(max(start, earliest), end) for start, end in windows if end > earliest)
    return next(still, None)


def calling_hours(hours: str) -> tuple[Shift, ...]:
    """Parts of a day, in order, in which the complainant may be called. A part over midnight is split in
    two.
    """
    parts: list[Shift] = []
    for window in hours.split(","):
        start, end = (minutes_of_day(one) for one in window.split("-"))
        parts += [(start, end)] if start < end else [(start, MINUTES_A_DAY), (0, end)]
    found: list[Shift] = []
    for start, end in sorted(part for part in parts if part[0] < part[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


class _CallingDays:
    """Windows of each working day: those shared with our shifts, and those of the complainant alone."""

    def __init__(self, calendar: Calendar, hours: str | None, zone: str | None) -> None:
        self.work = working_time(calendar)
        self._hours = calling_hours(hours) if hours else None
        self._zone = ZoneInfo(zone) if zone and hours else self.work.zone

    def first(self, begin: date, pick: Callable[[Sequence[Slot]], Slot | None]) -> Slot:
        """First slot that `pick` finds from `begin` on, in shared hours, or else in the complainant's."""
        for day in islice(self._working_days(begin), _DAYS_TO_TRY):
            if slot := pick(self._shared(day)):
                return slot
        return next(slot for day in self._working_days(begin) if (slot := pick(self._theirs(day))))

    def middle_of(self, instant: datetime) -> datetime:
        """Instant that divides the calling hours of the day of `instant`; noon where there are none."""
        day = self.work.working_date(instant)
        windows = (self._shared(day) or self._theirs(day)) if self.work.on(day) else []
        return self.middle(windows) if windows else self._noon(instant)

    def middle(self, windows: Sequence[Slot]) -> datetime:
        """Noon where the complainant is, or half-way where the windows lie on one side of noon."""
        start, end = windows[0].start, windows[-1].end
        noon = self._noon(start)
        return noon if start < noon < end else start + (end - start) / 2

    def their_next_day(self, instant: datetime) -> datetime:
        """Instant at which the next date begins for the complainant."""
        return midnight(instant.astimezone(self._zone).date() + DAY, self._zone)

    def _noon(self, instant: datetime) -> datetime:
        day = instant.astimezone(self._zone).date()
        return utc(datetime.combine(day, time(12), self._zone))

    def _working_days(self, first: date) -> Iterator[date]:
        return (day for day in (first + DAY * number for number in count()) if self.work.on(day))

    def _shared(self, day: date) -> list[Slot]:
        return self._contact_within(self.work.on(day), day)

    def _theirs(self, day: date) -> list[Slot]:
        return self._contact_within(on_wall_clock(day, (_WHOLE_DAY,), self.work.zone), day)

    def _contact_within(self, ours: Sequence[Interval], day: date) -> list[Slot]:
        """Parts of `ours`, on one of our dates, that lie within the contact hours."""
        if self._hours is None:
            return [Slot(*interval) for interval in ours]
        # Zones lie up to 26 hours apart, and hours may run over midnight.
        near = (day + DAY * number for number in range(-3, 4))
        theirs = (window for date_ in near for window in on_wall_clock(date_, self._hours, self._zone))
        both = ((max(a, c), min(b, d)) for a, b in theirs for c, d in ours if max(a, c) < min(b, d))
        # Who may be called around the clock may be called across their midnight: one slot, not two.
        return [Slot(*whole) for whole in joined(both)]
