"""Working calendar of an organisation, as pinned into a complaint's history."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MINUTES_A_DAY = 24 * 60
_DAY = timedelta(days=1)
_HOUR = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")

Shift = tuple[int, int]
"""Start and end of a shift in minutes of the local day on which it begins; the end is not part of it.

An end after 1440 (24:00) lies on the next day: 22:00 to 06:00 is (1320, 1800).
"""


def minutes_of_day(hour: Any) -> int:
    """Minutes since local midnight of `"09:30"`, or of a number of minutes; at most `"24:00"`."""
    if isinstance(hour, str) and (found := _HOUR.fullmatch(hour)):
        hour = int(found[1]) * 60 + int(found[2])
    if isinstance(hour, bool) or not isinstance(hour, int) or not 0 <= hour <= MINUTES_A_DAY:
        raise ValueError(f"{hour!r} is not an hour of the day between 00:00 and 24:00")
    return hour


def parse_shift(shift: Any) -> Shift:
    """`"09:00-17:30"`, or a pair of hours or of minutes; it ends within 24 hours, perhaps on the next day."""
    parts = shift.split("-") if isinstance(shift, str) else shift
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        raise ValueError(f"{shift!r} is not a shift such as 09:00-17:30")
    start, end = minutes_of_day(parts[0]), _end_minutes(parts[1])
    end += MINUTES_A_DAY if end < start else 0
    if not start < end <= start + MINUTES_A_DAY or start == MINUTES_A_DAY:
        raise ValueError(f"the shift {shift!r} must end after it starts, and within 24 hours")
    return start, end


def _end_minutes(hour: Any) -> int:
    """As `minutes_of_day`; a number may lie on the next day, as a shift that was parsed once has it."""
    if isinstance(hour, int) and MINUTES_A_DAY < hour <= 2 * MINUTES_A_DAY:
        return hour
    return minutes_of_day(hour)


def _in_order(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    for before, after in pairwise(shifts):
        if before[1] > after[0]:
            raise ValueError("the shifts of a weekday must be in order and must not overlap")
    return shifts


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is not an IANA time zone such as Asia/Shanghai") from unknown
    return name


def _days_in_order(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


def _known_weekday(weekday: Any) -> Any:
    if str(weekday) not in set("0123456") or isinstance(weekday, bool):
        raise ValueError(f"{weekday!r} is not a weekday; allowed are 0 to 6, 0 is Monday")
    return weekday


Weekday = Annotated[int, BeforeValidator(_known_weekday), Field(ge=0, le=6)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Shifts = Annotated[tuple[Annotated[Shift, BeforeValidator(parse_shift)], ...], AfterValidator(_in_order)]
Days = Annotated[tuple[date, ...], AfterValidator(_days_in_order)]


class Calendar(BaseModel):
    """Working hours of an organisation. Equal data gives equal instants, on every machine.

    - `shifts`: by weekday, 0 is Monday; hours of the local day in `zone`; a weekday left out is free. A
      shift over midnight belongs to the day on which it begins, also where the next day is free.
    - `holidays`: local dates on which no shift begins.
    - `make_up_days`: local dates that are worked although their weekday is free (调休); they have the
      `make_up_shifts` of their own, or else the shifts of the weekday `make_up_shifts_as`.
    - `published_from`, `published_through`: first and last local date for which holidays are known; a
      deadline that starts before or falls due later is provisional. Calendars that were pinned before
      there was a first date have none. `version` names the data.
    """

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=100)]
    version: Annotated[str, Field(min_length=1, max_length=200)]
    zone: Zone
    shifts: dict[Weekday, Shifts]
    holidays: Days = ()
    make_up_days: Days = ()
    make_up_shifts_as: Weekday = 0
    make_up_shifts: dict[date, Shifts] = Field(default_factory=dict)
    published_from: date | None = None
    published_through: date

    @model_validator(mode="after")
    def _has_working_time(self) -> Self:
        if not any(self.shifts.values()):
            raise ValueError("a calendar needs a shift on at least one weekday")
        if set(self.make_up_days) - set(self.make_up_shifts) and not self.shifts.get(self.make_up_shifts_as):
            raise ValueError(
                f"make-up days have the shifts of weekday {self.make_up_shifts_as}, which has none"
            )
        if both := set(self.holidays) & set(self.make_up_days):
            raise ValueError(f"{min(both)} cannot be a holiday and a make-up day at once")
        return self

    @model_validator(mode="after")
    def _no_day_reaches_into_the_next(self) -> Self:
        """Refuse two shifts at one time: a shift over midnight ends before the next day's begins."""
        for weekday in range(7):
            if _overlap(self.shifts.get(weekday, ()), self.shifts.get((weekday + 1) % 7, ())):
                after = (weekday + 1) % 7
                raise ValueError(
                    f"the last shift of weekday {weekday} ends after the first of weekday {after}"
                )
        for day in self.make_up_days:
            for one in (day - _DAY, day):
                if _overlap(self.shifts_on(one), self.shifts_on(one + _DAY)):
                    raise ValueError(f"the last shift of {one} ends after the first of {one + _DAY} begins")
        return self

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Shifts of one local date; empty on a free day."""
        if day in self.make_up_days:
            return self.make_up_shifts.get(day) or self.shifts[self.make_up_shifts_as]
        return () if day in self.holidays else self.shifts.get(day.weekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Whether a shift begins on this local date."""
        return bool(self.shifts_on(day))


def _overlap(shifts: tuple[Shift, ...], next_day: tuple[Shift, ...]) -> bool:
    """Whether the last shift of a day ends after the first shift of the next day has begun."""
    return bool(shifts and next_day and shifts[-1][1] - MINUTES_A_DAY > next_day[0][0])
