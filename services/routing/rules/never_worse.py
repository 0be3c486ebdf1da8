"""No later offer is worse than an earlier one, over the whole ledger of all cycles (`sources.md` 79).

Offers are compared by their value to the complainant (`worth`). So a new list, another remedy or another
currency is no way round. Withdrawn offers count, too. Where no value can be computed, a second person
decides. Going back needs a reason and a person above; offers before it are no measure any more.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from services.routing.rules.state import CaseState, Offer
from services.routing.rules.worth import value_of
from shared.contract.events import PreparedOption
from shared.contract.values import Money

Verdict = Literal["worse", "unknown", "fine"]


class Comparison(NamedTuple):
    """Earlier offer that an option is worse than, or else one that it cannot be compared with."""

    worse_than: str | None = None
    unknown_to: str | None = None


def compared(
    state: CaseState, option: PreparedOption, now: datetime, *, conditions: bool = False
) -> Comparison:
    """Comparison of an option with all earlier offers; `conditions`: it would have some."""
    found = [*_verdicts(state, option, now, conditions)]
    worse = next((name for name, verdict in found if verdict == "worse"), None)
    unknown = next((name for name, verdict in found if verdict == "unknown"), None)
    return Comparison(worse, None if worse else unknown)


def _verdicts(
    state: CaseState, option: PreparedOption, now: datetime, conditions: bool
) -> Iterator[tuple[str, Verdict]]:
    value = value_of(state, option.remedy, option.amount, now).worth
    for earlier in state.offers:
        if earlier.counts:
            verdict = _verdict(state, option, value, earlier, now)
            more = conditions and earlier.made.conditions_ref is None
            if more and verdict == "fine" and not _greater(value, value_then(state, earlier, now)):
                verdict = "unknown"
            yield earlier.made.offer_id, verdict


def _verdict(
    state: CaseState, option: PreparedOption, value: Money | None, earlier: Offer, now: datetime
) -> Verdict:
    made = earlier.made
    if (option.remedy, option.amount) == (made.remedy, made.amount):
        return "fine"
    if _listed_before(state, option, earlier):
        return "worse"
    then = value_then(state, earlier, now)
    order = value.compared(then) if value and then else None
    if order is None and option.remedy == made.remedy and option.amount and made.amount:
        order = option.amount.compared(made.amount)
    if order is None:
        return "fine" if _listed_after_then(state, option, earlier) else "unknown"
    return "worse" if order < 0 else "fine"


def value_then(state: CaseState, earlier: Offer, now: datetime) -> Money | None:
    """Value of an earlier offer: that of its fact, or the present one where the loss has grown since."""
    was, present = earlier.made.value, value_of(state, earlier.made.remedy, earlier.made.amount, now).worth
    return present if was is None or (present and _greater(present, was)) else was


def _greater(value: Money | None, other: Money | None) -> bool:
    return bool(value and other and value.compared(other) == 1)


def _listed_before(state: CaseState, option: PreparedOption, earlier: Offer) -> bool:
    """Whether the present list, best last, has this option before what was offered earlier."""
    terms = [(one.remedy, one.amount) for one in state.options]
    was, own = (earlier.made.remedy, earlier.made.amount), (option.remedy, option.amount)
    return was in terms and own in terms and terms.index(own) < terms.index(was)


def _listed_after_then(state: CaseState, option: PreparedOption, earlier: Offer) -> bool:
    """Whether the list from which the earlier offer came is still in force, and has this option after it."""
    if earlier.listed != state.lists:
        return False
    rank = next((i for i, one in enumerate(state.options) if one.option_id == option.option_id), -1)
    return rank > earlier.rank
