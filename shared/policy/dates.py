"""Calendars made when a policy is loaded: which years and places there are, and one that two may share."""

from datetime import date

from pydantic import ValidationError

from shared.clocks.calendar import Calendar
from shared.clocks.published import published_calendar
from shared.policy.obligation import WorkingHours
from shared.policy.problems import Loc


class BadCalendar(ValueError):
    """The working hours give no calendar; `loc` is the field below `calendar` that is wrong."""

    def __init__(self, loc: Loc, sentence: str) -> None:
        super().__init__(sentence)
        self.loc = loc


def resolved(hours: WorkingHours, usual_id: str, today: date) -> Calendar:
    """The calendar of these working hours. Raises `BadCalendar`."""
    if hours.last_year < hours.first_year:
        raise BadCalendar(("last_year",), f"must not be before first_year, {hours.first_year}")
    if hours.last_year < today.year:
        sentence = f"{hours.last_year} leaves out the present year; allowed are {today.year} to 2100"
        raise BadCalendar(("last_year",), sentence)
    if hours.first_year > today.year:
        sentence = f"{hours.first_year} leaves out the present year; allowed are 2000 to {today.year}"
        raise BadCalendar(("first_year",), sentence)
    try:
        return published_calendar(
            hours.country,
            hours.zone,
            hours.shifts,
            hours.first_year,
            hours.last_year,
            hours.id or usual_id,
            hours.published,
        )
    except ValidationError as error:
        sentence = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise BadCalendar(("shifts",), sentence) from error
    except ValueError as error:
        raise BadCalendar(("country",), str(error)) from error


def equal(one: Calendar, other: Calendar) -> bool:
    """Whether they give the same instants, whatever they are called."""
    return one.model_copy(update={"id": other.id}) == other
