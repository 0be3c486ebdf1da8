"""Extension of a deadline: with a reason, before it runs out, with a notice to the complainant
(`sources.md` P28).

The first time the owner or a supervisor gives it alone, up to what the policy allows one person. For more,
and from then on, another person has to agree. All extensions of a deadline together have a limit.
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.facts import CaseFact
from services.routing.rules.second_person import ask
from services.routing.rules.state import CaseState, ObligationClock
from shared.clocks.budget import due
from shared.clocks.spent import latest
from shared.contract.commands import Extend
from shared.contract.errors import Refusal, refuse
from shared.contract.events import DeadlineExtended
from shared.contract.recorded import Notification, ours


def extend(state: CaseState, request: ActorCommand[Extend], now: datetime) -> Decision | Refusal:
    """Extend at once, or, from the second time on, ask the person above."""
    command = request.command
    facts = extension(state, command.obligation, command.until, now, command.reason)
    if isinstance(facts, Refusal):
        return facts
    clock = state.clock(command.obligation)
    allowed = state.pinned.limits.extensions.alone
    if clock and not clock.extensions and command.until <= due(clock.due, allowed, state.pinned.calendar):
        return Decision(facts)
    return ask(
        state,
        request.actor,
        "extension",
        field="data.obligation",
        obligation=command.obligation,
        until=command.until,
        text_ref=command.reason,
    )


def extension(
    state: CaseState, obligation: str, until: datetime, now: datetime, reason_ref: str | None
) -> list[CaseFact | Notification] | Refusal:
    """Facts of an extension, or the reason why it cannot be."""
    clock = state.clock(obligation)
    if clock is None or not clock.extendable:
        names = ", ".join(c.name for c in state.clocks if c.extendable and c.status == "running")
        return refuse(refusals.NOT_EXTENDABLE, names=names or refusals.NONE)
    if clock.status == "breached":
        return refuse(refusals.RAN_OUT, name=clock.name, due=clock.due.isoformat())
    if clock.status != "running":
        return refuse(refusals.CLOCK_STOPPED[clock.status], name=clock.name)
    limit = latest(clock.due, state.pinned.limits.extensions.at_most, clock.extended, state.pinned.calendar)
    if limit is None:
        return refuse(refusals.EXTENSION_USED_UP, name=clock.name)
    if not clock.due < until <= limit:
        after, last = clock.due.isoformat(), limit.isoformat()
        return refuse(refusals.EXTENSION_OUT_OF_RANGE, after=after, last=last)
    extended = DeadlineExtended(
        obligation=clock.name, regime=clock.regime, due=until, was=clock.due, reason_ref=reason_ref
    )
    words, instants = {"complaint_id": state.complaint_id}, {"by_when": ours(until)}
    told = Notification(template="extension", parts=[_part(clock)], words=words, instants=instants)
    return [extended, told]


RESULT = {"agreed", "final_decision", "resolved", "withdrawn", "referred"}
"""Facts that bring a result: a deadline that they meet is the time of a result."""


def _part(clock: ObligationClock) -> str:
    """Part of the notice that names what comes by then: the result, an action, a task, or the next
    message.
    """
    if clock.kind in ("action", "task"):
        return f"extension_{clock.kind}"
    if clock.kind != "promise" and RESULT & {*clock.met_by}:
        return "extension_result"
    return "extension_word"
