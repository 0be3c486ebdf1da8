"""Gates: what must be so before a verb is possible at all. `verbs` names those of each verb."""

from collections.abc import Callable

from services.routing.rules.completeness import known_enough
from services.routing.rules.exits import open_items, still_open
from services.routing.rules.people import above
from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.values import Party, Stage

Gate = Callable[[CaseState], Refusal | None]

OVER = (Stage.FOLLOWING_UP, Stage.CLOSED)


def being_handled(state: CaseState) -> Refusal | None:
    """Nothing is decided on a complaint that is resolved, withdrawn, referred or closed."""
    if state.stage in OVER:
        detail = f"the complaint is in stage {state.stage}"
        return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=detail, detail_zh=f"投诉处于 {state.stage} 阶段")
    return None


def not_agreed_yet(state: CaseState) -> Refusal | None:
    """What was agreed is carried out, not negotiated again."""
    if state.stage == Stage.IMPLEMENTING:
        return refuse(
            ErrorCode.NOT_ALLOWED_NOW,
            detail="an agreement stands and is being carried out",
            detail_zh="协议正在执行",
        )
    return being_handled(state)


def responded_first(state: CaseState) -> Refusal | None:
    """First the feelings, then the matter (`sources.md` 43): no offer before a substantive response."""
    return None if state.responded else refuse(ErrorCode.NEEDS_RESPONSE_FIRST)


def interest_known(state: CaseState) -> Refusal | None:
    """No round without a confirmed interest of the complainant (`sources.md` 72)."""
    confirmed = any(i.party == Party.CUSTOMER and i.confirmed for i in state.interests)
    return None if confirmed else refuse(ErrorCode.NEEDS_INTEREST)


def options_ready(state: CaseState) -> Refusal | None:
    """Two alternatives are prepared before the first offer (`sources.md` 74)."""
    return None if len(state.options) >= 2 else refuse(ErrorCode.NEEDS_OPTIONS)


def no_open_offer(state: CaseState) -> Refusal | None:
    """One offer at a time: an open one is answered or withdrawn first."""
    offer = state.open_offer
    if offer is None:
        return None
    return refuse(
        ErrorCode.NOT_ALLOWED_NOW,
        detail=f"{offer.made.offer_id} is open and not answered",
        detail_zh=f"方案 {offer.made.offer_id} 尚待答复",
    )


def no_open_request(state: CaseState) -> Refusal | None:
    """An offer that waits for approval is decided before another is made."""
    waiting = [a for a in state.approvals if a.status == "open" and a.request.what == "offer"]
    if not waiting:
        return None
    detail = f"{waiting[0].request.request_id} waits for approval"
    return refuse(
        ErrorCode.NOT_ALLOWED_NOW, detail=detail, detail_zh=f"{waiting[0].request.request_id} 正在等待审批"
    )


def offer_open(state: CaseState) -> Refusal | None:
    return (
        None
        if state.open_offer
        else refuse(ErrorCode.OFFER_NOT_OPEN, detail="no offer is open", detail_zh="没有待答复的方案")
    )


def actions_open(state: CaseState) -> Refusal | None:
    if not state.actions:
        return refuse(
            ErrorCode.NOT_ALLOWED_NOW,
            detail="nothing is agreed that could be carried out",
            detail_zh="没有可执行的协议",
        )
    return None


def approval_open(state: CaseState) -> Refusal | None:
    if any(approval.status == "open" for approval in state.approvals):
        return None
    return refuse(ErrorCode.NOT_ALLOWED_NOW, detail="no approval is asked for", detail_zh="没有待审批的请求")


def somebody_above(state: CaseState) -> Refusal | None:
    """Who is accountable at the top can pass it on, not up."""
    if above(state):
        return None
    return refuse(
        ErrorCode.NOT_ALLOWED_NOW,
        detail=f"nobody stands above {state.owner}",
        detail_zh=f"{state.owner} 之上没有更高级别的人员",
    )


def nothing_open(state: CaseState) -> Refusal | None:
    """The exit gate: nothing is dropped by leaving."""
    return still_open(state)


def something_open(state: CaseState) -> Refusal | None:
    if open_items(state):
        return None
    detail = "nothing is open that could be released"
    return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=detail, detail_zh="没有可免除的未了事项")


def transfer_open(state: CaseState) -> Refusal | None:
    return (
        None
        if state.transfer
        else refuse(ErrorCode.NOT_ALLOWED_NOW, detail="no transfer is proposed", detail_zh="没有待接受的转派")
    )


def no_transfer(state: CaseState) -> Refusal | None:
    if state.transfer is None:
        return None
    return refuse(
        ErrorCode.NOT_ALLOWED_NOW,
        detail=f"a transfer to {state.transfer.to} is proposed already",
        detail_zh=f"已提出转派给 {state.transfer.to}",
    )


def not_paused(state: CaseState) -> Refusal | None:
    return (
        refuse(ErrorCode.NOT_ALLOWED_NOW, detail="it is paused already", detail_zh="已处于暂停状态")
        if state.pause
        else None
    )


def paused(state: CaseState) -> Refusal | None:
    return (
        None
        if state.pause
        else refuse(ErrorCode.NOT_ALLOWED_NOW, detail="it is not paused", detail_zh="未处于暂停状态")
    )


def task_open(state: CaseState) -> Refusal | None:
    if any(not task.done for task in state.tasks):
        return None
    return refuse(ErrorCode.NOT_ALLOWED_NOW, detail="no task is open", detail_zh="没有未完成的任务")


def not_closed(state: CaseState) -> Refusal | None:
    """More may be told until the complaint is closed, also while it is followed up."""
    if state.stage != Stage.CLOSED:
        return None
    detail = f"the complaint is in stage {state.stage}"
    return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=detail, detail_zh=f"投诉处于 {state.stage} 阶段")


def record_complete(verb: str) -> Gate:
    """The record is as complete as the policy wants it for this step (`sources.md` 53, 57)."""

    def gate(state: CaseState) -> Refusal | None:
        return known_enough(state, verb)

    gate.__doc__ = record_complete.__doc__
    return gate
