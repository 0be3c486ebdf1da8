"""Carries open items and all asked questions of a duplicate over to its survivor (`sources.md` P20)."""

from collections.abc import Mapping, Sequence

from services.routing.rules.gates import OVER
from services.routing.rules.state import CaseState
from shared.contract.events import CarriedOver
from shared.policy.models import Remedy


def takes_over(state: CaseState, left: CarriedOver) -> bool:
    """Whether the items of this duplicate are new here; its ended offers and questions alone count only
    in open talks, or go on to the survivor of its survivor."""
    open_ones = left.actions or left.tasks or left.offers
    goes_on = state.stage not in OVER or state.merged_into
    return left.duplicate not in state.carried_from and bool(open_ones or goes_on)


def carried(state: CaseState, left: CarriedOver) -> CarriedOver:
    """Open items under free ids of this complaint; `was` keeps the id that each had in the duplicate."""
    there = sum(clock.kind == "action" for clock in state.clocks)
    actions = _names("action", there, [one.action_id for one in left.actions])
    tasks = _names("task", len(state.tasks), [one.task_id for one in left.tasks])
    both = [*left.before, *left.offers]
    offers = _names("offer", len(state.offers), [one.offer_id for one in both])
    renamed = [
        one.model_copy(update={"offer_id": offers[one.offer_id], "round": len(state.offers) + number})
        for number, one in enumerate(both, start=1)
    ]
    questions = _names("question", len(state.questions), [one.question_id for one in left.questions])
    return CarriedOver(
        duplicate=left.duplicate,
        was={new: old for old, new in (actions | tasks | offers | questions).items()},
        agreed=left.agreed,
        actions=[one.model_copy(update={"action_id": actions[one.action_id]}) for one in left.actions],
        tasks=[one.model_copy(update={"task_id": tasks[one.task_id]}) for one in left.tasks],
        before=renamed[: len(left.before)],
        offers=renamed[len(left.before) :],
        questions=[
            one.model_copy(update={"question_id": questions[one.question_id]}) for one in left.questions
        ],
    )


def places_of(remedies: Mapping[str, Remedy], left: CarriedOver, first: int) -> list[int]:
    """Place of the agreement that each of the actions carries out; `first` is the place of the first
    agreement.

    It is the first agreement whose remedy takes such an action and has not got it yet; under other rules,
    the last.
    """
    wanted = [
        [action.what for action in remedies[terms.remedy].actions] if terms.remedy in remedies else []
        for terms in left.agreed
    ]
    places = []
    for action in left.actions:
        last = max(len(wanted) - 1, 0)
        place = next((one for one, names in enumerate(wanted) if action.what in names), last)
        if wanted and action.what in wanted[place]:
            wanted[place].remove(action.what)
        places.append(first + place)
    return places


def _names(kind: str, there: int, left: Sequence[str]) -> dict[str, str]:
    """Next free ids of a kind, by the ids in the duplicate."""
    return {old: f"{kind}-{there + number}" for number, old in enumerate(left, start=1)}
