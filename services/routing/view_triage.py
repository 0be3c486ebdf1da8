"""View of the triage for the query `complaint`: what is stored, and what is derived from it. Pure."""

from typing import Any

from services.routing.rules.motives import flagged_needs, known_motives, wants_punishment
from services.routing.rules.state import CaseState
from shared.contract.events import TriggerGuess
from shared.contract.values import EXPECTATIONS, Trigger, behaviour_of, psychology_of

DEADLINE = "deadline"
"""Source of a trigger that a missed deadline shows."""

MISSED = ("breached", "met_late")


def triaged(state: CaseState) -> dict[str, Any]:
    """Fields of `ComplaintState` about the triage."""
    triage, known = state.triage, known_motives(state)
    motives = [one.motive for one in known]
    wish = state.told_remedy or state.opening.received.remedy_sought
    return {
        "category": triage.category,
        "sub": triage.sub,
        "outside": triage.outside,
        "unsure": bool(triage.category_guess and triage.category_guess.unsure),
        "severity": triage.severity,
        "safety": triage.safety,
        "motives": known,
        "reputation_risk": wants_punishment(state),
        "motive_revisions": state.motives,
        "harassment_suggested": triage.harassment_suggested,
        "psychology": psychology_of(motives),
        "needs": flagged_needs(state),
        "triggers": triggers(state),
        "behaviour": behaviour_of(triage.style, motives, wish),
        "expectation": EXPECTATIONS[triage.gap] if triage.gap else None,
    }


def triggers(state: CaseState) -> list[TriggerGuess]:
    """Triggers of the triage, and a broken promise for each waiting time that was promised and missed."""
    missed = [one.name for one in state.clocks if one.kind == "promise" and one.status in MISSED]
    broken = [TriggerGuess(trigger=Trigger.BROKEN_PROMISE, source=DEADLINE, promise=one) for one in missed]
    return [*state.triage.triggers, *broken]
