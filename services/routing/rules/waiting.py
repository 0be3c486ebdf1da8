"""Waiting for the complainant, and asking for more time (`concepts.md` 61; `peers.md` 28)."""

from datetime import datetime, timedelta

from services.routing.rules.clockwork import resumption
from services.routing.rules.decision import Decision, Deed
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import Extend, Pause, Resume
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ApprovalRequested, DeadlineExtended, Fact, Paused
from shared.contract.recorded import Notification

LONGEST_EXTENSION = timedelta(days=366)


def pause(state: CaseState, deed: Deed[Pause], now: datetime) -> Decision | Refusal:
    """Stop the clocks that may stop; the wait has a longest length and ends by itself."""
    latest = due(now, state.pinned.limits.longest_pause, state.pinned.calendar)
    until = deed.command.until or latest
    if not now < until <= latest:
        detail = f"data.until: must lie ahead, and not after {latest.isoformat()}"
        return refuse(
            ErrorCode.MALFORMED,
            detail=detail,
            detail_zh=f"data.until：必须晚于当前时间，且不晚于 {latest.isoformat()}",
            field="data.until",
        )
    stopped = [clock.name for clock in state.clocks if clock.pausable and clock.status == "running"]
    return Decision([Paused(until=until, obligations=stopped, reason_ref=deed.command.reason)])


def resume(state: CaseState, deed: Deed[Resume], now: datetime) -> Decision:
    """Go on."""
    return Decision(list(resumption(state, "command", now)))


def extend(state: CaseState, deed: Deed[Extend], now: datetime) -> Decision | Refusal:
    """More time, with a reason, before it runs out; a second time needs approval."""
    command = deed.command
    clock = state.clock(command.obligation)
    facts = extension(state, command.obligation, command.until, now, command.reason)
    if isinstance(facts, Refusal):
        return facts
    if clock and clock.extensions and not deed.by_supervisor:
        request = ApprovalRequested(
            request_id=f"approval-{len(state.approvals) + 1}",
            what="extension",
            asked_by=deed.actor.id,
            to=state.pinned.chain.lead,
            obligation=command.obligation,
            until=command.until,
            text_ref=command.reason,
        )
        return Decision([request], {"request_id": request.request_id})
    return Decision(facts)


def extension(
    state: CaseState, obligation: str, until: datetime, now: datetime, reason_ref: str | None
) -> list[Fact | Notification] | Refusal:
    """The facts of an extension, or why it cannot be."""
    clock = state.clock(obligation)
    if clock is None or not clock.extendable:
        names = ", ".join(c.name for c in state.clocks if c.extendable and c.status == "running")
        detail = f"it cannot be extended; those that can are: {names or 'none'}"
        return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=detail, field="data.obligation")
    if clock.status == "breached":
        detail = f"{clock.name} ran out at {clock.due.isoformat()}"
        return refuse(
            ErrorCode.TOO_LATE,
            detail=detail,
            detail_zh=f"{clock.name} 已于 {clock.due.isoformat()} 到期",
            field="data.obligation",
        )
    if clock.status != "running":
        detail = f"{clock.name} is {clock.status}"
        return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=detail, field="data.obligation")
    if not clock.due < until <= clock.due + LONGEST_EXTENSION:
        detail = f"data.until: must be later than {clock.due.isoformat()}, and by a year at most"
        return refuse(
            ErrorCode.MALFORMED,
            detail=detail,
            detail_zh=f"data.until：必须晚于 {clock.due.isoformat()}，且最多延长一年",
            field="data.until",
        )
    extended = DeadlineExtended(
        obligation=clock.name, regime=clock.regime, due=until, was=clock.due, reason_ref=reason_ref
    )
    words = {"complaint_id": state.complaint_id, "by_when": until.isoformat()}
    return [extended, Notification(template="extension", words=words)]
