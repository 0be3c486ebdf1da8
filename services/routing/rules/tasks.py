"""Tasks of departments: a part of the work with a deadline of its own (`sources.md` 63)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.concerned import unit_without_interest
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import described
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import FinishTask, OpenTask
from shared.contract.errors import Refusal, refuse
from shared.contract.events import TaskDone, TaskOpened


def open_task(state: CaseState, request: ActorCommand[OpenTask], now: datetime) -> Decision | Refusal:
    """Open a department's task; the complaint's own deadlines go on (`sources.md` 63).

    Where the order names no `due`, the policy does: every task has a clock with a ladder.
    """
    command = request.command
    if command.due and command.due <= now:
        return refuse(refusals.TASK_DUE_IN_PAST)
    if refusal := unit_without_interest(state, command.unit):
        return refusal
    task_id = f"task-{len(state.tasks) + 1}"
    unit, unit_ref = described(state, command.unit)
    by_when = command.due or due(now, state.pinned.limits.task, state.pinned.calendar)
    fact = TaskOpened(task_id=task_id, unit=unit, unit_ref=unit_ref, due=by_when, text_ref=command.text)
    return Decision([fact], {"task_id": task_id})


def finish_task(state: CaseState, request: ActorCommand[FinishTask], now: datetime) -> Decision | Refusal:
    """Finish a department's task."""
    command = request.command
    if not any(task.task_id == command.task_id and not task.done for task in state.tasks):
        return refuse(refusals.NO_SUCH_TASK)
    return Decision([TaskDone(task_id=command.task_id, text_ref=command.text)])
