"""Three changes of a conversation that is stuck: the person, the place, the time (`sources.md` 65)."""

from collections.abc import Iterator
from datetime import datetime

from services.routing import refusals
from services.routing.rules.completeness import known_enough
from services.routing.rules.deadlock import ways_out
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.distant import FARTHEST, YEARS
from services.routing.rules.people import transfer
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import Change, Transfer
from shared.contract.errors import Refusal, refuse
from shared.contract.events import Changed
from shared.contract.queries import SuggestedStep
from shared.contract.recorded import Notification, ours
from shared.contract.values import Stage, Style

FAILED_ROUNDS = 2
"""Offers that were not accepted, after which another person, place or time is suggested."""


def change(state: CaseState, request: ActorCommand[Change], now: datetime) -> Decision | Refusal:
    """Make one of the three changes; another person still has to accept."""
    if refusal := _used_up(state, request):
        return refusal
    if request.command.what == "person":
        return _person(state, request, now)
    return _place(request) if request.command.what == "place" else _time(state, request, now)


def _used_up(state: CaseState, request: ActorCommand[Change]) -> Refusal | None:
    """Refuse more changes in a cycle than the policy allows without a supervisor."""
    most = state.pinned.limits.changes
    count = sum(one.cycle == state.cycle for one in state.changes)
    if most is None or count < most or request.by_supervisor:
        return None
    return refuse(refusals.CHANGES_USED_UP, count=count, most=most)


def _person(state: CaseState, request: ActorCommand[Change], now: datetime) -> Decision | Refusal:
    """Propose another person, never one below the level that the complaint has reached."""
    to, reason = request.command.to, request.command.reason
    if unknown := known_enough(state, Transfer.VERB):
        return unknown
    if state.transfer:
        return refuse(refusals.TRANSFER_PROPOSED)
    order = Transfer(to=to, reason=reason)
    asked = ActorCommand(
        request.actor,
        order,
        request.named,
        request.units,
        request.named_units,
        candidate=request.candidate,
    )
    proposed = transfer(state, asked, now)
    if isinstance(proposed, Refusal):
        return proposed
    if state.chain.level(request.named.get("role", "")) < state.level:
        return refuse(refusals.NO_JUNIOR, to=to)
    return Decision([Changed(what="person", to=to, reason_ref=reason), *proposed.facts], proposed.result)


def _place(request: ActorCommand[Change]) -> Decision:
    """Change the channel, which the notices then use, or the venue, which is described in words."""
    command, channel = request.command, request.command.channel
    words = None if channel else command.to
    return Decision([Changed(what="place", channel=channel, to_ref=words, reason_ref=command.reason)])


def _time(state: CaseState, request: ActorCommand[Change], now: datetime) -> Decision | Refusal:
    """Agree on a time. An instant is a promise with a clock; a time in words is not."""
    command, slot = request.command, request.command.slot
    if slot is None:
        return Decision([Changed(what="time", to_ref=command.to, reason_ref=command.reason)])
    if slot <= now:
        return refuse(refusals.SLOT_IN_PAST)
    if slot > now + FARTHEST:
        return refuse(refusals.TOO_DISTANT, field="data.to", years=YEARS)
    until = due(slot, state.pinned.limits.slot, state.pinned.calendar)
    words, instants = {"complaint_id": state.complaint_id}, {"by_when": ours(slot)}
    told = Notification(template="slot", words=words, instants=instants)
    changed = Changed(what="time", slot=slot, due=until, reason_ref=command.reason)
    return Decision([changed, told], {"slot": slot, "due": until})


def suggestions(state: CaseState) -> list[SuggestedStep]:
    """Reasons for a change: an angry complainant, or rounds that failed since the last change."""
    return list(_suggestions(state)) if state.stage not in (Stage.FOLLOWING_UP, Stage.CLOSED) else []


def _suggestions(state: CaseState) -> Iterator[SuggestedStep]:
    changed, triaged = (state.last_fact_at.get(name) for name in ("changed", "triaged"))
    if Style.ANGRY in state.triage.style and (changed is None or (triaged and triaged > changed)):
        yield SuggestedStep(what="change", why="angry")
    if state.failed_rounds >= FAILED_ROUNDS:
        yield SuggestedStep(what="change", why="failed_rounds")
    yield from ways_out(state)
