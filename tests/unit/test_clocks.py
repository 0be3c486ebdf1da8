"""Deadlines worked out by hand: clock changes, make-up weekends, Easter, year ends, pauses, warnings."""

from datetime import UTC, date, datetime, timedelta
from timeit import repeat
from zoneinfo import ZoneInfo

import pytest

from shared.clocks.amounts import Budget, Clock
from shared.clocks.budget import (
    at_fraction,
    due,
    due_is_provisional,
    due_with_pauses,
    elapsed_in,
    fraction_between,
)
from shared.clocks.calendar import Calendar
from shared.clocks.published import published_calendar, working_days

OFFICE = {weekday: ["09:00-17:00"] for weekday in range(5)}
SPLIT = {weekday: ["09:00-12:00", "13:30-18:00"] for weekday in range(5)}
CN = published_calendar("CN", "Asia/Shanghai", SPLIT, 2025, 2028)
GB = published_calendar("GB-ENG", "Europe/London", OFFICE, 2026, 2027)
US = published_calendar("US", "America/New_York", OFFICE, 2026, 2027)
AU = published_calendar("AU-NSW", "Australia/Sydney", OFFICE, 2026, 2027)
DAY_RULE = Budget(clock=Clock.ELAPSED, amount="24h")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def budget(clock: str, amount: str) -> Budget:
    return Budget(clock=Clock(clock), amount=amount)


@pytest.mark.parametrize(
    ("calendar", "received", "expected"),
    [
        (GB, "2026-03-28T12:00+00:00", "2026-03-29T13:00+01:00"),
        (GB, "2026-10-24T12:00+01:00", "2026-10-25T11:00+00:00"),
        (US, "2026-03-07T12:00-05:00", "2026-03-08T13:00-04:00"),
        (US, "2026-10-31T12:00-04:00", "2026-11-01T11:00-05:00"),
        (US, "2026-11-01T01:30-04:00", "2026-11-02T00:30-05:00"),
    ],
)
def test_24_hours_are_24_hours_across_every_clock_change(
    calendar: Calendar, received: str, expected: str
) -> None:
    end = due(at(received).astimezone(UTC), DAY_RULE, calendar)
    assert end == at(expected) == at(received).astimezone(UTC) + timedelta(hours=24)
    assert end.tzinfo is UTC


def test_a_start_in_local_time_gives_the_same_24_hours() -> None:
    local = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/London"))
    assert due(local, DAY_RULE, GB) == at("2026-03-29T12:00Z")


def test_china_works_248_days_in_2026_and_6_of_them_are_made_up() -> None:
    assert working_days(CN, 2026) == 248
    assert [day for day in CN.make_up_days if day.year == 2026] == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28),
        date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip
    assert CN.published_through == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("last_working_day", "make_up_day"),
    [
        ("2025-12-31", "2026-01-04"),
        ("2026-02-13", "2026-02-14"),
        ("2026-02-27", "2026-02-28"),
        ("2026-05-08", "2026-05-09"),
        ("2026-09-18", "2026-09-20"),
        ("2026-10-09", "2026-10-10"),
    ],
)
def test_working_time_runs_on_over_a_make_up_weekend(last_working_day: str, make_up_day: str) -> None:
    start = at(f"{last_working_day}T17:00+08:00")
    assert due(start, budget("business", "2h"), CN) == at(f"{make_up_day}T10:00+08:00")
    assert due(start, budget("business", "5h"), CN) == at(f"{make_up_day}T14:30+08:00")
    assert due(start, budget("business_days", "1d"), CN) == at(f"{make_up_day}T18:00+08:00")


@pytest.mark.parametrize(
    ("calendar", "received", "amount", "expected"),
    [
        # Spring Festival with both of its make-up Saturdays; the Sunday before National Day.
        (CN, "2026-02-13T10:00+08:00", "7d", "2026-03-02T18:00+08:00"),
        (CN, "2026-09-18T23:50+08:00", "7d", "2026-09-29T18:00+08:00"),
        (CN, "2025-12-30T10:00+08:00", "3d", "2026-01-05T18:00+08:00"),
        # DISP: the third business day, over Easter and over Christmas; PSD: fifteen, over Easter.
        (GB, "2026-04-02T10:00+01:00", "3d", "2026-04-09T17:00+01:00"),
        (GB, "2026-12-23T10:00+00:00", "3d", "2026-12-30T17:00+00:00"),
        (GB, "2026-12-30T10:00+00:00", "3d", "2027-01-05T17:00+00:00"),
        (GB, "2026-03-25T10:00+00:00", "15d", "2026-04-17T17:00+01:00"),
        # Received on a Saturday, or late on a Friday: Monday is day 1.
        (GB, "2026-06-06T10:00+01:00", "1d", "2026-06-08T17:00+01:00"),
        (GB, "2026-06-05T23:59+01:00", "1d", "2026-06-08T17:00+01:00"),
        # The same day; after hours, that of the next working day.
        (GB, "2026-06-05T10:00+01:00", "0d", "2026-06-05T17:00+01:00"),
        (GB, "2026-06-05T17:00+01:00", "0d", "2026-06-08T17:00+01:00"),
    ],
)
def test_business_days_end_with_the_last_shift_of_the_last_day(
    calendar: Calendar, received: str, amount: str, expected: str
) -> None:
    assert due(at(received), budget("business_days", amount), calendar) == at(expected)


