"""What a calendar and a budget accept, and that a pinned calendar stays what it was."""

import re
import subprocess
import sys
from datetime import date
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.clocks.amounts import Budget
from shared.clocks.calendar import Calendar
from shared.clocks.published import published_calendar
from shared.clocks.zone_rules import _edition, zone_rules

VALID: dict[str, Any] = {
    "id": "office",
    "version": "1",
    "zone": "Asia/Shanghai",
    "shifts": {0: ["09:00-12:00", ("13:30", "18:00")], 5: [(540, 720)]},
    "holidays": ["2026-10-02", "2026-10-01", "2026-10-01"],
    "make_up_days": ["2026-10-10"],
    "published_through": "2026-12-31",
}


def test_a_calendar_survives_json_and_stays_small() -> None:
    weekdays = {weekday: ["09:00-12:00", "13:30-18:00"] for weekday in range(5)}
    calendar = published_calendar("CN", "Asia/Shanghai", weekdays, 2025, 2027)
    text = calendar.model_dump_json()
    assert Calendar.model_validate_json(text) == calendar
    assert len(text) < 2048


def test_hours_are_kept_as_minutes_and_days_in_order() -> None:
    calendar = Calendar.model_validate(VALID)
    assert calendar.shifts == {0: ((540, 720), (810, 1080)), 5: ((540, 720),)}
    assert calendar.holidays == (date(2026, 10, 1), date(2026, 10, 2))
    assert calendar.shifts_on(date(2026, 10, 10)) == calendar.shifts[0]
    assert not calendar.is_working_day(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"zone": "Mars/Base"}, "'Mars/Base' is not an IANA time zone"),
        ({"shifts": {}}, "needs a shift on at least one weekday"),
        ({"shifts": {1: ["09:00-18:00"]}}, "make-up days have the shifts of weekday 0, which has none"),
        ({"shifts": {0: ["12:00-18:00", "09:00-12:30"]}}, "must be in order and must not overlap"),
        ({"shifts": {0: ["18:00-18:00"]}}, "must end after it starts"),
        ({"shifts": {0: ["22:00-06:00"], 1: ["05:00-09:00"]}}, "weekday 0 ends after the first of weekday 1"),
        ({"make_up_shifts": {"2026-10-10": ["22:00-34:00"]}}, "is not an hour of the day"),
        (
            {"make_up_days": ["2026-10-11"], "make_up_shifts": {"2026-10-11": ["22:00-10:00"]}},
            "the last shift of 2026-10-11 ends after the first of 2026-10-12 begins",
        ),
        ({"shifts": {0: ["09:00-24:30"]}}, "is not an hour of the day between 00:00 and 24:00"),
        ({"shifts": {0: ["all day"]}}, "is not a shift such as 09:00-17:30"),
        ({"shifts": {7: ["09:00-18:00"]}}, "7 is not a weekday; allowed are 0 to 6, 0 is Monday"),
        ({"holidays": ["2026-10-10"]}, "2026-10-10 cannot be a holiday and a make-up day at once"),
    ],
)
def test_a_wrong_calendar_is_refused_in_one_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Calendar.model_validate(VALID | wrong)
    assert [error["msg"] for error in refused.value.errors() if sentence in error["msg"]]


@pytest.mark.parametrize(
    ("clock", "amount"),
    [
        ("elapsed", ""), ("elapsed", "24"), ("elapsed", "1.5h"), ("elapsed", "-1h"), ("elapsed", "0h"),
        ("elapsed", "3m2h"), ("elapsed", "4000d"), ("business", "5d"), ("business", "0m"),
        ("business_days", "8h"), ("business_days", "1w"), ("calendar_days", "24h"),
    ],
)  # fmt: skip
def test_an_amount_that_its_clock_does_not_know_is_refused(clock: str, amount: str) -> None:
    with pytest.raises(ValidationError):
        Budget.model_validate({"clock": clock, "amount": amount})


@pytest.mark.parametrize("clock", ["business_days", "calendar_days"])
@pytest.mark.parametrize("amount", [7, "7", "7d"])
def test_days_may_be_given_as_a_number(clock: str, amount: int | str) -> None:
    assert Budget.model_validate({"clock": clock, "amount": amount}).amount == "7d"


@pytest.mark.parametrize("amount", [24, "24"])
@pytest.mark.parametrize(
    ("clock", "write"), [("elapsed", "24h or 24d"), ("business", "24h or 24m of working")]
)
def test_a_number_alone_is_refused_where_it_may_be_meant_as_hours(
    amount: int | str, clock: str, write: str
) -> None:
    with pytest.raises(ValidationError, match=f"24 has no unit; write {write}"):
        Budget.model_validate({"clock": clock, "amount": amount})


def test_an_unknown_country_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="no holidays are known for 'ZZ'"):
        published_calendar("ZZ", "Asia/Shanghai", {0: ["09:00-18:00"]}, 2026, 2026)


def test_the_version_of_a_calendar_names_the_rules_of_its_zone() -> None:
    office = published_calendar("CN", "Asia/Shanghai", {0: ["09:00-18:00"]}, 2026, 2026)
    assert re.fullmatch(r"CN 2026-2026, holidays \d[\d.]*, tzdata (\d{4}[a-z.]\d*|unknown)", office.version)


def test_zone_rules_are_the_systems_and_else_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Moon").write_bytes(b"")
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    assert zone_rules("Asia/Shanghai") == library_version("tzdata")
    assert zone_rules("Moon") == "unknown"
    _edition.cache_clear()
    (tmp_path / "tzdata.zi").write_text("# version 2031c\n# more\n")
    assert zone_rules("Moon") == "2031c"


def test_the_clocks_never_load_the_holiday_library() -> None:
    program = "import sys, shared.clocks.budget, shared.clocks.slots; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
