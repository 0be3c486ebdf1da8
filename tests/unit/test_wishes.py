"""A wish that is not understood is left out and named; it keeps no complaint out. A claim has to be right."""

import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from services.door.reading import prepared
from shared.clocks.slots import calling_hours, next_working_slot
from shared.contract.submission import Hints
from shared.contract.submission.reading import WISHES
from shared.contract.submission.wishes import known_hours, known_zone
from shared.policy.loader import load_policy
from tests.unit.submissions import NOW, registered, submission
from tests.unit.test_bad_submissions import with_

NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_wishes_are_those_that_the_documentation_names() -> None:
    page = (Path(__file__).parents[2] / "docs/wishes.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if "| wish |" in line]
    told = {name for row in rows for name in re.findall(r"`([a-z_.]+)`", row.split("|")[1])}
    wishes = {".".join(str(step) for step in one[1:]) for one in WISHES}
    assert told == {one for one in wishes if not one.startswith("hints.")}
    assert {one for one in wishes if one.startswith("hints.")} == {
        f"hints.{field}" for field in Hints.model_fields
    }


STRANGE: list[tuple[str, Any]] = [
    ("data.language", "Chinese!"),
    ("data.language", "xx"),
    ("data.language", 7),
    ("data.customer.timezone", "Mars/Olympus"),
    ("data.customer.timezone", "CST"),
    ("data.customer.timezone", "Factory"),
    ("data.customer.timezone", "../../etc/passwd"),
    ("data.customer.timezone", "UTC+25"),
    ("data.customer.timezone", "x" * 10_000),
    ("data.customer.contact_hours", "all day"),
    ("data.customer.contact_hours", "25:00-26:00"),
    ("data.customer.contact_hours", "09:00-09:00"),
    ("data.customer.contact_hours", ["09:00"]),
    ("data.customer.preferred_channel", "fax"),
    ("data.customer.vip", "perhaps"),
    ("data.hints", "urgent"),
    ("data.hints.severity", 6),
    ("data.hints.severity", "3"),
    ("data.hints.severity", True),
    ("data.hints.category", "weather"),
]


@pytest.mark.parametrize(("field", "value"), STRANGE)
def test_a_wish_that_is_not_understood_is_left_out_and_named(field: str, value: Any) -> None:
    message = with_(field, value)
    before = orjson.dumps(message)
    received = registered(message).received
    assert received.not_understood == [field.removeprefix("data.")]
    assert orjson.dumps(message) == before


@pytest.mark.parametrize(
    ("asked", "kept", "named"),
    [
        (["greed"], [], ["hints.motives.0"]),
        (["refund", "greed", "apology"], ["refund", "apology"], ["hints.motives.1"]),
        (["greed", "refund", 7, None], ["refund"], [f"hints.motives.{one}" for one in (0, 2, 3)]),
        (["greed", *["refund"] * 10], [], ["hints.motives"]),
        ("refund", [], ["hints.motives"]),
    ],
)
def test_the_good_wishes_of_a_list_stay_and_each_bad_wish_is_named(
    asked: Any, kept: list[str], named: list[str]
) -> None:
    received = registered(with_("data.hints.motives", asked)).received
    assert (received.hints.motives, received.not_understood) == (kept, named)
    assert received.hints.severity == 3


def test_several_strange_wishes_are_all_named_and_the_others_stay() -> None:
    message = submission(
        customer={"ref": "c", "timezone": "Mars", "contact_hours": "soon", "preferred_channel": "phone"}
    )
    received = registered(message).received
    assert received.not_understood == ["customer.contact_hours", "customer.timezone"]
    assert received.contact.preferred_channel == "phone"


def test_an_understood_wish_leaves_no_trace() -> None:
    assert registered(submission()).received.not_understood is None


def test_the_door_names_what_it_did_not_understand() -> None:
    sending = prepared(orjson.dumps(with_("data.customer.timezone", "CST")), "web", NOW)
    assert sending.not_understood == ["customer.timezone"]


@pytest.mark.parametrize(
    ("asked", "zone"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("UTC+8", "Etc/GMT-8"),
        ("utc+08:00", "Etc/GMT-8"),
        ("GMT+8", "Etc/GMT-8"),
        ("+08:00", "Etc/GMT-8"),
        ("+0800", "Etc/GMT-8"),
        ("GMT-05:00", "Etc/GMT+5"),
        ("UTC−5", "Etc/GMT+5"),
        ("UTC", "UTC"),
        ("UTC+0", "Etc/UTC"),
        ("Z", "Etc/UTC"),
        ("+05:30", "Asia/Kolkata"),
    ],
)
def test_the_usual_forms_of_a_zone_are_understood(asked: str, zone: str) -> None:
    assert known_zone(asked) == zone


@pytest.mark.parametrize("asked", ["UTC+8", "GMT-3", "+14:00", "-12:00", "+05:45", "-09:30", "+06:30"])
def test_a_zone_of_an_offset_has_that_offset_all_year(asked: str) -> None:
    digits = asked.replace("UTC", "").replace("GMT", "")
    hours, _, minutes = digits[1:].partition(":")
    wanted = (int(hours) * 60 + int(minutes or 0)) * (-1 if digits[0] == "-" else 1)
    for month in (1, 7):
        there = datetime(2026, month, 1, tzinfo=ZoneInfo(known_zone(asked))).utcoffset()
        assert there is not None
        assert there.total_seconds() / 60 == wanted


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ("09:00-18:00", "09:00-18:00"),
        ("9:00 – 18:00", "09:00-18:00"),
        ("22:00-02:00", "22:00-02:00"),
        ("24/7", "00:00-24:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("9:00-12:00, 14:00-18:00", "09:00-12:00,14:00-18:00"),
        ("9：00至18：00", "09:00-18:00"),
        ("０９：００－１８：００", "09:00-18:00"),
        ("９：００〜１８：００，１９-２０", "09:00-18:00,19:00-20:00"),
        ("9-18", "09:00-18:00"),
        ("9 到 24", "09:00-24:00"),
    ],
)
def test_the_usual_forms_of_hours_are_understood(asked: str, hours: str) -> None:
    assert known_hours(asked) == hours


def test_hours_over_midnight_are_both_ends_of_the_day() -> None:
    assert calling_hours("22:00-02:00") == ((0, 120), (1320, 1440))
    assert calling_hours("22:00-02:00,01:00-03:00") == ((0, 180), (1320, 1440))


def test_a_call_comes_within_hours_over_midnight_where_they_meet_no_shift() -> None:
    calendar = load_policy("default").calendar
    slot = next_working_slot(NIGHT, calendar, "22:00-02:00", "Asia/Shanghai")
    start = slot.start.astimezone(ZoneInfo("Asia/Shanghai"))
    assert start.time() >= time(22) or start.time() < time(2)


def test_the_call_takes_the_next_of_two_windows() -> None:
    calendar = load_policy("default").calendar
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    slot = next_working_slot(noon, calendar, "09:00-12:00,15:00-16:00", "Asia/Shanghai")
    assert slot.start == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
