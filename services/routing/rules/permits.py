"""Who may do what: the accountable owner, a supervisor, any member of staff, or the complainant."""

from services.routing.rules.decision import Deed
from services.routing.rules.state import CaseState
from shared.contract.commands import Approve, Command
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
COMPLAINANT_OWNER_OR_SUPERVISOR = {"release"}
ANYBODY = {"complete_record"}
SUPERVISOR = {"approve", "correct_receipt", "migrate_policy"}


def permit(state: CaseState, verb: str, deed: Deed[Command]) -> Refusal | None:
    """Whether this actor may use this verb here (`sources.md` 67: one accountable leader)."""
    if verb in SUPERVISOR and not deed.by_supervisor and not _takes_back(state, deed):
        return refuse(
            ErrorCode.OVER_AUTHORITY,
            detail="a lead or manager decides",
            detail_zh="须由主管或经理决定",
            field="actor.id",
        )
    if not _may(state, verb, deed):
        return refuse(ErrorCode.NOT_OWNER, owner=state.owner, field="actor.id")
    return None


def _takes_back(state: CaseState, deed: Deed[Command]) -> bool:
    """Whether it denies what the actor asked for: whoever asks may take it back."""
    command = deed.command
    if not isinstance(command, Approve) or command.approved:
        return False
    asked = (one.request for one in state.approvals if one.request.request_id == command.request_id)
    return any(one.asked_by == deed.actor.id for one in asked)


def _may(state: CaseState, verb: str, deed: Deed[Command]) -> bool:
    owner = deed.actor.id == state.owner
    if deed.by_customer:
        return verb in COMPLAINANT_OR_OWNER | COMPLAINANT_OWNER_OR_SUPERVISOR | ANYBODY
    if verb in OWNER_ONLY | COMPLAINANT_OR_OWNER:
        return owner
    either = OWNER_OR_SUPERVISOR | COMPLAINANT_OWNER_OR_SUPERVISOR
    return verb not in either or owner or deed.by_supervisor
