"""Even load and important customers: simulations with the code that chooses (`sources.md` F32, F34)."""

import pytest

from tests.simulated_house import every_fifth, house, jain, simulate

COMPLAINTS = 10_000


@pytest.mark.parametrize("per_step", [0.5, 6.0, 12.0], ids=["idle", "busy", "overloaded"])
def test_ten_thousand_equal_complaints_are_spread_evenly(per_step: float) -> None:
    """Also where each is done before the next one comes, so that all loads are always equal."""
    pack = house(10)
    found = simulate(pack, COMPLAINTS, per_step)
    numbers = [found.given[one.id] for one in pack.staff if one.role == "agent"]
    assert sum(numbers) == COMPLAINTS
    assert jain(numbers) >= 0.95


@pytest.mark.parametrize("per_step", [6.0, 12.0], ids=["busy", "overloaded"])
def test_a_fifth_of_marked_customers_costs_the_others_no_deadline(per_step: float) -> None:
    """The very complaints are breached that are without any mark; so it is for the marked ones."""
    marked, pack = every_fifth(2000), house(10, capacity=10)
    without, with_marks = simulate(pack, 2000, per_step), simulate(pack, 2000, per_step, marked=marked)
    assert with_marks.breached - marked == without.breached - marked
    assert bool(without.breached - marked) == (per_step > 10), "late where more comes than can be done"
