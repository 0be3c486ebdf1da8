"""Losses that several messages report: of each currency the largest counts. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.contract.values import Money


def largest(losses: Iterable[Money | None]) -> list[Money]:
    """Largest loss in each currency, in the order in which the currencies were first named."""
    most: dict[str, Money] = {}
    for loss in losses:
        if loss and (loss.currency not in most or loss.compared(most[loss.currency]) == 1):
            most[loss.currency] = loss
    return list(most.values())


def losses_in(data: Mapping[str, Any]) -> list[Money]:
    """Losses that a fact reports: its `loss`, and its `losses` in other currencies."""
    told = [data.get("loss"), *(data.get("losses") or ())]
    return [Money.model_validate(loss) for loss in told if loss]


def as_fields(losses: list[Money]) -> dict[str, Any]:
    """Losses as the two fields in which facts report them."""
    return {"loss": losses[0] if losses else None, "losses": losses[1:] or None}
