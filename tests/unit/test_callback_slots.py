"""The hour of a callback: worked here, welcome there, changed at each attempt (`sources.md` 86)."""

from datetime import datetime, timedelta

import pytest

from shared.clocks.published import published_calendar
from shared.clocks.slots import Slot, next_working_slot, slot_after

SPLIT = {weekday: ["09:00-12:00", "13:30-18:00"] for weekday in range(5)}
CN = published_calendar("CN", "Asia/Shanghai", SPLIT, 2026, 2026)
HOURS = "09:00-18:00"


def slot(day: str, start: str, end: str) -> Slot:
    return Slot(*(datetime.fromisoformat(f"{day}T{hour}+08:00") for hour in (start, end)))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # A week after it was resolved: in hours it stays, after hours it waits for the next day.
        ("2026-06-10T10:20", slot("2026-06-10", "10:20", "12:00")),
        ("2026-06-10T12:00", slot("2026-06-10", "13:30", "18:00")),
        ("2026-06-10T18:00", slot("2026-06-11", "09:00", "12:00")),
        ("2026-06-13T10:00", slot("2026-06-15", "09:00", "12:00")),
        # The make-up Saturday before Spring Festival is worked; then nothing until the 24th.
        ("2026-02-13T20:00", slot("2026-02-14", "09:00", "12:00")),
        ("2026-02-14T18:00", slot("2026-02-24", "09:00", "12:00")),
    ],
)
def test_a_callback_moves_into_the_next_working_slot(at: str, expected: Slot) -> None:
    assert next_working_slot(datetime.fromisoformat(f"{at}+08:00"), CN, HOURS, "Asia/Shanghai") == expected


def test_the_shifts_decide_where_contact_hours_are_missing() -> None:
    at = datetime.fromisoformat("2026-06-10T08:00+08:00")
    assert next_working_slot(at, CN) == slot("2026-06-10", "09:00", "12:00")


def test_contact_hours_in_another_zone_narrow_the_slot() -> None:
    at = datetime.fromisoformat("2026-06-10T08:00+08:00")
    # 09:00 to 12:00 in Berlin are 15:00 to 18:00 in Shanghai in June.
    berlin = next_working_slot(at, CN, "09:00-12:00", "Europe/Berlin")
    assert berlin == slot("2026-06-10", "15:00", "18:00")


def test_a_customer_reachable_around_the_clock_has_one_slot_across_their_midnight() -> None:
    at = datetime.fromisoformat("2026-06-10T08:00+08:00")
    late = published_calendar("CN", "Asia/Shanghai", {day: ["20:00-24:00"] for day in range(5)}, 2026, 2026)
    found = next_working_slot(at, late, "00:00-24:00", "Asia/Tokyo")  # their midnight is at 23:00 here
    assert (found.start.hour, found.end - found.start) == (12, timedelta(hours=4))


def test_contact_hours_win_where_they_never_meet_the_shifts() -> None:
    saturday = datetime.fromisoformat("2026-06-13T08:00+08:00")
    found = next_working_slot(saturday, CN, "13:00-17:00", "America/Los_Angeles")
    # Monday 04:00 to 08:00 in Shanghai is Sunday afternoon there: our working days, their hours.
    assert found == slot("2026-06-15", "04:00", "08:00")


def test_attempts_alternate_between_morning_and_afternoon_on_other_days() -> None:
    attempts = [slot("2026-06-11", "10:20", "12:00")]
    for _ in range(3):
        attempts.append(slot_after(attempts[-1], CN, HOURS, "Asia/Shanghai"))
    assert attempts[1:] == [
        slot("2026-06-12", "13:30", "18:00"),
        slot("2026-06-15", "09:00", "12:00"),
        slot("2026-06-16", "13:30", "18:00"),
    ]


def test_hours_on_one_side_of_noon_are_divided_in_the_middle() -> None:
    first = next_working_slot(datetime.fromisoformat("2026-06-10T08:00+08:00"), CN, "14:00-16:00")
    second = slot_after(first, CN, "14:00-16:00")
    assert (first, second) == (slot("2026-06-10", "14:00", "16:00"), slot("2026-06-11", "15:00", "16:00"))
    assert slot_after(second, CN, "14:00-16:00") == slot("2026-06-12", "14:00", "15:00")


def test_a_further_attempt_is_never_before_the_instant_it_is_asked_for() -> None:
    first = slot("2026-06-10", "09:00", "12:00")
    later = datetime.fromisoformat("2026-06-12T15:00+08:00")
    assert slot_after(first, CN, HOURS, not_before=later) == slot("2026-06-12", "15:00", "18:00")
    after_hours = later + timedelta(hours=3)
    assert slot_after(first, CN, HOURS, not_before=after_hours) == slot("2026-06-15", "13:30", "18:00")


def test_a_further_attempt_is_another_day_for_the_complainant_too() -> None:
    friday = datetime.fromisoformat("2026-02-13T19:00+08:00")
    first = next_working_slot(friday, CN, HOURS, "America/New_York")
    assert first.start == datetime.fromisoformat("2026-02-13T09:00-05:00")
    # Our Saturday, a make-up day, begins at 11:00 of their Friday: too soon after the first attempt.
    second = slot_after(first, CN, HOURS, "America/New_York")
    assert second.start == datetime.fromisoformat("2026-02-23T11:00-05:00")
