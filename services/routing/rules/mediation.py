"""Mediation by a person who never owned the complaint, where a negotiation is stuck (`sources.md` 65)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import FinishMediation, Mediate
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import MediationFinished, MediatorNamed
from shared.contract.recorded import Notification, ours
from shared.contract.values import NOBODY
from shared.policy.chains import Chain


def mediate(state: CaseState, request: ActorCommand[Mediate], now: datetime) -> Decision | Refusal:
    """Name a mediator, and notify the complainant until when the mediation lasts."""
    to, role = request.named.get("id", ""), request.named.get("role", "")
    if refusal := _unfit(state, request, to, role):
        return refusal
    terms = state.pinned.settlement.mediation
    number = sum(clock.kind == "mediation" for clock in state.clocks) + 1
    named = MediatorNamed(
        mediation_id=f"mediation-{number}",
        mediator=to,
        due=due(now, terms.within, state.pinned.calendar),
        reason_ref=request.command.reason,
    )
    notice = Notification(
        template="mediation",
        words={"complaint_id": state.complaint_id},
        instants={"by_when": ours(named.due)},
    )
    return Decision([named, notice], {"mediation_id": named.mediation_id, "due": named.due})


def _unfit(state: CaseState, request: ActorCommand[Mediate], to: str, role: str) -> Refusal | None:
    """Reason why this person cannot mediate."""
    if not role:
        return refuse(ErrorCode.UNKNOWN_ACTOR, field="data.to")
    least = state.pinned.settlement.mediation.least_role
    if role == "department" or state.chain.level(role) < state.chain.level(least):
        return refuse(refusals.MEDIATOR_TOO_LOW, to=to, least=least)
    if to in (state.owner, *state.owners):
        return refuse(refusals.MEDIATOR_HANDLED_IT, to=to)
    if state.concerned.holds(to, request.named_units):
        return refuse(refusals.MEDIATOR_CONCERNED, to=to)
    return None


def finish_mediation(
    state: CaseState, request: ActorCommand[FinishMediation], now: datetime
) -> Decision | Refusal:
    """End the mediation with a proposal for the owner, which is one of the prepared options, or without."""
    command = request.command
    known = [one.option_id for one in state.options]
    if command.outcome == "proposal" and command.option_id not in known:
        return refuse(refusals.PROPOSAL_NOT_PREPARED, known=", ".join(known) or refusals.NONE)
    result = {"next_option_id": command.option_id} if command.outcome == "proposal" else {}
    return Decision([*ended(state, command.outcome, command.option_id, command.text)], result)


def ended(
    state: CaseState,
    outcome: Literal["proposal", "agreed", "failed"],
    option_id: str | None = None,
    text_ref: str | None = None,
) -> Iterator[MediationFinished]:
    """End of the present mediation; nothing without one."""
    if state.mediation:
        option = option_id if outcome == "proposal" else None
        yield MediationFinished(
            mediation_id=state.mediation.mediation_id, outcome=outcome, option_id=option, text_ref=text_ref
        )


def successor(state: CaseState, chain: Chain) -> str:
    """Mediator in place of one who cannot go on: a person above who never owned the complaint."""
    was = state.mediation.mediator if state.mediation else NOBODY
    handled = {state.owner, *state.owners, was, NOBODY}
    return next((one for one in chain.people if one not in handled), NOBODY)
