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
from shared.policy.sound import Gaps
from shared.policy.special_days import (
    announced_days,
    announced_problems,
    own_days,
    own_problems,
    year_problems,
)

Found = list[tuple[Loc, str]]


class Day(NamedTuple):
    """When a policy is loaded, and whether it is `running`: time alone then makes no calendar wrong."""

    today: date
    running: bool = False


class BadCalendar(ValueError):
    """No calendar can be made; `found` is the field below `calendar` that is wrong, and why."""

    def __init__(self, found: tuple[Loc, str]) -> None:
        super().__init__(found[1])
        self.found = found


def resolved(
    hours: WorkingHours, usual_id: str | None, day: Day, gaps: Gaps
) -> tuple[Calendar | None, Found]:
    """The calendar of these working hours, or all that is wrong with those that have no `gaps`.

    What follows only from something that is wrong itself is not said: no date is outside of wrong years.
    """
    found = [*_zone(hours, gaps), *_years(hours, day, gaps), *_country(hours, gaps), *_shifts(hours, gaps)]
    if gaps.there("announced"):
        found += announced_problems(hours)
    if found or not gaps.there(*type(hours).model_fields):
        return None, found
    try:
        without = _made(hours, usual_id, SpecialDays())
        found = [*year_problems(hours), *own_problems(hours, without)]
        return (None, found) if found else (_made(hours, usual_id, own_days(hours)), [])
    except BadCalendar as error:
        return None, [error.found]


def equal(one: Calendar, other: Calendar) -> bool:
    """Whether they give the same instants, whatever they are called."""
    return one.model_copy(update={"id": other.id}) == other


def _zone(hours: WorkingHours, gaps: Gaps) -> Iterator[tuple[Loc, str]]:
    """A zone that is the same everywhere."""
    if gaps.there("zone") and hours.zone not in known_zones():
        yield ("zone",), f"{hours.zone!r} is not an IANA time zone such as Asia/Shanghai"


def _years(hours: WorkingHours, day: Day, gaps: Gaps) -> Iterator[tuple[Loc, str]]:
    """Years around the present one."""
    year = day.today.year
    both = gaps.there("first_year", "last_year")
    if both and hours.last_year < hours.first_year:
        yield ("last_year",), f"must not be before first_year, {hours.first_year}"
        return
    if gaps.there("last_year") and hours.last_year < year and not day.running:
        sentence = f"{hours.last_year} leaves out the present year; allowed are {year} to 2100"
        yield ("last_year",), sentence
    if gaps.there("first_year") and hours.first_year > year:
        sentence = f"{hours.first_year} leaves out the present year; allowed are 2000 to {year}"
        yield ("first_year",), sentence


def _country(hours: WorkingHours, gaps: Gaps) -> Iterator[tuple[Loc, str]]:
    """A country whose holidays are known."""
    if gaps.there("country"):
        try:
            check_country(hours.country)
        except ValueError as error:
            yield ("country",), str(error)


def _shifts(hours: WorkingHours, gaps: Gaps) -> Iterator[tuple[Loc, str]]:
    """Some working time in the week."""
    if gaps.there("shifts") and not any(hours.shifts.values()):
        yield ("shifts",), "a calendar needs a shift on at least one weekday"


def _made(hours: WorkingHours, usual_id: str | None, own: SpecialDays) -> Calendar:
    try:
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
    except ValidationError as error:
        sentence = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise BadCalendar((("shifts",), sentence)) from error
