"""Waits for the complainant, during which the clocks that permit it are paused (`sources.md` 61, P28).

Each wait notifies the complainant that we wait and until when. That is why a silence limit may rest
meanwhile. However often we wait, no complainant is without a message for longer than one wait and that
limit.

All waits of a complaint have a budget, and so have those of a deadline that sets one. Beyond what one
person may give alone a second decides. Beyond what two may give there is no wait. The complainant's first
human message ends a wait.
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.clockwork import resumption
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.facts import CaseFact
from services.routing.rules.second_person import ask
from services.routing.rules.state import CaseState
from shared.clocks.amounts import Budget
from shared.clocks.budget import due
from shared.clocks.spent import latest
from shared.contract.commands import Pause, Resume
from shared.contract.errors import Refusal, refuse
from shared.contract.events import Paused
from shared.contract.recorded import Notification, theirs

WORDS = ("answer", "complete_record")
"""Verbs that carry the complainant's words, from any sender."""


def pause(state: CaseState, request: ActorCommand[Pause], now: datetime) -> Decision | Refusal:
    """Stop the clocks that may stop; the wait has a longest length and ends by itself.

    The reason is the house's own note, and stays in the house.
    """
    allowed = state.pinned.limits.waiting
    longest = _until_at_most(state, now)
    if isinstance(longest, Refusal):
        return longest
    alone = _reaches(state, allowed.alone, now)
    until = request.command.until or min(longest, alone or longest)
    if not now < until <= longest:
        return refuse(refusals.PAUSE_OUT_OF_RANGE, latest=longest.isoformat())
    if alone is None or until > alone:
        return ask(
            state, request.actor, "wait", field="data.until", until=until, text_ref=request.command.reason
        )
    return Decision(wait(state, until, request.command.reason))


def granted_wait(
    state: CaseState, until: datetime, reason_ref: str | None, now: datetime
) -> list[CaseFact | Notification] | Refusal:
    """Wait with the consent of a second person, if it is still possible."""
    if state.pause:
        return refuse(refusals.PAUSED_ALREADY)
    longest = _until_at_most(state, now)
    if isinstance(longest, Refusal):
        return longest
    if not now < until <= longest:
        return refuse(refusals.WAIT_GONE)
    return wait(state, until, reason_ref)


def wait(state: CaseState, until: datetime, reason_ref: str | None) -> list[CaseFact | Notification]:
    """Facts of a wait."""
    stopped = [clock.name for clock in state.present_clocks if clock.pausable and clock.status == "running"]
    paused = Paused(until=until, obligations=stopped, reason_ref=reason_ref)
    words, instants = {"complaint_id": state.complaint_id}, {"by_when": theirs(until)}
    return [paused, Notification(template="waiting", words=words, instants=instants)]


def resume(state: CaseState, request: ActorCommand[Resume], now: datetime) -> Decision:
    """Go on."""
    return Decision(list(resumption(state, "command", now)))


def _until_at_most(state: CaseState, now: datetime) -> datetime | Refusal:
    """Latest end of a wait, with any consent; refused where no time is left for waiting."""
    limits = state.pinned.limits
    ends = [_reaches(state, limits.waiting.at_most, now), *_own_ends(state, now)]
    left = [end for end in ends if end is not None]
    if len(left) < len(ends):
        return refuse(refusals.WAITING_USED_UP)
    return min(due(now, limits.longest_pause, state.pinned.calendar), *left)


def _reaches(state: CaseState, allowance: Budget, now: datetime) -> datetime | None:
    """Latest end of a wait from `now` on by this allowance; None where there is none."""
    return latest(now, allowance, state.paused_spans(now), state.pinned.calendar)


def _own_ends(state: CaseState, now: datetime) -> list[datetime | None]:
    """Latest ends by the limits of the deadlines that would be paused."""
    found = []
    for clock in state.present_clocks:
        obligation = state.pinned.obligation(clock.kind)
        if obligation and obligation.waits_at_most and clock.pausable and clock.status == "running":
            calendar = state.pinned.calendar_of(clock.calendar)
            spans = [(max(start, clock.started_at), end) for start, end in state.paused_spans(now)]
            since = [(start, end) for start, end in spans if end > start]
            found.append(latest(now, obligation.waits_at_most, since, calendar))
    return found
