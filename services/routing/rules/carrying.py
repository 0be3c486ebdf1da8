"""What a duplicate leaves to its survivor: open actions, tasks and offers live on there (`peers.md` 20)."""

from collections.abc import Sequence

from services.routing.rules.state import CaseState
from shared.contract.events import CarriedOver


def carried(state: CaseState, left: CarriedOver) -> CarriedOver:
    """What was left, under free ids of this complaint; `was` keeps the id that each had in the duplicate."""
    there = sum(clock.kind == "action" for clock in state.clocks)
    actions = _names("action", there, [one.action_id for one in left.actions])
    tasks = _names("task", len(state.tasks), [one.task_id for one in left.tasks])
    offers = _names("offer", len(state.offers), [one.offer_id for one in left.offers])
    return CarriedOver(
        duplicate=left.duplicate,
        was={new: old for old, new in (actions | tasks | offers).items()},
        agreed=left.agreed,
        actions=[one.model_copy(update={"action_id": actions[one.action_id]}) for one in left.actions],
        tasks=[one.model_copy(update={"task_id": tasks[one.task_id]}) for one in left.tasks],
        offers=[
            one.model_copy(update={"offer_id": offers[one.offer_id], "round": len(state.offers) + number})
            for number, one in enumerate(left.offers, start=1)
        ],
    )


def _names(kind: str, there: int, left: Sequence[str]) -> dict[str, str]:
    """The next free ids of a kind, by the ids in the duplicate."""
    return {old: f"{kind}-{there + number}" for number, old in enumerate(left, start=1)}