@pytest.mark.parametrize(
    ("calendar", "received", "amount", "expected"),
    [
        (GB, "2026-11-10T10:00+00:00", "8w", "2027-01-06T00:00+00:00"),
        (US, "2026-10-25T20:00-04:00", "15d", "2026-11-10T00:00-05:00"),
        (US, "2026-11-20T00:00-05:00", "60d", "2027-01-20T00:00-05:00"),
        (AU, "2026-09-10T23:59+10:00", "30d", "2026-10-11T00:00+11:00"),
        (CN, "2026-02-13T23:59:59+08:00", "0d", "2026-02-14T00:00+08:00"),
    ],
)
def test_calendar_days_end_at_midnight_after_the_last_day(
    calendar: Calendar, received: str, amount: str, expected: str
) -> None:
    assert due(at(received), budget("calendar_days", amount), calendar) == at(expected)


def test_a_night_shift_is_as_long_as_the_night() -> None:
    night = Calendar(
        id="night",
        version="1",
        zone="America/New_York",
        shifts={6: [("00:00", "06:00"), ("22:00", "24:00")]},
        published_through=date(2026, 12, 31),
    )
    for day, hours in (("2026-03-01", 8), ("2026-03-08", 7), ("2026-11-01", 9)):
        morning = at(f"{day}T00:00Z")
        worked = elapsed_in(Clock.BUSINESS, morning, morning + timedelta(days=2), night)
        assert worked == timedelta(hours=hours)


def test_working_time_is_exact_below_the_minute() -> None:
    start = at("2026-06-05T16:59:30.250+01:00")
    assert due(start, budget("business", "1m"), GB) == at("2026-06-08T09:00:30.250+01:00")
    assert due(start, budget("business", "29s"), GB) == at("2026-06-05T16:59:59.250+01:00")


def test_a_budget_that_fills_a_shift_ends_with_it_and_not_the_next_morning() -> None:
    assert due(at("2026-06-05T09:00+01:00"), budget("business", "8h"), GB) == at("2026-06-05T17:00+01:00")


def test_a_warning_on_a_multi_day_carry_over_is_never_at_midnight() -> None:
    start, eight_hours = at("2026-06-05T16:00+01:00"), budget("business", "8h")
    warnings = [at_fraction(start, eight_hours, percent, GB) for percent in (0, 50, 75, 90, 100)]
    expected = ("05T16:00", "08T12:00", "08T14:00", "08T15:12", "08T16:00")
    assert warnings == [at(f"2026-06-{text}+01:00") for text in expected]


def test_half_of_a_budget_in_business_days_is_half_of_its_working_time() -> None:
    start = at("2026-06-04T17:00+01:00")
    assert at_fraction(start, budget("business_days", "2d"), 50, GB) == at("2026-06-05T17:00+01:00")
    assert at_fraction(start, budget("business_days", "2d"), 75, GB) == at("2026-06-08T13:00+01:00")


def test_a_promised_instant_has_warnings_too() -> None:
    start, promised = at("2026-06-05T16:00+01:00"), at("2026-06-08T10:00+01:00")
    half = fraction_between(Clock.BUSINESS, start, promised, 50, GB)
    assert half == at("2026-06-05T17:00+01:00")
    assert fraction_between(Clock.ELAPSED, start, promised, 50, GB) == at("2026-06-07T01:00+01:00")
    assert fraction_between(Clock.BUSINESS, start, promised, 100, GB) == promised


def test_a_pause_over_a_weekend_adds_only_its_working_time() -> None:
    start, weekend = (
        at("2026-06-05T10:00+01:00"),
        (at("2026-06-05T16:00+01:00"), at("2026-06-08T10:00+01:00")),
    )
    assert due_with_pauses(start, budget("business", "7h"), [weekend], GB) == at("2026-06-08T11:00+01:00")
    assert due_with_pauses(start, budget("business", "8h"), [weekend], GB) == at("2026-06-08T12:00+01:00")


