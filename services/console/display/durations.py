"""Durations as people write them: `90m`, `25h`, `7d`, `1d12h30m`."""

import re
from datetime import datetime, timedelta

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_PART = re.compile(r"(\d{1,6})([wdhms])")
LIMIT = timedelta(days=366)


def parse_duration(text: str) -> timedelta:
    """Parse a duration; `ValueError` with a sentence if `text` names none, or more than a year."""
    compact = "".join(text.lower().split())
    parts = _PART.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise ValueError(f"{text!r} is not a duration: write 90m, 25h, 7d, or 1d12h")
    try:
        total = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    except OverflowError:
        total = timedelta.max
    if not timedelta() < total <= LIMIT:
        raise ValueError(f"{text!r} must be more than nothing and at most 366 days")
    return total


def clock_text(delta: timedelta) -> str:
    """Hours, minutes and seconds, hours unbounded: `25:00:00`."""
    seconds = int(delta.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def short_text(delta: timedelta) -> str:
    """Text of the two largest units, `1d 2h` or `-35m`: negative once the instant has passed."""
    seconds = int(delta.total_seconds())
    sign, rest = ("-" if seconds < 0 else ""), abs(seconds)
    days, hours, minutes = rest // 86400, rest // 3600 % 24, rest // 60 % 60
    if days:
        return f"{sign}{days}d {hours}h" if hours else f"{sign}{days}d"
    if hours:
        return f"{sign}{hours}h {minutes}m" if minutes else f"{sign}{hours}h"
    return f"{sign}{minutes}m" if minutes else f"{sign}{rest}s"


def instant_text(instant: datetime | None) -> str:
    """Instant for people, in UTC and to the minute; a dash for none."""
    return "—" if instant is None else f"{instant:%Y-%m-%d %H:%MZ}"
