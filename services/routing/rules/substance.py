"""Answer, clarify, interests, position: what comes before an offer (`sources.md` 38, 55, 64, 66, 72)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.concerned import unit_without_interest
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import described
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import (
    Clarify,
    FinishTask,
    OpenTask,
    RaiseFeedback,
    RecordInterest,
    Respond,
    SetPosition,
)
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    Clarified,
    FeedbackRaised,
    InterestRecorded,
    PositionSet,
    Responded,
    TaskDone,
    TaskOpened,
)
from shared.contract.recorded import Notification, ours
from shared.contract.values import NOBODY


def respond(state: CaseState, request: ActorCommand[Respond], now: datetime) -> Decision | Refusal:
    """Give the substantive response, which the 24-hour rule demands; no other fact meets it."""
    command = request.command
    if command.promise_by and command.promise_by <= now:
        return refuse(refusals.PROMISE_IN_PAST)
    responded = Responded(kind=command.kind, promise_by=command.promise_by, text_ref=command.text)
    told = Notification(template="response", text_of=command.text)
    if command.promise_by:
        told.parts, told.instants = ["response_promise"], {"by_when": ours(command.promise_by)}
    return Decision([responded, told])


def clarify(state: CaseState, request: ActorCommand[Clarify], now: datetime) -> Decision:
    """Cause, side and liability, with evidence."""
    command = request.command
    cause, cause_ref = described(state, command.cause)
    return Decision(
        [
            Clarified(
                cause=cause,
                cause_ref=cause_ref,
                cause_side=command.cause_side,
                liability=command.liability,
                evidence_refs=command.evidence,
                text_ref=command.text,
            )
        ]
    )


def record_interest(state: CaseState, request: ActorCommand[RecordInterest], now: datetime) -> Decision:
    """Record an interest behind a demand; the complainant's own command makes it confirmed."""
    command = request.command
    return Decision(
        [
            InterestRecorded(
                party=command.party,
                interest=command.interest,
                confirmed=command.confirmed,
                text_ref=command.text,
            )
        ]
    )


def set_position(state: CaseState, request: ActorCommand[SetPosition], now: datetime) -> Decision:
    """Set the core position, a new version."""
    version = state.position + 1
    return Decision([PositionSet(version=version, text_ref=request.command.text)], {"version": version})


def raise_feedback(state: CaseState, request: ActorCommand[RaiseFeedback], now: datetime) -> Decision:
    """Raise one of the six triggers, to the recipients that the policy names (`sources.md` 95)."""
    roles = state.pinned.feedback.get(request.command.trigger, ["lead"])
    to = sorted({state.chain.at(role) for role in roles} - {NOBODY})
    fact = FeedbackRaised(trigger=request.command.trigger, to=to, text_ref=request.command.text)
    return Decision([fact], {"to": to})


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
