"""The verifier's clocks and the engine's were written apart; whatever they are asked, they agree."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.console.audit.verifier import arithmetic
from shared.clocks import budget as engine
from shared.clocks.amounts import Budget
from tests.unit.clock_strategies import calendars, starts

BUDGETS = [
    ("elapsed", "24h"), ("elapsed", "7d"), ("elapsed", "90s"), ("business", "8h"), ("business", "1h30m"),
    ("business_days", "same day"), ("business_days", "3d"), ("calendar_days", "same day"),
    ("calendar_days", "3d"), ("calendar_days", "1w"),
]  # fmt: skip
waits = st.lists(st.tuples(st.integers(-600, 6000), st.integers(0, 3000)), max_size=3)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data(), of=st.sampled_from(BUDGETS), percent=st.integers(1, 99), minutes=waits)
def test_any_budget_runs_out_warns_and_reminds_at_the_same_instant(
    data: st.DataObject, of: tuple[str, str], percent: int, minutes: list[tuple[int, int]]
) -> None:
    start = data.draw(starts())
    calendar = data.draw(calendars(start))
    days = arithmetic.Days(json.loads(calendar.model_dump_json()))
    budget = Budget.model_validate({"clock": of[0], "amount": of[1]})
    plain = {"clock": of[0], "amount": of[1]}
    pauses = [(start + timedelta(minutes=a), start + timedelta(minutes=a + b)) for a, b in minutes]
    due = engine.due_with_pauses(start, budget, pauses, calendar)
    assert arithmetic.due(start, plain, days, pauses) == due
    warned = engine.fraction_between(budget.clock, start, due, percent, calendar, pauses)
    assert arithmetic.share(of[0], start, due, percent, days, pauses) == warned
    assert arithmetic.before(due, plain, days) == engine.instant_before(due, budget, calendar)
    unsure = engine.due_is_provisional(due, calendar, budget.clock, start)
    assert arithmetic.provisional(start, due, of[0], days) == unsure


@pytest.mark.parametrize(("amount", "hours"), [("8w", 8 * 168), ("1d12h", 36), ("90m", 1.5), ("36s", 0.01)])
def test_an_amount_is_read_unit_by_unit(amount: str, hours: float) -> None:
    assert arithmetic.length(amount) == timedelta(hours=hours)
