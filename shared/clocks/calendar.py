"""The working calendar that is pinned into a complaint's history."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MINUTES_A_DAY = 24 * 60
_HOUR = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")

Shift = tuple[int, int]
"""From, to: minutes of the local day; the end is not part of it, and may be 1440 (24:00)."""


def minutes_of_day(hour: Any) -> int:
    """Minutes since local midnight of `"09:30"`, or of a number of minutes; at most `"24:00"`."""
    if isinstance(hour, str) and (found := _HOUR.fullmatch(hour)):
        hour = int(found[1]) * 60 + int(found[2])
    if isinstance(hour, bool) or not isinstance(hour, int) or not 0 <= hour <= MINUTES_A_DAY:
        raise ValueError(f"{hour!r} is not an hour of the day between 00:00 and 24:00")
    return hour


def parse_shift(shift: Any) -> Shift:
    """`"09:00-17:30"`, or a pair of hours or of minutes; it ends after it starts."""
    parts = shift.split("-") if isinstance(shift, str) else shift
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        raise ValueError(f"{shift!r} is not a shift such as 09:00-17:30")
    start, end = minutes_of_day(parts[0]), minutes_of_day(parts[1])
    if start >= end:
        raise ValueError(f"the shift {shift!r} must end after it starts")
    return start, end


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
    """When an organisation works. Equal data gives equal instants, whatever is installed around it.

    - `shifts`: by weekday, 0 is Monday; hours of the local day in `zone`; a weekday left out is free.
    - `holidays`: local dates without any working time.
    - `make_up_days`: local dates that are worked although their weekday is free (调休); they have the
      shifts of the weekday `make_up_shifts_as`, whatever their own weekday says.
    - `published_from`, `published_through`: first and last local date for which holidays are known; what
      starts before or falls due later is provisional. Calendars that were pinned before there was a first
      date have none. `version` names the data.
    """

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=100)]
    version: Annotated[str, Field(min_length=1, max_length=200)]
    zone: Zone
    shifts: dict[Weekday, Shifts]
    holidays: Days = ()
    make_up_days: Days = ()
    make_up_shifts_as: Weekday = 0
    published_from: date | None = None
    published_through: date

    @model_validator(mode="after")
    def _has_working_time(self) -> Self:
        if not any(self.shifts.values()):
            raise ValueError("a calendar needs a shift on at least one weekday")
        if self.make_up_days and not self.shifts.get(self.make_up_shifts_as):
            raise ValueError(
                f"make-up days have the shifts of weekday {self.make_up_shifts_as}, which has none"
            )
        if both := set(self.holidays) & set(self.make_up_days):
            raise ValueError(f"{min(both)} cannot be a holiday and a make-up day at once")
        return self

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts of one local date: empty on a free day."""
        if day in self.make_up_days:
            return self.shifts[self.make_up_shifts_as]
        return () if day in self.holidays else self.shifts.get(day.weekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Whether any time of this local date is worked."""
        return bool(self.shifts_on(day))
