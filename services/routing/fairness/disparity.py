"""Disparity between groups of complaints, with intervals (`sources.md` 82). Pure.

A group is compared with all others by the difference of their means, after the mean of its class (such as
category and severity) was taken from each value. The interval is that of Welch, at a level that all groups
share (Bonferroni). The group that differs most is found first, and left out before the others are judged,
so that one biased owner makes no other look biased. Groups below 5 are left out altogether.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean, variance
from typing import NamedTuple

LEAST = 5
"""Fewest complaints of a group: fewer could identify a person."""
LEVEL = 0.95
LEAST_DIFFERENCE = 0.05
"""Smallest difference that counts, on the scale of 0 to 1."""


class Observed(NamedTuple):
    """Value of one complaint, with its group and its class."""

    group: str
    kind: str
    value: float


class Compared(NamedTuple):
    """Group against the others: mean difference with its interval, and whether it was found to differ."""

    group: str
    complaints: int
    mean: float
    difference: float
    low: float
    high: float
    found: bool


def compared(values: Sequence[Observed]) -> list[Compared]:
    """Every group of at least 5 complaints, by its name; one group alone has nothing to be compared with."""
    groups = _groups(values)
    if len(groups) < 2:
        return []
    adjusted, raw = _adjusted(values, set(groups)), groups
    chance = (1 - LEVEL) / len(groups)
    judged: dict[str, Compared] = {}
    left = dict(adjusted)
    while len(left) > 1:
        rows = [_row(name, left, raw, chance) for name in left]
        worst = max(rows, key=lambda one: (one.found, _weight(one), one.group))
        if not worst.found:
            judged |= {one.group: one for one in rows}
            break
        judged[worst.group] = worst
        del left[worst.group]
    for name in left.keys() - judged.keys():
        judged[name] = _row(name, adjusted, raw, chance)._replace(found=False)
    return [judged[name] for name in sorted(judged)]


def quantile(chance: float, freedom: float) -> float:
    """Two-sided quantile of Student's t (Abramowitz and Stegun 26.7.5), for 3 degrees of freedom or more."""
    z = NormalDist().inv_cdf(1 - chance / 2)
    n = max(freedom, 3.0)
    first = (z**3 + z) / (4 * n)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    return z + first + second + third


def _groups(values: Sequence[Observed]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for one in values:
        found[one.group].append(one.value)
    return {name: own for name, own in found.items() if len(own) >= LEAST}


def _adjusted(values: Sequence[Observed], groups: set[str]) -> dict[str, list[float]]:
    """Values without the mean of their class, by group."""
    kept = [one for one in values if one.group in groups]
    classes: dict[str, list[float]] = defaultdict(list)
    for one in kept:
        classes[one.kind].append(one.value)
    means = {kind: fmean(own) for kind, own in classes.items()}
    found: dict[str, list[float]] = defaultdict(list)
    for one in kept:
        found[one.group].append(one.value - means[one.kind])
    return dict(found)


def _row(name: str, groups: dict[str, list[float]], raw: dict[str, list[float]], chance: float) -> Compared:
    own = groups[name]
    others = [value for other, values in groups.items() if other != name for value in values]
    difference = fmean(own) - fmean(others)
    spread, freedom = _welch(own, others)
    half = quantile(chance, freedom) * spread
    low, high = difference - half, difference + half
    found = (low > 0 or high < 0) and abs(difference) >= LEAST_DIFFERENCE
    mean, shown, below, above = (round(one, 4) for one in (fmean(raw[name]), difference, low, high))
    return Compared(name, len(own), mean, shown, below, above, found)


def _welch(own: list[float], others: list[float]) -> tuple[float, float]:
    """Standard error of the difference, and its degrees of freedom (Welch and Satterthwaite)."""
    a, b = variance(own) / len(own), variance(others) / len(others)
    if a + b == 0:
        return 0.0, float(len(own) + len(others) - 2)
    freedom = (a + b) ** 2 / (a**2 / (len(own) - 1) + b**2 / (len(others) - 1))
    return sqrt(a + b), freedom


def _weight(one: Compared) -> float:
    """Distance of the interval from no difference."""
    return max(one.low, -one.high)
