"""Waiting for the complainant: the clocks that may stop stand still (`concepts.md` 61; `peers.md` 28).

They are told that we wait and until when, each time: that is why a silence limit may rest meanwhile, and
however often we wait, nobody is left without a word for longer than one wait and that limit.
"""

from datetime import datetime

from services.routing.rules.clockwork import resumption
from services.routing.rules.decision import Decision, Deed
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import Pause, Resume
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import Paused
from shared.contract.recorded import Notification, theirs


def pause(state: CaseState, deed: Deed[Pause], now: datetime) -> Decision | Refusal:
    """Stop the clocks that may stop; the wait has a longest length and ends by itself.

    The reason is the house's own note, and stays in the house.
    """
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
    paused = Paused(until=until, obligations=stopped, reason_ref=deed.command.reason)
    words, instants = {"complaint_id": state.complaint_id}, {"by_when": theirs(until)}
    return Decision([paused, Notification(template="waiting", words=words, instants=instants)])


def resume(state: CaseState, deed: Deed[Resume], now: datetime) -> Decision:
    """Go on."""
    return Decision(list(resumption(state, "command", now)))
