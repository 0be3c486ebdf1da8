"""Alternatives: at least two that really differ, each of which answers an interest (`sources.md` 72, 74)."""

from collections.abc import Sequence

from services.routing import refusals
from services.routing.rules.motives import known_motives
from services.routing.rules.state import CaseState
from shared.contract.commands import Option
from shared.contract.errors import Refusal, refuse
from shared.contract.values import MOTIVES, Interest


def not_different(options: Sequence[Option]) -> Refusal | None:
    """Refuse two alternatives with the same remedy and the same amount: they are one."""
    seen: dict[tuple[object, ...], str] = {}
    for number, one in enumerate(options):
        amount = (one.amount.amount, str(one.amount.currency)) if one.amount else None
        other = seen.setdefault((one.remedy, amount), one.option_id)
        if other != one.option_id:
            return refuse(refusals.SAME_OPTION, field=f"data.options.{number}", other=other)
    return None


def answers_no_interest(state: CaseState, option: Option, field: str, why: str | None) -> Refusal | None:
    """Refuse an alternative that answers no interest, unless the owner gives the reason for all of them."""
    known, serves = known_interests(state), {*state.pinned.remedies[option.remedy].serves}
    if option.interests is None:
        if serves & known or not known or why:
            return None
        return refuse(refusals.ANSWERS_NO_INTEREST, field=field, known=_listed(known))
    wrong = [one for one in option.interests if one not in known & serves]
    if wrong or not option.interests:
        field = f"{field}.interests"
        return refuse(refusals.INTEREST_NOT_ANSWERED, field=field, possible=_listed(known & serves))
    return None


def answered(state: CaseState, option: Option) -> list[Interest]:
    """Interests that an alternative answers: those that it names, else those that its remedy serves."""
    if option.interests is not None:
        return list(dict.fromkeys(option.interests))
    known = known_interests(state)
    return [one for one in state.pinned.remedies[option.remedy].serves if one in known]


def known_interests(state: CaseState) -> set[Interest]:
    """Interests that are recorded, and those behind the known motives, the loss and what was sought."""
    motives = {one.motive for one in known_motives(state)}
    wish = state.told_remedy or state.opening.received.remedy_sought
    loss = state.told_loss or state.opening.received.loss
    sought = state.pinned.remedies.get(wish or "")
    return {
        *(one.interest for one in state.interests),
        *(one for one in Interest if motives & {*MOTIVES[one]}),
        *(one for one in (sought.serves if sought else ()) if one is not Interest.OTHER),
        *([Interest.MONEY] if loss else []),
    }


def _listed(known: set[Interest]) -> object:
    return ", ".join(one for one in Interest if one in known) or refusals.NONE
