"""Shifts over midnight belong to the day on which they begin, and a make-up day may have hours of its own."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.console.audit.verifier import arithmetic
from shared.clocks.amounts import Budget, Clock
from shared.clocks.budget import due, due_is_provisional, due_with_pauses, fraction_between, instant_before
from shared.clocks.calendar import Calendar
from shared.clocks.slots import next_working_slot, slot_after
from tests.thorough import THOROUGH
from tests.unit.clock_strategies import calendars, pauses, starts

SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"
NIGHTS = {weekday: ["22:00-06:00"] for weekday in range(5)}


def calendar(zone: str = SHANGHAI, **said: object) -> Calendar:
    """Nights from Monday to Friday, unless said otherwise."""
    content = {
        "id": "night",
        "version": "1",
        "zone": zone,
        "shifts": NIGHTS,
        "published_through": "2026-12-31",
    }
    return Calendar.model_validate(content | said)


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def business(hours: int) -> Budget:
    return Budget(clock=Clock.BUSINESS, amount=f"{hours}h")


def days(number: int) -> Budget:
    return Budget(clock=Clock.BUSINESS_DAYS, amount=number)


# 2026-11-23 is a Monday.
@pytest.mark.parametrize(
    ("start", "budget", "end"),
    [
        ("2026-11-23 21:00", business(3), "2026-11-24 01:00"),
        ("2026-11-23 21:00", business(8), "2026-11-24 06:00"),
        ("2026-11-23 21:00", business(9), "2026-11-24 23:00"),
        ("2026-11-27 23:00", business(7), "2026-11-28 06:00"),
        ("2026-11-28 03:00", business(3), "2026-11-28 06:00"),
        ("2026-11-28 03:00", business(4), "2026-11-30 23:00"),
        ("2026-11-23 12:00", days(1), "2026-11-25 06:00"),
        ("2026-11-24 03:00", days(1), "2026-11-25 06:00"),
        ("2026-11-24 06:00", days(1), "2026-11-26 06:00"),
        ("2026-11-24 03:00", days(0), "2026-11-24 06:00"),
        ("2026-11-28 03:00", days(0), "2026-11-28 06:00"),
        ("2026-11-28 07:00", days(0), "2026-12-01 06:00"),
    ],
)
def test_a_night_counts_with_the_day_on_which_it_began(start: str, budget: Budget, end: str) -> None:
    assert due(at(start), budget, calendar()) == at(end)


@pytest.mark.parametrize(
    ("start", "budget", "end"),
    [
        ("2026-11-24 21:00", business(8), "2026-11-25 06:00"),
        ("2026-11-24 21:00", business(9), "2026-11-26 23:00"),
        ("2026-11-23 12:00", days(1), "2026-11-25 06:00"),
        ("2026-11-23 12:00", days(2), "2026-11-27 06:00"),
        ("2026-11-25 01:00", days(1), "2026-11-27 06:00"),
        ("2026-11-25 01:00", business(5), "2026-11-25 06:00"),
    ],
)
def test_the_night_before_a_holiday_is_worked_to_its_end(start: str, budget: Budget, end: str) -> None:
    """Wednesday 25 November is free: no shift begins on it, and Tuesday's ends on it."""
    assert due(at(start), budget, calendar(holidays=["2026-11-25"])) == at(end)


def test_a_make_up_day_has_hours_of_its_own() -> None:
    own = calendar(make_up_days=["2026-11-28", "2026-11-29"], make_up_shifts={"2026-11-28": ["09:00-13:00"]})
    assert own.shifts_on(date(2026, 11, 28)) == ((9 * 60, 13 * 60),)
    assert own.shifts_on(date(2026, 11, 29)) == own.shifts[0]
    friday_noon = at("2026-11-27 12:00")
    assert due(friday_noon, days(1), own) == at("2026-11-28 13:00")
    assert due(friday_noon, business(8 + 3), own) == at("2026-11-28 12:00")
    assert due(friday_noon, business(8 + 4 + 1), own) == at("2026-11-29 23:00")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-28 22:00", 7, "2026-03-29 06:00"),  # an hour is missing
        ("2026-10-24 22:00", 9, "2026-10-25 06:00"),  # an hour comes twice
    ],
)
def test_a_night_in_which_clocks_change_is_as_long_as_the_wall_shows(
    start: str, hours: int, end: str
) -> None:
    every_night = calendar(LONDON, shifts={weekday: ["22:00-06:00"] for weekday in range(7)})
    assert due(at(start, LONDON), business(hours), every_night) == at(end, LONDON)