def test_overlapping_pauses_count_once() -> None:
    start = at("2026-06-05T10:00Z")
    pauses = [
        (at("2026-06-05T13:00Z"), at("2026-06-05T15:00Z")),
        (at("2026-06-05T12:00Z"), at("2026-06-05T14:00Z")),
        (at("2026-06-05T12:30Z"), at("2026-06-05T12:45Z")),
    ]
    assert due_with_pauses(start, DAY_RULE, pauses, GB) == at("2026-06-06T13:00Z")
    used = elapsed_in(Clock.ELAPSED, start, at("2026-06-05T16:00Z"), GB, pauses)
    assert used == timedelta(hours=3)


def test_a_pause_before_the_start_or_after_the_end_costs_nothing() -> None:
    start = at("2026-06-05T10:00Z")
    before = (at("2026-06-04T10:00Z"), start)
    after = (at("2026-06-06T10:00Z"), at("2026-06-09T10:00Z"))
    assert due_with_pauses(start, DAY_RULE, [before, after], GB) == due(start, DAY_RULE, GB)


def test_days_that_end_in_a_pause_are_not_counted() -> None:
    start, three_days = at("2026-06-01T10:00+01:00"), budget("business_days", "3d")
    over_the_end = (at("2026-06-04T10:00+01:00"), at("2026-06-05T12:00+01:00"))
    within_a_day = (at("2026-06-02T10:00+01:00"), at("2026-06-02T16:00+01:00"))
    assert due(start, three_days, GB) == at("2026-06-04T17:00+01:00")
    assert due_with_pauses(start, three_days, [within_a_day], GB) == at("2026-06-04T17:00+01:00")
    assert due_with_pauses(start, three_days, [over_the_end], GB) == at("2026-06-05T17:00+01:00")


def test_a_day_counts_when_its_end_begins_a_pause_and_not_when_it_ends_a_pause() -> None:
    start, one_day = at("2026-06-01T10:00+01:00"), budget("business_days", "1d")
    noon, close, later = (at(f"2026-06-02T{hour}+01:00") for hour in ("12:00", "17:00", "20:00"))
    assert due_with_pauses(start, one_day, [(close, later)], GB) == close
    assert due_with_pauses(start, one_day, [(noon, close)], GB) == at("2026-06-03T17:00+01:00")


def test_a_due_instant_after_the_published_holidays_is_provisional() -> None:
    december = at("2026-12-30T10:00+08:00")
    assert not due_is_provisional(due(december, budget("business_days", "1d"), CN), CN)
    assert due_is_provisional(due(december, budget("business_days", "2d"), CN), CN)
    assert not due_is_provisional(at("2027-01-01T00:00+08:00"), CN)
    assert due_is_provisional(at("2027-01-01T00:00:01+08:00"), CN)


def test_a_start_before_the_first_published_year_is_provisional() -> None:
    """National Day week of 2019 is not in the data, so nobody can say that the due instant is right."""
    start = at("2019-09-30T10:00+08:00")
    end = due(start, budget("business_days", "15d"), CN)
    assert end == at("2019-10-21T18:00+08:00"), "the week is not known"
    assert due_is_provisional(end, CN, Clock.BUSINESS_DAYS, start)
    assert not due_is_provisional(end, CN, Clock.CALENDAR_DAYS, start)
    assert not due_is_provisional(end, CN, Clock.BUSINESS, at("2025-01-01T00:00+08:00"))
    assert due_is_provisional(end, CN, Clock.BUSINESS, at("2024-12-31T23:59:59+08:00"))
    pinned_before = CN.model_copy(update={"published_from": None})
    assert not due_is_provisional(end, pinned_before, Clock.BUSINESS_DAYS, start)


def test_exact_time_is_never_provisional() -> None:
    later = at("2027-03-01T00:00+08:00")
    assert not due_is_provisional(later, CN, Clock.ELAPSED)
    assert not due_is_provisional(later, CN, Clock.CALENDAR_DAYS)
    assert due_is_provisional(later, CN, Clock.BUSINESS)


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an offset"):
        due(datetime(2026, 6, 5, 10), DAY_RULE, GB)  # noqa: DTZ001


def test_a_year_of_business_time_is_found_in_well_under_a_millisecond() -> None:
    start, year = at("2026-01-01T00:00Z"), budget("business", "1860h")
    assert due(start, year, CN) > at("2026-12-25T00:00Z")
    assert min(repeat(lambda: due(start, year, CN), number=1, repeat=20)) < 0.001
