"""Precedents: what comparable closed complaints got, as figures of at least five (`sources.md` 73). Pure."""

from collections.abc import Iterable
from decimal import Decimal

from services.routing.rules.state import CaseState
from shared.contract.queries import PrecedentMarks
from shared.contract.values import Money, Outcome

COUNTED = (Outcome.SATISFIED, Outcome.DISSATISFIED, Outcome.UNREACHABLE, Outcome.DECIDED)
"""Ends after which a complaint is a precedent. What was withdrawn, referred or merged got nothing from us."""


def comparable(state: CaseState) -> PrecedentMarks | None:
    """Marks by which a complaint is compared with others; None before the side of its cause is known.

    Without a loss the currency is that of what was accepted or prepared.
    """
    side = state.cause_side or state.triage.cause_side
    loss = state.told_loss or state.opening.received.loss
    currency = loss.currency if loss else _currency(state)
    if side is None or currency is None:
        return None
    return PrecedentMarks(
        category=state.triage.category,
        cause_side=side,
        severity=state.triage.severity,
        loss_from=_band(state, loss) if loss else None,
        currency=str(currency),
    )


def _currency(state: CaseState) -> str | None:
    accepted = [one.made.amount for one in state.offers if one.status == "accepted"]
    amounts: Iterable[Money | None] = [*accepted, *(one.amount for one in state.options)]
    return next((str(one.currency) for one in amounts if one), None)


def _band(state: CaseState, loss: Money) -> str:
    """Lower end of the band of a loss, by the steps of the severity table in this currency."""
    table = state.pinned.severity
    steps = {str(code): own for code, own in table.loss_from.items()} if table else {}
    reached = [step for step in steps.get(str(loss.currency), {}) if step <= Decimal(loss.value)]
    return str(max(reached, default=Decimal(0)))


def got(state: CaseState, currency: str) -> Decimal:
    """Sum in this currency of what the complainant accepted, through all cycles."""
    accepted = [one.made.amount for one in state.offers if one.status == "accepted"]
    return sum((Decimal(one.value) for one in accepted if one and str(one.currency) == currency), Decimal(0))
