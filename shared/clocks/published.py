"""Calendars from published holidays. For the moment a policy is loaded; never for workflow code."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.metadata import version as library_version
from typing import Any

import holidays

from shared.clocks.calendar import Calendar
from shared.clocks.zone_rules import zone_rules


@dataclass(frozen=True)
class SpecialDays:
    """Dates without working time, and dates that are worked although they would be free (调休)."""

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()

    def within(self, first_year: int, last_year: int) -> "SpecialDays":
        """Special days of the years from `first_year` to `last_year`."""
        free, worked = (
            frozenset(day for day in days if first_year <= day.year <= last_year)
            for days in (self.holidays, self.make_up_days)
        )
        return SpecialDays(free, worked)

    def without(self, year: int) -> "SpecialDays":
        """Special days of all years but `year`."""
        free, worked = (
            frozenset(day for day in days if day.year != year) for days in (self.holidays, self.make_up_days)
        )
        return SpecialDays(free, worked)

    def under(self, over: "SpecialDays") -> "SpecialDays":
        """Special days of both; where both name a date, `over` wins."""
        free = (self.holidays - over.make_up_days) | over.holidays
        worked = (self.make_up_days - over.holidays) | over.make_up_days
        return SpecialDays(free, worked)


NONE = SpecialDays()

_ANY_YEAR = 2026
"""Whether a country is known depends on no year."""


def published_calendar(
    country: str,
    zone: str,
    shifts: Mapping[int, Any],
    first_year: int,
    last_year: int,
    calendar_id: str | None = None,
    published: int | None = None,
    announced: Mapping[int, SpecialDays] | None = None,
    own: SpecialDays = NONE,
    make_up_shifts: Mapping[date, Any] | None = None,
) -> Calendar:
    """Pinned calendar of a country for the years from `first_year` to `last_year`.

    `country` is an ISO 3166 code, with a subdivision where holidays differ within the country: `CN`,
    `GB-ENG`, `US-CA`. Only holidays on weekdays that have shifts are kept; make-up days (调休) are kept as
    they are.

    `announced`: years whose days a person entered; they replace those of the library, and follow the last
    year that it knows. `own`: the organisation's own days, over all others. `make_up_shifts`: hours by
    date of the make-up days that have their own. `published_through` is the end of the last year that is
    certain: announced, or one that the library knows (`last_certain_year`), or `published` where that is
    earlier. Raises ValueError on a country that the library does not know or years in the wrong order.
    """
    if not first_year <= last_year:
        raise ValueError(f"the first year, {first_year}, must not be later than the last, {last_year}")
    given = announced or {}
    days = _holidays_of(country, first_year, last_year).within(first_year, last_year)
    for year in sorted(given):
        days = days.without(year).under(given[year])
    days = days.under(own).within(first_year, last_year)
    known = min(last_certain_year(country, first_year, last_year), published or last_year)
    through = certain_with(given, known, first_year)
    return Calendar(
        id=calendar_id or country.lower(),
        version=_version(country, zone, first_year, last_year, given, own),
        zone=zone,
        shifts=dict(shifts),
        holidays=tuple(day for day in days.holidays - days.make_up_days if shifts.get(day.weekday())),
        make_up_days=tuple(days.make_up_days),
        make_up_shifts={day: one for day, one in (make_up_shifts or {}).items() if day in days.make_up_days},
        published_from=date(first_year, 1, 1),
        published_through=date(through, 12, 31),
    )


def working_days(calendar: Calendar, year: int) -> int:
    """Number of working days of the calendar in a year, to compare with the figure that the government
    publishes.
    """
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = (first + timedelta(days=number) for number in range((after - first).days))
    return sum(calendar.is_working_day(day) for day in days)


def last_certain_year(country: str, first_year: int, last_year: int) -> int:
    """Last year whose holidays the library knows for certain.

    A country that moves working days to weekends publishes them year by year: for a year without them the
    library only guesses. The last year with make-up days is the last that is certain (China: 2026). A
    country without any for three years moves none: its holidays are fixed by law, and `last_year` is.
    """
    since = min(first_year, _edition()) - 3
    moved = _holidays_of(country, since, last_year).make_up_days
    return max((day.year for day in moved if since <= day.year <= last_year), default=last_year)


def certain_with(announced: Collection[int], year: int, first_year: int) -> int:
    """Last certain year when the announced years follow `year` without a gap.

    Years before `first_year` need not be announced.
    """
    year = max(year, first_year - 1)
    while year + 1 in announced:
        year += 1
    return year


@cache
def _edition() -> int:
    """Edition of the library: the last year for which it knows China's moved days."""
    moved = _holidays_of("CN", 2020, 2100).make_up_days
    return max(day.year for day in moved)


def check_country(country: str) -> None:
    """Raises ValueError on a country, or a part of one, that the library does not know."""
    _holidays_of(country, _ANY_YEAR, _ANY_YEAR)


@lru_cache(maxsize=64)
def _holidays_of(country: str, first_year: int, last_year: int) -> SpecialDays:
    code, _, part = country.partition("-")
    try:
        known = holidays.country_holidays(code, subdiv=part or None, years=range(first_year, last_year + 1))
    except NotImplementedError as unknown:
        raise ValueError(_unknown(country)) from unknown
    return SpecialDays(frozenset(known), frozenset(known.weekend_workdays))


def _unknown(country: str) -> str:
    """Names that could be written instead: the parts of a country that is known, else all countries."""
    known: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    code = country.partition("-")[0]
    allowed = [code, *(f"{code}-{part}" for part in known[code])] if code in known else sorted(known)
    return f"no holidays are known for {country!r}; allowed are {', '.join(allowed)}"


def _version(
    country: str,
    zone: str,
    first_year: int,
    last_year: int,
    announced: Mapping[int, SpecialDays],
    own: SpecialDays,
) -> str:
    """Sources of the dates, and the edition of the rules that set the zone's clocks."""
    parts = [f"{country} {first_year}-{last_year}", f"holidays {library_version('holidays')}"]
    if announced:
        years = dict.fromkeys((min(announced), max(announced)))
        parts.append(f"announced {'-'.join(map(str, years))}")
    if mine := len(own.holidays | own.make_up_days):
        parts.append(f"{mine} days of its own")
    return ", ".join((*parts, f"tzdata {zone_rules(zone)}"))
