"""Dates that a pack writes into its calendar: a year that was announced, and days of the house's own."""

from collections.abc import Iterator
from datetime import date

from shared.clocks.calendar import Calendar
from shared.clocks.published import SpecialDays, certain_with, last_certain_year
from shared.policy.obligation import AnnouncedYear, WorkingHours
from shared.policy.problems import Loc

Found = Iterator[tuple[Loc, str]]

DECEMBER, FRIDAY = 12, 4

MISSING = "not known here; write the dates of the next year under `announced`"


def announced_days(hours: WorkingHours) -> dict[int, SpecialDays]:
    """Announced years."""
    return {year: _days(one) for year, one in hours.announced.items()}


def own_days(hours: WorkingHours) -> SpecialDays:
    """Organisation's own days."""
    return _days(hours)


def year_problems(hours: WorkingHours) -> Found:
    """Problems with the years of sound working hours. Below `calendar`."""
    known = last_certain_year(hours.country, hours.first_year, hours.last_year)
    last = hours.published or known
    if last > known:
        yield (
            ("published",),
            f"{last} lies after {known}, and later holidays of {hours.country} are {MISSING}",
        )
    if hours.published and last < hours.first_year - 1:
        yield ("published",), f"must not be before first_year, {hours.first_year}"
    reached = certain_with(hours.announced, min(last, known), hours.first_year)
    for year in hours.announced:
        if not hours.first_year <= year <= hours.last_year:
            allowed = f"{hours.first_year} to {hours.last_year}"
            yield ("announced", year), f"{year} is no year of this calendar; allowed are {allowed}"
        elif year > reached:
            yield ("announced", year), f"nothing is known of {reached + 1}; announce that year as well"


def announced_problems(hours: WorkingHours) -> Found:
    """Problems with the dates of the announced years, independent of the calendar's years."""
    for year, one in hours.announced.items():
        for loc, sentence in (*_dates(one, date(year - 1, DECEMBER, 1), date(year, 12, 31)), *_weekdays(one)):
            yield ("announced", year, *loc), sentence


def own_problems(hours: WorkingHours, without: Calendar) -> Found:
    """Problems with the organisation's own days, compared to its calendar `without` them."""
    yield from _dates(hours, date(hours.first_year, 1, 1), date(hours.last_year, 12, 31))
    for number, day in enumerate(hours.make_up_days):
        if without.is_working_day(day):
            yield ("make_up_days", number), f"{day} is a {day:%A}, and worked anyway"
    worked = {*without.make_up_days, *hours.make_up_days} - {*hours.holidays}
    for day, shifts in hours.make_up_shifts.items():
        if day not in worked:
            allowed = ", ".join(str(one) for one in sorted(worked) if one.year == day.year) or "none"
            yield ("make_up_shifts", day), f"{day} is no make-up day; those of {day.year} are: {allowed}"
        elif not shifts:
            yield ("make_up_shifts", day), "a make-up day needs a shift; a free day belongs in `holidays`"


def _days(of: AnnouncedYear | WorkingHours) -> SpecialDays:
    return SpecialDays(frozenset(of.holidays), frozenset(of.make_up_days))


def _dates(of: AnnouncedYear | WorkingHours, first: date, last: date) -> Found:
    """Each date once, and within what the entry is about; a year's first days off may lie before it."""
    seen: dict[date, str] = {}
    for field in ("holidays", "make_up_days"):
        for number, day in enumerate(getattr(of, field)):
            if not first <= day <= last:
                yield (field, number), f"{day} is not allowed here; allowed are {first} to {last}"
            elif day in seen:
                yield (field, number), f"{day} is also in `{seen[day]}`; keep one of them"
            seen[day] = field


def _weekdays(one: AnnouncedYear) -> Found:
    """Make-up days are days of a weekend."""
    for number, day in enumerate(one.make_up_days):
        if day.weekday() <= FRIDAY:
            yield ("make_up_days", number), f"{day} is a {day:%A}; allowed are Saturdays and Sundays"
