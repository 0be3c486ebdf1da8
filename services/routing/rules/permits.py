"""Who may do what: the accountable owner, a supervisor, any member of staff, or the complainant."""

from services.routing.rules.decision import Deed
from services.routing.rules.state import CaseState
from shared.contract.commands import Command
from shared.contract.errors import ErrorCode, Refusal, refuse

OWNER_ONLY = {
    "respond",
    "clarify",
    "record_interest",
    "set_position",
    "prepare_options",
    "offer",
    "withdraw_offer",
    "complete_action",
}
OWNER_OR_SUPERVISOR = {
    "final_decision",
    "refer",
    "reclassify",
    "transfer",
    "change",
    "pause",
    "resume",
    "extend",
    "open_task",
}
COMPLAINANT_OR_OWNER = {"answer", "withdraw"}
SUPERVISOR = {"approve"}


def permit(state: CaseState, verb: str, deed: Deed[Command]) -> Refusal | None:
    """Whether this actor may use this verb here (`concepts.md` 67: one accountable leader)."""
    owner = deed.actor.id == state.owner
    if deed.by_customer:
        may = verb in COMPLAINANT_OR_OWNER
    elif verb in OWNER_ONLY or verb in COMPLAINANT_OR_OWNER:
        may = owner
    elif verb in OWNER_OR_SUPERVISOR:
        may = owner or deed.by_supervisor
    elif verb in SUPERVISOR:
        return (
            None
            if deed.by_supervisor
            else refuse(ErrorCode.OVER_AUTHORITY, detail="a lead or manager decides")
        )
    else:
        may = True
    return None if may else refuse(ErrorCode.NOT_OWNER, owner=state.owner, field="actor.id")
