"""Contradictions in a pack's amounts. Each threshold belongs to one currency."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from shared.contract.values.currencies import decimal_places
from shared.policy.models import Pack
from shared.policy.problems import Loc


def money_problems(pack: Pack) -> Iterator[tuple[Loc, str]]:
    """Authority in a currency in which no loss can be weighed, and amounts that no role can grant."""
    for currency, steps in pack.severity.loss_from.items():
        loc: Loc = ("severity", "loss_from", str(currency))
        if not steps:
            yield loc, "has no step; name an amount and its points, or leave the currency out"
        yield from _unpayable(loc, str(currency), steps)
    for role, limits in pack.authority.items():
        for currency, limit in limits.items():
            loc = ("authority", role, str(currency))
            yield from _unpayable(loc, str(currency), [limit])
            if currency not in pack.severity.loss_from:
                known = ", ".join(str(one) for one in pack.severity.loss_from) or "none"
                yield loc, f"has no steps in `severity.loss_from`, which knows {known}; add {currency} there"


def _unpayable(loc: Loc, currency: str, amounts: Iterable[Decimal]) -> Iterator[tuple[Loc, str]]:
    places = decimal_places(currency)
    for amount in amounts:
        if amount < 0 or amount != round(amount, places):
            yield loc, f"{amount} is no amount of {currency}, which has {places} decimal places and no sign"
