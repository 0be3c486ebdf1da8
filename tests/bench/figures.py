"""Figures of a bench: several runs, of which the median counts, beside the bare libraries."""

from dataclasses import dataclass, field
from statistics import median


@dataclass
class Comparison:
    """Something that we do, in runs that alternate with the bare libraries. `aim` is the least good ratio."""

    name: str
    unit: str
    aim: float
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def forget(self) -> None:
        """Runs that were only to warm up."""
        self.ours.clear()
        self.bare.clear()

    @property
    def ratio(self) -> float:
        """Our median by that of the bare libraries."""
        return median(self.ours) / median(self.bare)

    @property
    def reached(self) -> bool:
        return self.ratio >= self.aim


@dataclass(frozen=True)
class Count:
    """Something that is counted, with the most that it should be."""

    name: str
    unit: str
    ours: float
    most: float
    bare: float | None = None

    @property
    def reached(self) -> bool:
        return self.ours <= self.most


@dataclass(frozen=True)
class Least:
    """Index that should be at least so high."""

    name: str
    unit: str
    ours: float
    least: float

    @property
    def reached(self) -> bool:
        return self.ours >= self.least


@dataclass(frozen=True)
class Change:
    """Cost early and late. `most` is the limit of late divided by early."""

    name: str
    unit: str
    early: float
    late: float
    most: float

    @property
    def ratio(self) -> float:
        return self.late / self.early

    @property
    def reached(self) -> bool:
        return self.ratio <= self.most


Figure = Comparison | Count | Least | Change


def quantile(values: list[float], share: float) -> float:
    """Value that a share of all values does not exceed, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
