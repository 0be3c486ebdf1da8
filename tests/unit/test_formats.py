"""What complainants read is written for people, and names the instant that the clock enforces."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.values import Money
from shared.policy import formats
from shared.policy.obligation import Language
from tests.unit.cases import MONDAY, play

ODD = datetime(2026, 12, 7, 16, 30, 0, 39695, tzinfo=UTC)
"""An instant with microseconds, as it was told in the past."""


@pytest.mark.parametrize(
    ("zone", "language", "ours", "theirs"),
    [
        ("Asia/Shanghai", "zh", "2026年12月8日00:31（北京时间）", "2026年12月7日24:00（北京时间）"),
        (
            "Europe/London",
            "en",
            "7 December 2026, 16:31 (London time)",
            "7 December 2026, 16:30 (London time)",
        ),
        ("America/New_York", "en", "7 December 2026, 11:31 (New York time)", None),
        ("Europe/Vilnius", "zh", "2026年12月7日18:31（Vilnius时间）", None),
        ("UTC", "en", "7 December 2026, 16:31 (UTC)", None),
    ],
)
def test_an_instant_is_written_for_people(
    zone: str, language: Language, ours: str, theirs: str | None
) -> None:
    assert formats.ours(ODD, zone, language) == ours
    if theirs and zone == "Asia/Shanghai":
        assert formats.theirs(ODD.replace(hour=16, minute=0), zone, language) == theirs
    elif theirs:
        assert formats.theirs(ODD, zone, language) == theirs


def test_a_limit_at_midnight_is_the_end_of_the_day_before() -> None:
    midnight = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)
    assert formats.ours(midnight, "Asia/Shanghai", "en") == "the end of 28 November 2026 (Shanghai time)"
    assert formats.theirs(midnight, "Asia/Shanghai", "zh") == "2026年11月28日24:00（北京时间）"
    assert formats.past(midnight, "Asia/Shanghai", "zh") == "2026年11月29日00:00（北京时间）"


def test_an_hour_that_comes_twice_is_written_with_its_offset() -> None:
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert formats.theirs(twice, "Europe/London", "en") == "25 October 2026, 01:30 (London time, UTC+1)"
    later = formats.theirs(twice + timedelta(hours=1), "Europe/London", "zh")
    assert later == "2026年10月25日01:30（伦敦时间，UTC）"


def read(text: str) -> datetime:
    written = text.removesuffix(" (UTC)")
    return datetime.strptime(written + ":00" * (written.count(":") == 1), "%d %B %Y, %H:%M:%S").replace(
        tzinfo=UTC
    )


@given(st.integers(0, 10**14))
def test_rounding_never_hurts_the_complainant(microseconds: int) -> None:
    """What we promise is told no earlier than its clock; what they have to keep, no later."""
    at = MONDAY + timedelta(microseconds=microseconds)
    ours, theirs = formats.ours(at, "UTC", "en"), formats.theirs(at, "UTC", "en")
    if formats.END_OF not in ours:
        assert timedelta(0) <= read(ours) - at < timedelta(minutes=1)
    if formats.END_OF not in theirs:
        assert timedelta(0) <= at - read(theirs) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("money", "zh", "en"),
    [
        (("300", "CNY"), "人民币300元", "300 yuan"),
        (("1234.50", "CNY"), "人民币1,234.50元", "1,234.50 yuan"),
        (("10000", "JPY"), "10,000日元", "10,000 Japanese yen"),
        (("199.00", "GBP"), "199英镑", "199 pounds sterling"),
        (("5", "PLN"), "5 PLN", "5 PLN"),
    ],
)
def test_an_amount_has_its_currency_in_words(money: tuple[str, str], zh: str, en: str) -> None:
    one = Money(value=money[0], currency=money[1])
    assert (formats.amount(one, "zh"), formats.amount(one, "en")) == (zh, en)


PROMISES: list[tuple[str, str, dict[str, Any]]] = [
    ("respond", "ours", {"kind": "plan", "text": "t", "promise_by": MONDAY + timedelta(hours=3, seconds=7)}),
    ("pause", "theirs", {"reason": "r", "until": MONDAY + timedelta(days=1, seconds=7)}),
    ("extend", "ours", {"obligation": "resolution", "reason": "r", "until": MONDAY + timedelta(days=22)}),
    ("offer", "theirs", {"option_id": "some", "standards": ["after-sales-7"], "text": "t"}),
]


@pytest.mark.parametrize(("verb", "limit", "data"), PROMISES)
def test_every_instant_that_a_notice_names_has_a_clock_in_the_case(
    verb: str, limit: str, data: dict[str, Any]
) -> None:
    """One source: the rule hands the notice the very instant that `next_event` will fire at."""
    case = play().ready_to_offer() if verb == "offer" else play()
    case.owner(verb, **data)
    told = next(one.notification for one in reversed(case.recorded) if one.notification)
    assert told is not None
    (named,) = told.instants.values()
    assert named.limit == limit
    state = case.case.state
    clocks = {clock.due for clock in state.clocks if clock.status == "running"}
    clocks |= {offer.made.expires_at for offer in state.offers if offer.status == "open"}
    clocks |= {state.pause.until} if state.pause else set()
    assert named.at in clocks
