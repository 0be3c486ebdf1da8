"""Value of offers to the complainant, in one currency, by the worth that the policy gives to remedies.

Sources: `sources.md` 49, 79. Rates are the policy's, each with its day. What has no rate has no value, and
cannot be compared.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from services.routing.rules.state import CaseState
from shared.contract.events import AppliedRate
from shared.contract.values import Money
from shared.contract.values.currencies import decimal_places
from shared.policy.redress import Worth

MOST = Decimal(10) ** 13
USUAL = Worth()


class Value(NamedTuple):
    """Value of a remedy, None where it cannot be computed, and the rates that it rests on."""

    worth: Money | None
    rates: list[AppliedRate]


class Converted(NamedTuple):
    """Sum in the currency in which offers are compared; `rate` where it was in another."""

    sum: Decimal
    rate: AppliedRate | None


def value_of(state: CaseState, remedy: str, amount: Money | None, now: datetime) -> Value:
    """Value of this remedy with this amount to the complainant, by the policy and the recorded loss."""
    known = state.pinned.remedies.get(remedy)
    worth = (known.worth or (USUAL if known.money else None)) if known else None
    if worth is None:
        return Value(None, [])
    parts = [*_parts(state, worth, amount, today(state, now))]
    found = [one for one in parts if one is not None]
    if len(found) < len(parts):
        alone = amount and not (worth.fixed or worth.of_loss)  # comparable in its own currency only
        return Value(
            _money(worth.share * amount.amount, str(amount.currency)) if amount and alone else None, []
        )
    rates = {one.rate.currency: one.rate for one in found if one.rate}
    currency = (
        state.pinned.redress.currency if state.pinned.redress else str(amount.currency if amount else "")
    )
    return Value(_money(sum((one.sum for one in found), Decimal(0)), currency), [*rates.values()])


def _parts(state: CaseState, worth: Worth, amount: Money | None, day: date) -> Iterator[Converted | None]:
    if amount:
        whole = converted(state, amount, day)
        yield whole and whole._replace(sum=worth.share * whole.sum)
    loss = loss_of(state) if worth.of_loss else None
    lost = converted(state, loss, day) if loss else Converted(Decimal(0), None)
    yield lost and lost._replace(sum=max(worth.fixed, worth.of_loss * lost.sum))


def converted(state: CaseState, money: Money, day: date) -> Converted | None:
    """Amount in the currency of the policy's redress; None without a rate that holds on this day."""
    terms = state.pinned.redress
    if terms is None or str(money.currency) == terms.currency:
        return Converted(money.amount, None)
    rate = terms.rates.get(str(money.currency))
    if rate is None or not rate.holds(day):
        return None
    applied = AppliedRate(currency=str(money.currency), worth=str(rate.worth), published=rate.published)
    return Converted(money.amount * rate.worth, applied)


def loss_of(state: CaseState) -> Money | None:
    """Loss of the complainant, as far as it is recorded."""
    return state.told_loss or state.opening.received.loss


def today(state: CaseState, now: datetime) -> date:
    """Day of the organisation."""
    return now.astimezone(ZoneInfo(state.pinned.calendar.zone)).date()


def outside_band(state: CaseState, value: Money | None, now: datetime) -> Literal["above", "below"] | None:
    """Whether this value lies outside the policy's band for the severity and the loss."""
    limits = band_of(state, now)
    if limits is None or value is None:
        return None
    least, most = limits
    over, under = value.compared(most), value.compared(least)
    return "above" if over == 1 else "below" if under == -1 else None


def band_of(state: CaseState, now: datetime) -> tuple[Money, Money] | None:
    """Least and most proportionate value now; none while the loss is unknown, or has no rate."""
    terms, loss = state.pinned.redress, loss_of(state)
    lost = converted(state, loss, today(state, now)) if loss else None
    band = terms.band(state.triage.severity, lost.sum) if terms and lost else None
    if terms is None or lost is None or band is None:
        return None
    least = _money(band.least + band.least_of_loss * lost.sum, terms.currency)
    most = _money(band.most + band.most_of_loss * lost.sum, terms.currency)
    return (least, most) if least and most else None


def _money(total: Decimal, currency: str) -> Money | None:
    """Amount that can be paid, rounded down; None for no currency, or more than an amount can hold."""
    if not currency or total >= MOST:
        return None
    places = Decimal(1).scaleb(-decimal_places(currency))
    return Money.model_validate({"value": f"{total.quantize(places, ROUND_DOWN):f}", "currency": currency})
