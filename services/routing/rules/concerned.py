"""People and units that a complaint concerns. The set only grows, by any fact that names them, and each
growth is a fact.
"""

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
    why: Literal["contact", "completed", "merged", "renamed", "retaliation"],
    contact: str | None = None,
) -> list[CaseFact]:
    """Fact that the complaint concerns these, too; none where they are known."""
    more = concerned.beyond(state.concerned)
    return [ConcernedAdded(staff=more.staff, units=more.units, why=why, contact=contact)] if more else []


def no_conflict(state: CaseState, actor: str, units: list[str]) -> Refusal | None:
    """Refuse a person whom the complaint concerns, for every verb and rank (avoidance rule)."""
    return refuse(CONCERNED, actor=actor) if state.concerned.holds(actor, units) else None


def unit_without_interest(state: CaseState, unit: str) -> Refusal | None:
    """Refuse a task for a unit that the complaint concerns."""
    if not state.concerned.holds("", [unit]):
        return None
    return refuse(refusals.UNIT_CONCERNED, unit=unit)
