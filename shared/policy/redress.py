"""Redress in a pack: the worth of remedies, rates between currencies, and bands of proportionate amounts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.contract.values.numbers import is_currency
from shared.policy.obligation import PackModel, Severity
from shared.policy.problems import Loc


def _known_currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError(f"{code!r} is no currency; allowed are codes of ISO 4217 such as CNY: {{CNY: ...}}")
    return code


CurrencyCode = Annotated[str, AfterValidator(_known_currency)]
"""Currency of the amounts under it. A threshold holds in no other currency."""

Share = Annotated[Decimal, Field(ge=0, le=1000)]
Sum = Annotated[Decimal, Field(ge=0, lt=10**12)]


class Worth(PackModel):
    """Worth of a remedy to the complainant, by which offers are compared (`sources.md` 79).

    `share` of the amount that is offered, and besides the greater of two: the `fixed` sum, in the currency
    of `redress`, and the share `of_loss` of the recorded loss.
    """

    share: Share = Decimal(1)
    fixed: Sum = Decimal(0)
    of_loss: Share = Decimal(0)


class ExchangeRate(PackModel):
    """Worth of one unit of a currency in the currency of `redress`, as `published` on a day; last used on
    `until`.
    """

    worth: Annotated[Decimal, Field(gt=0, lt=10**9)]
    published: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it may be used on this day."""
        return self.published <= day and (self.until is None or day <= self.until)


class Band(PackModel):
    """Proportionate redress from this severity and loss on (`sources.md` 79); the narrowest band holds.

    Each limit is a sum and a share of the recorded loss together.
    """

    from_severity: Severity = 1
    loss_from: Sum = Decimal(0)
    least: Sum = Decimal(0)
    least_of_loss: Share = Decimal(0)
    most: Sum
    most_of_loss: Share = Decimal(0)


class Redress(PackModel):
    """Terms by which offers are compared and held against the loss. All sums are in `currency`."""

    currency: CurrencyCode
    rates: dict[CurrencyCode, ExchangeRate] = Field(default_factory=dict)
    """Rates by currency. Amounts without one are not compared with others: a second person decides."""
    bands: list[Band] = Field(default_factory=list)

    def band(self, severity: int, loss: Decimal) -> Band | None:
        """Narrowest band for this severity and loss."""
        own = [one for one in self.bands if one.from_severity <= severity and one.loss_from <= loss]
        return max(own, key=lambda one: (one.from_severity, one.loss_from), default=None)


def redress_problems(redress: Redress | None) -> Iterator[tuple[Loc, str]]:
    """Contradictions in the terms of redress."""
    if redress is None:
        return
    for currency, rate in redress.rates.items():
        loc: Loc = ("redress", "rates", str(currency))
        if currency == redress.currency:
            yield loc, "is the currency of `redress` itself, which needs no rate"
        if rate.until and rate.until < rate.published:
            yield (*loc, "until"), f"lies before `published`, {rate.published}"
    for number, band in enumerate(redress.bands):
        if band.least > band.most or band.least_of_loss > band.most_of_loss:
            yield ("redress", "bands", number, "least"), "must not be more than `most`"
