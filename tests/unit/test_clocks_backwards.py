"""So long before a deadline: the same clocks, read backwards."""

from datetime import datetime

import pytest

from shared.clocks.amounts import Budget
from shared.clocks.budget import due, instant_before
from shared.clocks.calendar import Calendar
from shared.clocks.published import published_calendar

WEEK = {weekday: ["09:00-12:00", "13:00-18:00"] for weekday in range(5)}
CHINA = published_calendar("CN", "Asia/Shanghai", WEEK, 2025, 2026)
LONDON = published_calendar("GB-ENG", "Europe/London", {day: ["09:00-17:00"] for day in range(5)}, 2025, 2026)


@pytest.mark.parametrize(
    ("calendar", "end", "clock", "amount", "before"),
    [
        (CHINA, "2026-03-05T18:00+08:00", "business_days", "1d", "2026-03-04T18:00+08:00"),
        # Tuesday after Spring Festival; the Saturday before it was worked
        (CHINA, "2026-02-24T18:00+08:00", "business_days", "1d", "2026-02-14T18:00+08:00"),
        (CHINA, "2026-02-24T10:00+08:00", "business", "3h", "2026-02-14T16:00+08:00"),
        (CHINA, "2026-03-05T14:00+08:00", "business", "1h30m", "2026-03-05T11:30+08:00"),
        # a day that is over at midnight ends with its own date
        (CHINA, "2026-03-06T00:00+08:00", "calendar_days", "2d", "2026-03-04T00:00+08:00"),
        # over the begin of summer time: the wall clock keeps its hour, exact time does not
        (LONDON, "2026-03-30T00:00+01:00", "calendar_days", "1d", "2026-03-29T00:00+00:00"),
        (LONDON, "2026-03-30T00:00+01:00", "elapsed", "24h", "2026-03-28T23:00+00:00"),
        (LONDON, "2026-04-07T17:00+01:00", "business_days", "2d", "2026-04-01T17:00+01:00"),
    ],
)
def test_a_deadline_has_an_instant_before_it(
    calendar: Calendar, end: str, clock: str, amount: str, before: str
) -> None:
    budget = Budget.model_validate({"clock": clock, "amount": amount})
    found = instant_before(datetime.fromisoformat(end), budget, calendar)
    assert found == datetime.fromisoformat(before)


@pytest.mark.parametrize("days", range(1, 30))
def test_forth_and_back_by_working_days_ends_on_the_same_day(days: int) -> None:
    budget = Budget.model_validate({"clock": "business_days", "amount": f"{days}d"})
    close = datetime.fromisoformat("2026-02-10T18:00+08:00")
    assert instant_before(due(close, budget, CHINA), budget, CHINA) == close
