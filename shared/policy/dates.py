"""Calendars made when a policy is loaded: which years and places there are, and one that two may share."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError

from shared.clocks.calendar import Calendar
from shared.clocks.published import SpecialDays, published_calendar
from shared.clocks.zone_rules import known_zones
from shared.policy.obligation import WorkingHours
from shared.policy.problems import Loc
from shared.policy.special_days import announced_days, own_days, own_problems, year_problems


class Day(NamedTuple):
    """When a policy is loaded, and whether it is `running`: time alone then makes no calendar wrong."""

    today: date
    running: bool = False


class BadCalendar(ValueError):
    """The working hours give no calendar; `found` are the fields below `calendar` that are wrong, and why."""

    def __init__(self, *found: tuple[Loc, str]) -> None:
        super().__init__(found[0][1])
        self.found = found


def resolved(hours: WorkingHours, usual_id: str, day: Day) -> Calendar:
    """The calendar of these working hours. Raises `BadCalendar`."""
    _refuse(_place_and_time(hours, day))
    without = _made(hours, usual_id, SpecialDays())
    _refuse(year_problems(hours))
    _refuse(own_problems(hours, without))
    return _made(hours, usual_id, own_days(hours))


def equal(one: Calendar, other: Calendar) -> bool:
    """Whether they give the same instants, whatever they are called."""
    return one.model_copy(update={"id": other.id}) == other


def _refuse(found: Iterable[tuple[Loc, str]]) -> None:
    if wrong := list(found):
        raise BadCalendar(*wrong)


def _place_and_time(hours: WorkingHours, day: Day) -> Iterable[tuple[Loc, str]]:
    """A zone that is the same everywhere, and years around the present one."""
    year = day.today.year
    if hours.zone not in known_zones():
        sentence = f"{hours.zone!r} is not an IANA time zone such as Asia/Shanghai"
        yield ("zone",), sentence
    if hours.last_year < hours.first_year:
        yield ("last_year",), f"must not be before first_year, {hours.first_year}"
    elif hours.last_year < year and not day.running:
        sentence = f"{hours.last_year} leaves out the present year; allowed are {year} to 2100"
        yield ("last_year",), sentence
    elif hours.first_year > year:
        sentence = f"{hours.first_year} leaves out the present year; allowed are 2000 to {year}"
        yield ("first_year",), sentence


def _made(hours: WorkingHours, usual_id: str, own: SpecialDays) -> Calendar:
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
        )
    except ValidationError as error:
        sentence = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise BadCalendar((("shifts",), sentence)) from error
    except ValueError as error:
        raise BadCalendar((("country",), str(error))) from error
