"""Apologies: whether one is due, of which kind and by whom, by the liability (`sources.md` 19, 58)."""

from collections.abc import Iterator
from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import Apologise
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ApologyDue, ApologyGiven
from shared.contract.recorded import Notification
from shared.contract.values import Liability


def apology_duty(state: CaseState, liability: Liability, now: datetime) -> Iterator[ApologyDue]:
    """Duty that a finding of this liability begins, or ends; nothing where it changes none.

    A full apology that was given covers every later finding of the cycle.
    """
    terms, was = state.pinned.settlement.apologies.get(liability), state.apology
    if terms is None:
        if was and not was.given:
            yield ApologyDue(apology_id=was.apology_id, kind="none", liability=liability)
        return
    if was and (was.kind == terms.kind or (was.given and was.kind == "full")):
        return
    number = sum(clock.kind == "apology" for clock in state.clocks) + 1
    yield ApologyDue(
        apology_id=f"apology-{number}",
        kind=terms.kind,
        liability=liability,
        by=terms.by,
        due=due(now, terms.within, state.pinned.calendar),
    )


def apologise(state: CaseState, request: ActorCommand[Apologise], now: datetime) -> Decision | Refusal:
    """Apologise in writing; the policy names the least role of the person."""
    wanted = state.apology_due
    if wanted is None:
        return refuse(refusals.NO_APOLOGY_OWED)
    if not _may(state, request.actor.role, wanted.by):
        return refuse(refusals.APOLOGY_FROM_ABOVE, role=wanted.by)
    given = ApologyGiven(apology_id=wanted.apology_id, how="written", text_ref=request.command.text)
    notice = Notification(template="apology", text_of=request.command.text)
    return Decision([given, notice], {"apology_id": wanted.apology_id})


def given_by_action(state: CaseState, action: str, role: str) -> Iterator[ApologyGiven]:
    """Apology that an agreed action is, done by a person who may apologise."""
    wanted = state.apology_due
    if wanted and action in state.pinned.settlement.apology_actions and _may(state, role, wanted.by):
        yield ApologyGiven(apology_id=wanted.apology_id, how="action")


def _may(state: CaseState, role: str, least: str | None) -> bool:
    return state.chain.level(role) >= state.chain.level(least or "owner")
