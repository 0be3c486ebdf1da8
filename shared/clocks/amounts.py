"""Amounts of time, such as 24 hours or three working days, on one of four clocks.

The four clocks:

- `elapsed`: exact time; 24 h are 24 h, also when the clocks on the wall change.
- `business`: working time of the calendar, to the microsecond.
- `business_days`: the working day after the start is day 1; due at the end of the last shift of day n. A
  start on a free day, or after hours, counts as on its own local date; one in a shift over midnight
  counts with the date on which that shift began. ("By close of the third business day following receipt":
  the reading of DISP 1.5, and of 工作日 in Chinese rules.)
- `calendar_days`: the date after the start is day 1; due when day n ends, which is local midnight of the
  following date in the calendar's zone. (A rule in days gives the whole of the last day.)

A number without a unit means days where the clock counts days, in quotes or not; on the other clocks it
is refused, since 24 may be meant as hours or as days.

Zero days, `"0d"` or `"same day"`, is the same day: its end, or, where no more of it is worked, that of
the next working day. All instants have an offset on the way in and are UTC on the way out.
"""

import re
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator

LONGEST = timedelta(days=3660)
"""No budget is longer: a typing error must not become a deadline in another century."""

_BARE = re.compile(r"\d+")
_AMOUNT = re.compile(r"(?=.)(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


class Clock(StrEnum):
    """Clock on which an amount is counted; the top of this module defines each."""

    ELAPSED = "elapsed"
    BUSINESS = "business"
    BUSINESS_DAYS = "business_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def counts_days(self) -> bool:
        """Whether the budget is a number of days and ends with a day."""
        return self in (Clock.BUSINESS_DAYS, Clock.CALENDAR_DAYS)

    @property
    def follows_shifts(self) -> bool:
        """Whether this clock runs only in working time, so that free days change a due instant."""
        return self in (Clock.BUSINESS, Clock.BUSINESS_DAYS)


_UNITS = {
    Clock.ELAPSED: ("wdhms", "such as 24h, 90m, 60s or 7d"),
    Clock.BUSINESS: ("hms", "such as 8h, 90m or 1h30m of working time (for days use business_days)"),
    Clock.BUSINESS_DAYS: ("d", "such as 5d, or same day"),
    Clock.CALENDAR_DAYS: ("wd", "such as 30d, 8w, or same day"),
}


@lru_cache(maxsize=1024)
def _units(amount: str) -> dict[str, int]:
    """`"1h30m"` as `{"h": 1, "m": 30}`; empty where it is no amount."""
    found = _AMOUNT.fullmatch(amount)
    parts = zip("wdhms", found.groups(), strict=True) if found else ()
    return {unit: int(count[:9]) for unit, count in parts if count is not None}


SAME_DAY = "same day"


def _as_text(amount: Any) -> Any:
    """Numbers as text, as if they had been quoted; the same day stays in words."""
    if amount == SAME_DAY:
        return "0d"
    if isinstance(amount, bool | float):
        raise ValueError(
            f"{amount} is not an amount; allowed are whole numbers with units, such as 1h30m or 5d"
        )
    return str(amount) if isinstance(amount, int) else amount


def _with_unit(amount: str, clock: Clock) -> str:
    """Add the unit of days to a number without a unit, where the clock counts days."""
    if not _BARE.fullmatch(amount):
        return amount
    if clock.counts_days:
        return f"{amount}d"
    if not amount.strip("0"):
        return amount  # no time at all is wrong with any unit
    meant = (
        f"{amount}d" if clock == Clock.ELAPSED else f"{amount}m of working time (for days use business_days)"
    )
    raise ValueError(f"{amount} has no unit; write {amount}h or {meant}")


@lru_cache(maxsize=1024)
def _length(amount: str) -> timedelta:
    units = _units(amount)
    days = units.get("w", 0) * 7 + units.get("d", 0)
    hours, minutes, seconds = (units.get(unit, 0) for unit in "hms")
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


class Budget(BaseModel):
    """Amount of time on one clock: `Budget(clock="elapsed", amount="24h")`.

    Units are w (7 d), d (24 h of the elapsed clock, else one day), h, m and s, the largest first. A
    number without a unit is a number of days. It is refused where the clock counts no days.
    """

    model_config = ConfigDict(frozen=True)

    clock: Clock
    amount: Annotated[str, BeforeValidator(_as_text)]

    @field_validator("amount")
    @classmethod
    def _fits_the_clock(cls, amount: str, beside: ValidationInfo) -> str:
        clock: Clock | None = beside.data.get("clock")
        if clock is None:
            return amount  # the clock is wrong, and has an error of its own
        amount = _with_unit(amount, clock)
        units, (allowed, example) = _units(amount), _UNITS[clock]
        if not units or not set(units) <= set(allowed):
            raise ValueError(f"{amount!r} is not an amount of the clock {clock}, {example}")
        if not _length(amount) and not clock.counts_days:
            raise ValueError(f"a budget needs some time, {example}")
        if _length(amount) > LONGEST:
            raise ValueError(f"a budget of {amount} is longer than {LONGEST.days} days")
        return amount

    @property
    def duration(self) -> timedelta:
        """Amount as a length of the clock's own time; for a clock of days, days of 24 h."""
        return _length(self.amount)

    @property
    def days(self) -> int:
        """Number of days; meaningful for a clock of days."""
        return self.duration.days
