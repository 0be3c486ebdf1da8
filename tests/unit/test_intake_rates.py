"""How much a source may send: counted by the instants at which messages arrived."""

from datetime import UTC, datetime, timedelta

from services.intake.rates import Buckets, too_many
from shared.policy.models import SourceRate, SourceRates

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RULES = SourceRates(default=SourceRate(per_minute=3), sources={"big.example": SourceRate(per_minute=100)})


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_source_may_send_a_minutes_worth_at_once_and_learns_when_there_is_room_again() -> None:
    rates = Buckets(RULES)
    assert [rates.take("crm", NOON) for _ in range(3)] == [None, None, None]
    assert rates.take("crm", NOON) == after(20)
    assert rates.take("crm", after(19)) is not None
    assert rates.take("crm", after(20)) is None


def test_each_source_has_its_own_limit() -> None:
    rates = Buckets(RULES)
    assert all(rates.take("big.example", NOON) is None for _ in range(100))
    assert rates.take("big.example", NOON)
    assert all(rates.take(f"small-{number}", NOON) is None for number in range(50))


def test_the_backlog_of_an_outage_counts_against_no_sender() -> None:
    rates = Buckets(RULES)
    assert all(rates.take("crm", after(20 * number)) is None for number in range(1000))


def test_a_message_out_of_order_neither_fills_nor_empties_the_bucket() -> None:
    rates = Buckets(RULES)
    assert [rates.take("crm", after(seconds)) for seconds in (10, 0, 5)] == [None, None, None]
    assert rates.take("crm", NOON) == after(30)


def test_stored_submissions_do_not_count() -> None:
    rates = Buckets(RULES)
    for _ in range(100):
        assert rates.take("crm", NOON) is None
        rates.give_back("crm")


def test_ever_new_sources_fill_no_memory_and_displace_no_old_source() -> None:
    rates = Buckets(RULES, most_sources=10)
    for number in range(1000):
        rates.take(f"new-{number}", NOON)
        rates.take("old", after(20 * number))
    assert len(rates._buckets) == 10
    assert rates.take("new-999", NOON) is None


def test_the_refusal_names_the_limit_and_the_time_to_send_again_and_repeats_no_word_of_the_sender() -> None:
    refusal = too_many(3, NOON)
    assert "3 within a minute" in refusal.detail
    assert "2026-11-21T12:00:01Z" in refusal.detail
    assert "2026-11-21T12:00:01Z" in refusal.detail_zh
    assert (refusal.reason, refusal.field) == ("rate_limited", "source")
