"""Commander of a grave complaint, and cost limits that give way to safety (`sources.md` 67, 71)."""

from collections.abc import Iterator
from datetime import datetime

from services.routing import refusals
from services.routing.rules.authority import one_level_up
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.state import CaseState
from shared.contract.commands import MarkVulnerable, Override
from shared.contract.errors import Refusal, refuse
from shared.contract.events import CommanderNamed, Overridden, VulnerabilityMarked
from shared.contract.values import NOBODY


def new_commander(state: CaseState) -> Iterator[CommanderNamed]:
    """Fact that another person commands, or that the complaint needs no commander any more."""
    commander, role = _commander(state) or (None, None)
    if commander != state.commander:
        yield CommanderNamed(
            commander=commander, role=role, previous=state.commander, severity=state.triage.severity
        )


def _commander(state: CaseState) -> tuple[str, str] | None:
    """Person of the level that the severity asks for; where it has none, of the next above, else below."""
    known = [one for one in sorted(state.pinned.commanders) if one <= state.triage.severity]
    if not known:
        return None
    held = state.chain.held
    number = state.chain.level(state.pinned.commanders[known[-1]]) - 1
    roles = [*held]
    people = [(held[one], one) for one in (*roles[number:], *reversed(roles[:number]))]
    return next((one for one in people if one[0] != NOBODY), None)


def mark_vulnerable(
    state: CaseState, request: ActorCommand[MarkVulnerable], now: datetime
) -> Decision | Refusal:
    """Mark the complainant as vulnerable, by one person; a supervisor beside the owner ends the mark."""
    wanted = request.command.vulnerable
    if wanted == state.vulnerable:
        return refuse(refusals.MARKED_ALREADY)
    if not wanted and (not request.by_supervisor or request.actor.id == state.owner):
        return refuse(refusals.MARK_ENDED_BY_ANOTHER)
    return Decision([VulnerabilityMarked(vulnerable=wanted, reason_ref=request.command.reason)])


def override(state: CaseState, request: ActorCommand[Override], now: datetime) -> Decision | Refusal:
    """Let the limits of authority give way for the rest of the cycle: the complainant can only get more.

    So one person is enough; the fact names the person above, who is notified.
    """
    why = "safety" if state.triage.safety else "vulnerable" if state.vulnerable else None
    if why is None:
        return refuse(refusals.NO_HIGHER_INTEREST)
    if state.overridden == state.cycle:
        return refuse(refusals.OVERRIDDEN_ALREADY)
    above = one_level_up(state, request.actor)
    to, reason = above.to if above else NOBODY, request.command.reason
    fact = Overridden.model_validate({"limit": "authority", "why": why, "to": to, "reason_ref": reason})
    return Decision([fact], {"to": to})


def given_way(state: CaseState) -> bool:
    """Whether the limits of authority give way now."""
    return state.overridden == state.cycle and (state.triage.safety or state.vulnerable)
