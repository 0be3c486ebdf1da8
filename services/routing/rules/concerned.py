"""Whom a complaint is about: the set only grows, by whatever names them, and says so by a fact."""

from typing import Literal

from services.routing import refusals
from services.routing.rules.facts import CaseFact
from services.routing.rules.state import CaseState
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ConcernedAdded
from shared.contract.refusals import CONCERNED
from shared.contract.values import Concerned


def named(
    state: CaseState,
    concerned: Concerned,
    why: Literal["contact", "completed", "merged"],
    contact: str | None = None,
) -> list[CaseFact]:
    """The fact that the complaint is about these, too; none where they are known."""
    more = concerned.beyond(state.concerned)
    return [ConcernedAdded(staff=more.staff, units=more.units, why=why, contact=contact)] if more else []


def no_conflict(state: CaseState, actor: str, units: list[str]) -> Refusal | None:
    """Whom the complaint is about has no hand in it, whatever the verb and their rank (avoidance rule)."""
    return refuse(CONCERNED, actor=actor) if state.concerned.holds(actor, units) else None


def unit_without_interest(state: CaseState, unit: str) -> Refusal | None:
    """A unit that the complaint is about gets no part of it to do."""
    if not state.concerned.holds("", [unit]):
        return None
    return refuse(refusals.UNIT_CONCERNED, unit=unit)
