"""Permits: whether an actor is one of those whom a verb names. Whom no verb names may do nothing."""

from collections.abc import Callable, Collection

from services.routing import refusals
from services.routing.rules.decision import ActorCommand
from services.routing.rules.state import CaseState, DepartmentTask
from shared.contract.commands import Approve, Command
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.values.problems import Words
from shared.contract.who import NAMED, Who

AUTHORITY = frozenset({Who.SUPERVISOR, Who.REQUESTER})
"""Verbs that name only these are refused for lack of authority, any other because of the owner."""


def permit(state: CaseState, may: Collection[Who], request: ActorCommand[Command]) -> Refusal | None:
    """Refuse an actor whom the verb does not name (`sources.md` 67: one accountable leader)."""
    if any(_IS[who](state, request) for who in may):
        return None
    if may and AUTHORITY.issuperset(may):
        return refuse(refusals.LEADS_DECIDE)
    if Who.STAFF in may or Who.DEPARTMENT in may:
        who = Words.listed(NAMED[one] for one in Who if one in may)
        return refuse(refusals.FOR_OTHERS, who=who)
    return refuse(ErrorCode.NOT_OWNER, owner=state.owner, field="actor.id")


def _asked_for_it(state: CaseState, request: ActorCommand[Command]) -> bool:
    """Whether the actor denies a request of their own: who asks may take it back."""
    command = request.command
    if not isinstance(command, Approve) or command.approved:
        return False
    asked = (one.request for one in state.approvals if one.request.request_id == command.request_id)
    return any(state.present_id(one.asked_by) == request.actor.id for one in asked)


def has_part(task: DepartmentTask, request: ActorCommand[Command]) -> bool:
    """Whether this open task is that of the actor's department."""
    return not task.done and request.actor.role == "department" and task.unit in request.units


_IS: dict[Who, Callable[[CaseState, ActorCommand[Command]], bool]] = {
    Who.COMPLAINANT: lambda _, request: request.by_customer,
    Who.OWNER: lambda state, request: request.actor.id == state.owner,
    Who.SUPERVISOR: lambda _, request: request.by_supervisor,
    Who.STAFF: lambda _, request: not request.by_customer and request.actor.role != "department",
    Who.DEPARTMENT: lambda state, request: any(has_part(task, request) for task in state.tasks),
    Who.REQUESTER: _asked_for_it,
    Who.MEDIATOR: lambda state, request: bool(
        state.mediation and request.actor.id == state.mediation.mediator
    ),
}
"""Conditions by which a case recognises each kind of actor."""