def test_split_and_adjacent_shifts_run_on_over_midnight() -> None:
    mixed = calendar(shifts={0: ["06:00-14:00", "22:00-06:00"], 1: ["06:00-14:00"], 2: ["20:00-24:00"]})
    assert due(at("2026-11-23 13:00"), business(10), mixed) == at("2026-11-24 07:00")
    assert due(at("2026-11-23 07:00"), days(1), mixed) == at("2026-11-24 14:00")
    assert due(at("2026-11-24 05:59"), days(1), mixed) == at("2026-11-24 14:00")
    assert due(at("2026-11-24 06:00"), days(1), mixed) == at("2026-11-26 00:00")


def test_a_warning_within_a_night_falls_after_midnight() -> None:
    start, end = at("2026-11-23 22:00"), at("2026-11-24 06:00")
    assert fraction_between(Clock.BUSINESS, start, end, 75, calendar()) == at("2026-11-24 04:00")
    assert instant_before(end, business(3), calendar()) == at("2026-11-24 03:00")
    assert instant_before(end, days(1), calendar()) == at("2026-11-21 06:00")


def test_the_last_night_of_the_last_published_year_is_certain() -> None:
    assert not due_is_provisional(at("2027-01-01 05:00"), calendar(), Clock.BUSINESS)
    assert due_is_provisional(at("2027-01-01 22:30"), calendar(), Clock.BUSINESS)


def test_a_call_at_night_counts_with_the_working_day_before() -> None:
    slot = next_working_slot(at("2026-11-28 01:00"), calendar(), "00:00-03:00", SHANGHAI)
    assert (slot.start, slot.end) == (at("2026-11-28 01:00"), at("2026-11-28 03:00"))
    assert slot_after(slot, calendar(), "00:00-03:00", SHANGHAI).start >= at("2026-11-30 22:00")


def test_hours_for_calls_may_run_over_midnight() -> None:
    day = {"shifts": {weekday: ["09:00-18:00"] for weekday in range(5)}}
    slot = next_working_slot(at("2026-11-23 09:00"), calendar(**day), "16:00-02:00", "America/New_York")
    assert slot.start == at("2026-11-23 09:00")
    assert slot.end == at("2026-11-23 15:00")


@settings(deadline=None, max_examples=150 * THOROUGH, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_the_verifier_computes_each_of_these_by_itself(data: st.DataObject) -> None:
    start = data.draw(starts())
    drawn = data.draw(calendars(start))
    theirs = arithmetic.Days(drawn.model_dump(mode="json"))
    waits = [
        (start + a * arithmetic.MINUTE, start + b * arithmetic.MINUTE) for a, b in data.draw(pauses(9000))
    ]
    for clock, amounts in ((Clock.BUSINESS, ("7m", "90m", "7h")), (Clock.BUSINESS_DAYS, ("0d", "1d", "4d"))):
        for amount in amounts:
            budget = Budget(clock=clock, amount=amount)
            said = budget.model_dump(mode="json")
            end = due_with_pauses(start, budget, waits, drawn)
            assert arithmetic.due(start, said, theirs, waits) == end
            for percent in (50, 90):
                share = fraction_between(clock, start, end, percent, drawn, waits)
                assert arithmetic.share(clock, start, end, percent, theirs, waits) == share
            assert arithmetic.before(start, said, theirs) == instant_before(start, budget, drawn)
            unsure = due_is_provisional(end, drawn, clock, start)
            assert arithmetic.provisional(start, end, clock, theirs) == unsure
