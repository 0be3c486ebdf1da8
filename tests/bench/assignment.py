"""Even load: Jain's index of 10,000 equal complaints over ten agents, and the time of one choice."""

import time

from tests.bench.figures import Count, Figure, Least
from tests.simulated_house import house, jain, simulate

COMPLAINTS = 10_000
FAIR = 0.95
MOST_MILLISECONDS = 5.0
LOADS = {"idle": 0.5, "busy": 6.0, "overloaded": 12.0}
"""Complaints that arrive in a step, in which ten agents complete ten at most."""


def measure() -> list[Figure]:
    """Play each load once, with the code that chooses owners."""
    figures: list[Figure] = []
    pack, began = house(10), time.process_time()
    for name, per_step in LOADS.items():
        given = simulate(pack, COMPLAINTS, per_step).given
        numbers = [given[one.id] for one in pack.staff if one.role == "agent"]
        figures.append(Least(f"even load of equal complaints, {name}", "Jain", jain(numbers), FAIR))
    spent = (time.process_time() - began) * 1000 / (COMPLAINTS * len(LOADS))
    return [*figures, Count("choice of an owner, with its simulation", "ms", spent, MOST_MILLISECONDS)]
