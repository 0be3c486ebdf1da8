"""Calendars made when a policy is loaded: which years and places there are, and one that two may share."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError

from shared.clocks.calendar import Calendar
from shared.clocks.published import SpecialDays, check_country, published_calendar
from shared.clocks.zone_rules import known_zones
from shared.policy.obligation import WorkingHours
from shared.policy.problems import Loc
from shared.policy.special_days import (
    announced_days,
    announced_problems,
    own_days,
    own_problems,
    year_problems,
)

Found = list[tuple[Loc, str]]


class Day(NamedTuple):
    """Day on which a policy is loaded. `running`: the passing of time alone makes no calendar wrong."""

    today: date
    running: bool = False


def resolved(hours: WorkingHours, usual_id: str | None, day: Day) -> tuple[Calendar | None, Found]:
    """Calendar of these working hours, or all their problems.

    A problem that only follows from another is not reported: no date is outside of wrong years.
    """
    found = [*_zone(hours), *_years(hours, day), *_country(hours), *_shifts(hours)]
    found += announced_problems(hours)
    if found:
        return None, _below_calendar(found)
    try:
        without = _made(hours, usual_id, SpecialDays())
        found = [*year_problems(hours), *own_problems(hours, without)]
        return (None, _below_calendar(found)) if found else (_made(hours, usual_id, own_days(hours)), [])
    except ValidationError as error:
        sentence = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        return None, [(("calendar", "shifts"), sentence)]


def _below_calendar(found: Found) -> Found:
    return [(("calendar", *loc), sentence) for loc, sentence in found]


def equal(one: Calendar, other: Calendar) -> bool:
    """Whether two calendars give the same instants. Their names do not count."""
    return one.model_copy(update={"id": other.id}) == other


def _zone(hours: WorkingHours) -> Iterator[tuple[Loc, str]]:
    """Check that the zone is the same on every machine."""
    if hours.zone not in known_zones():
        yield ("zone",), f"{hours.zone!r} is not an IANA time zone such as Asia/Shanghai"


def _years(hours: WorkingHours, day: Day) -> Iterator[tuple[Loc, str]]:
    """Years around the present one."""
    year = day.today.year
    if hours.last_year < hours.first_year:
        yield ("last_year",), f"must not be before first_year, {hours.first_year}"
        return
    if hours.last_year < year and not day.running:
        sentence = f"{hours.last_year} leaves out the present year; allowed are {year} to 2100"
        yield ("last_year",), sentence
    if hours.first_year > year:
        sentence = f"{hours.first_year} leaves out the present year; allowed are 2000 to {year}"
        yield ("first_year",), sentence


def _country(hours: WorkingHours) -> Iterator[tuple[Loc, str]]:
    """Check that the holidays of the country are known."""
    try:
        check_country(hours.country)
    except ValueError as error:
        yield ("country",), str(error)


def _shifts(hours: WorkingHours) -> Iterator[tuple[Loc, str]]:
    """Some working time in the week."""
    if not any(hours.shifts.values()):
        yield ("shifts",), "a calendar needs a shift on at least one weekday"


def _made(hours: WorkingHours, usual_id: str | None, own: SpecialDays) -> Calendar:
    """Raises `ValidationError` where shifts of two days overlap."""
    return published_calendar(
        hours.country,
        hours.zone,
        hours.shifts,
        hours.first_year,
        hours.last_year,
        hours.id or usual_id,
        hours.published,
        announced_days(hours),
        own,
        hours.make_up_shifts,
    )
