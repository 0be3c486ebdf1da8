"""Concessions of a negotiation: how far each side moved from round to round (`sources.md` 77)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

PLACES = Decimal("0.01")


def per_round(points: Sequence[tuple[int, Decimal]]) -> Decimal | None:
    """Slope of the least-squares line through (round, amount): money per round, to two places.

    Sum of (r - mean r)(a - mean a) divided by the sum of (r - mean r) squared; None below two rounds.
    """
    count = len(points)
    if count < 2:
        return None
    mean_round = Decimal(sum(one for one, _ in points)) / count
    mean_amount = sum((amount for _, amount in points), Decimal()) / count
    spread = sum((one - mean_round) ** 2 for one, _ in points)
    moved = sum((one - mean_round) * (amount - mean_amount) for one, amount in points)
    return (moved / spread).quantize(PLACES, ROUND_HALF_EVEN) if spread else None
