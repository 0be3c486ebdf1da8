"""Planned hours: weekly shifts, also over midnight and in other zones, without the absences."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.policy.models import Pack
from shared.policy.roster import Absence, NamedShift, Staff
from shared.policy.timetable import Timetable
from tests.unit.cases import policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUARTER = timedelta(minutes=15)
DAY = NamedShift(id="day", hours={day: ["09:00-17:30"] for day in range(5)})
NIGHT = NamedShift(id="night", hours={4: ["22:00-06:00"]})
PACK = policy().pack.model_copy(update={"shifts": [DAY, NIGHT]})


def _times(pack: Pack = PACK, **own: object) -> Timetable:
    usual = {"id": "a", "role": "agent", "team": "product-care", "languages": ["zh"]}
    return Timetable.of(pack, Staff.model_validate(usual | own))


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """Instant of this local time in Shanghai; 23 November 2026 is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_a_person_without_shifts_is_never_off_shift() -> None:
    times = _times()
    assert all(times.planned(_at(22, 0) + timedelta(hours=hours)) for hours in range(24 * 8))
    assert times.next_change(_at(22, 0)) is None


@pytest.mark.parametrize(
    ("now", "planned", "change"),
    [
        (_at(23, 8, 59), False, _at(23, 9)),
        (_at(23, 9), True, _at(23, 17, 30)),
        (_at(23, 17, 30), False, _at(24, 9)),
        (_at(27, 18), False, _at(27, 22)),
        (_at(27, 23), True, _at(28, 6)),
        (_at(28, 5, 59), True, _at(28, 6)),
        (_at(28, 6), False, _at(30, 9)),
    ],
)
def test_shifts_hold_by_the_local_clock_also_over_midnight(
    now: datetime, planned: bool, change: datetime
) -> None:
    times = _times(shifts=["day", "night"])
    assert (times.planned(now), times.next_change(now)) == (planned, change)


def test_shifts_that_touch_are_one_and_have_no_border_between_them() -> None:
    times = _times(shifts=["day"], hours={0: ["17:30-20:00"]})
    assert times.next_change(_at(23, 10)) == _at(23, 20)


def test_hours_are_those_of_the_persons_zone() -> None:
    times = _times(hours={0: ["09:00-17:00"]}, zone="Europe/London")
    assert times.planned(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert not times.planned(_at(23, 10))


def test_a_whole_day_of_absence_ends_with_its_local_day() -> None:
    away = {"since": date(2026, 11, 24), "until": date(2026, 11, 25)}
    times = _times(absences=[away])
    assert (times.planned(_at(23, 23, 59)), times.next_change(_at(23, 10))) == (True, _at(24, 0))
    assert (times.planned(_at(25, 23, 59)), times.next_change(_at(24, 10))) == (False, _at(26, 0))


@settings(derandomize=True, database=None, deadline=None, max_examples=30)
@given(
    hours=st.dictionaries(
        st.integers(0, 6), st.sampled_from([["00:00-24:00"], ["22:00-06:00"], ["08:00-12:00", "13:00-17:00"]])
    ),
    since=st.integers(0, 10 * 24),
    long=st.integers(1, 50),
    quarter=st.integers(0, 10 * 24 * 4),
)
def test_the_next_change_is_the_first_instant_that_differs(
    hours: dict[int, list[str]], since: int, long: int, quarter: int
) -> None:
    begin = _at(20, 0)
    away = Absence(
        since=begin + timedelta(hours=since), until=begin + timedelta(hours=since) + timedelta(hours=long)
    )
    times = _times(hours=hours, absences=[away])
    now = begin + quarter * QUARTER
    change, was = times.next_change(now), times.planned(now)
    later = (now + QUARTER * number for number in range(1, 14 * 24 * 4))
    if change is None:
        assert all(times.planned(at) == was for at in later)
    else:
        assert times.planned(change) != was
        assert all(times.planned(at) == was for at in later if at < change)
