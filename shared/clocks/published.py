"""Calendars from published holidays. For the moment a policy is loaded; never for workflow code."""

from collections.abc import Mapping
from datetime import date, timedelta
from importlib.metadata import version as library_version
from typing import Any

import holidays

from shared.clocks.calendar import Calendar


def published_calendar(
    country: str,
    zone: str,
    shifts: Mapping[int, Any],
    first_year: int,
    last_year: int,
    calendar_id: str | None = None,
    published: int | None = None,
) -> Calendar:
    """The pinned calendar of a country for the years from `first_year` to `last_year`.

    `country` is an ISO 3166 code, with a subdivision where it matters: `CN`, `GB-ENG`, `US-CA`. Only
    holidays on weekdays that have shifts are kept; make-up days (调休) are kept as they are.

    A country that moves working days to weekends publishes them year by year. For a year without them
    the library only guesses, so its holidays are kept, as the best guess there is, but
    `published_through` ends with the last year that has make-up days (China: 2026). Elsewhere
    holidays are fixed by law, and it is the end of `last_year`, or of the year `published` where that is
    earlier. Raises ValueError on a country that the library does not know or years in the wrong order.
    """
    if not first_year <= last_year:
        raise ValueError(f"the first year, {first_year}, must not be later than the last, {last_year}")
    known = _holidays_of(country, first_year, last_year)
    made_up = {day for day in known.weekend_workdays if first_year <= day.year <= last_year}
    free = {day for day in known if first_year <= day.year <= last_year and shifts.get(day.weekday())}
    through = min(_last_published_year(country, first_year, last_year), published or last_year)
    return Calendar(
        id=calendar_id or country.lower(),
        version=f"{country} {first_year}-{last_year}, holidays {library_version('holidays')}",
        zone=zone,
        shifts=dict(shifts),
        holidays=tuple(free - made_up),
        make_up_days=tuple(made_up),
        published_from=date(first_year, 1, 1),
        published_through=date(through, 12, 31),
    )


def working_days(calendar: Calendar, year: int) -> int:
    """How many working days the calendar has in a year: to compare with what the government says."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = (first + timedelta(days=number) for number in range((after - first).days))
    return sum(calendar.is_working_day(day) for day in days)


def _holidays_of(country: str, first_year: int, last_year: int) -> holidays.HolidayBase:
    code, _, subdivision = country.partition("-")
    try:
        return holidays.country_holidays(
            code, subdiv=subdivision or None, years=range(first_year, last_year + 1)
        )
    except NotImplementedError as unknown:
        raise ValueError(f"no holidays are known for {country!r}: use an ISO code, as in CN") from unknown


def _last_published_year(country: str, first_year: int, last_year: int) -> int:
    """The last year with make-up days, looking back three years; `last_year` where there never are any."""
    moved = _holidays_of(country, first_year - 3, last_year).weekend_workdays
    return max((day.year for day in moved if first_year - 3 <= day.year <= last_year), default=last_year)
