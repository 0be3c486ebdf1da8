"""Durations as people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.console.display.durations import clock_text, instant_text, parse_duration, short_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", timedelta(minutes=90)),
        ("25h", timedelta(hours=25)),
        ("7d", timedelta(days=7)),
        ("1d12h30m", timedelta(days=1, hours=12, minutes=30)),
        ("2w", timedelta(weeks=2)),
        (" 1D 2H ", timedelta(days=1, hours=2)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_a_duration_means_the_sum_of_its_parts(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "25", "h", "3x", "1h-", "-1h", "1.5h", "0m", "999999d", "999999w999999w"]
)
def test_an_invalid_duration_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be more than nothing|is not a duration"):
        parse_duration(text)


def test_a_clock_text_counts_hours_beyond_a_day() -> None:
    assert clock_text(timedelta(days=1, hours=1)) == "25:00:00"
    assert clock_text(timedelta(minutes=90, seconds=5)) == "1:30:05"


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (timedelta(days=2, hours=3, minutes=50), "2d 3h"),
        (timedelta(days=7), "7d"),
        (timedelta(hours=1, minutes=1), "1h 1m"),
        (timedelta(minutes=-35), "-35m"),
        (timedelta(seconds=20), "20s"),
    ],
)
def test_a_remaining_time_shows_its_two_largest_units(delta: timedelta, expected: str) -> None:
    assert short_text(delta) == expected


def test_an_instant_is_shown_in_utc() -> None:
    assert instant_text(datetime(2026, 11, 21, 1, 30, tzinfo=UTC)) == "2026-11-21 01:30Z"
    assert instant_text(None) == "—"
