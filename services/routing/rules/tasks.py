"""Tasks of departments: a part of the work with a deadline of its own (`sources.md` 63).

A department gets the complete record to read. What it reports as finished, the owner countersigns.
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.concerned import unit_without_interest
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import described
from services.routing.rules.permits import has_part
from services.routing.rules.state import CaseState, DepartmentTask
from shared.clocks.budget import due
from shared.contract.commands import Command, CountersignTask, FinishTask, OpenTask, ReportTask
from shared.contract.errors import Refusal, refuse
from shared.contract.events import TaskDone, TaskOpened, TaskReported, TaskSigned


def open_task(state: CaseState, request: ActorCommand[OpenTask], now: datetime) -> Decision | Refusal:
    """Open a department's task; the complaint's own deadlines go on.

    Where the order names no `due`, the policy does: every task has a clock with a ladder.
    """
    command = request.command
    if command.due and command.due <= now:
        return refuse(refusals.TASK_DUE_IN_PAST)
    if refusal := unit_without_interest(state, command.unit):
        return refusal
    unit, unit_ref = described(state, command.unit)
    opened = TaskOpened(
        task_id=f"task-{len(state.tasks) + 1}",
        unit=unit,
        unit_ref=unit_ref,
        due=command.due or due(now, state.pinned.limits.task, state.pinned.calendar),
        text_ref=command.text,
        reads=[*state.opening.received.text_refs.values(), command.text],
    )
    return Decision([opened], {"task_id": opened.task_id})


def report_task(state: CaseState, request: ActorCommand[ReportTask], now: datetime) -> Decision | Refusal:
    """Report the progress of a task, so that its silence ends."""
    task = _unfinished(state, request, request.command.task_id)
    if isinstance(task, Refusal):
        return task
    return Decision([TaskReported(task_id=task.task_id, text_ref=request.command.text)])


def finish_task(state: CaseState, request: ActorCommand[FinishTask], now: datetime) -> Decision | Refusal:
    """Finish a department's task. What the owner or a supervisor finishes needs no countersignature."""
    task = _unfinished(state, request, request.command.task_id)
    if isinstance(task, Refusal):
        return task
    own = request.actor.id == state.owner or request.by_supervisor
    until = None if own else due(now, state.pinned.limits.signature, state.pinned.calendar)
    return Decision([TaskDone(task_id=task.task_id, text_ref=request.command.text, sign_by=until)])


def countersign_task(
    state: CaseState, request: ActorCommand[CountersignTask], now: datetime
) -> Decision | Refusal:
    """Accept a finished task, or refuse it with a reason: then it is open again, with a new deadline."""
    command = request.command
    task = next((one for one in state.tasks if one.task_id == command.task_id), None)
    if task is None or task.done or not task.finished:
        return refuse(refusals.NOTHING_TO_SIGN)
    if command.accepted:
        return Decision([TaskSigned(task_id=task.task_id, accepted=True)])
    if command.reason is None:
        return refuse(refusals.REFUSAL_NEEDS_REASON)
    if command.due and command.due <= now:
        return refuse(refusals.TASK_DUE_IN_PAST)
    until = command.due or due(now, state.pinned.limits.task, state.pinned.calendar)
    refused = TaskSigned(task_id=task.task_id, accepted=False, due=until, reason_ref=command.reason)
    return Decision([refused], {"due": until})


def _unfinished(state: CaseState, request: ActorCommand[Command], name: str) -> DepartmentTask | Refusal:
    """Task of this id that is not finished; of another department it is refused to a department."""
    task = next((one for one in state.tasks if one.task_id == name), None)
    if task is None or task.done or task.finished:
        return refuse(refusals.NO_SUCH_TASK)
    if request.actor.role == "department" and not has_part(task, request):
        return refuse(refusals.OTHER_UNIT, id=name, owner=state.owner)
    return task
