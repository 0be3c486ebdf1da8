"""Correction of the triage; safety or severity is lowered by two people only (`sources.md` 16, 28)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision, Outcome
from services.routing.rules.people import escalation
from services.routing.rules.second_person import ask
from services.routing.rules.state import PERSON, CaseState
from shared.contract.commands import Reclassify
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ApprovalRequested, SeverityScore, Triaged
from shared.contract.values import Category, CategoryGuess, MotiveGuess


def reclassify(state: CaseState, request: ActorCommand[Reclassify], now: datetime) -> Decision | Refusal:
    """Record the whole triage again with the corrections; lowering asks a second person.

    A lower severity gives every deadline more time.
    """
    command = request.command
    given = command.model_dump(exclude={"reason"}, exclude_none=True)
    if not given:
        return refuse(refusals.NOTHING_RECLASSIFIED)
    safety = state.triage.safety and command.safety is False
    severity = command.severity is not None and command.severity < state.triage.severity
    lowered_fields = {name for name, lowers in (("safety", safety), ("severity", severity)) if lowers}
    facts: list[Outcome] = [corrected(state, request)] if given.keys() - lowered_fields else []
    if command.safety and not state.triage.safety:
        facts += escalation(state, "lead", "safety")
    if not lowered_fields:
        return Decision(facts)
    what = "safety_downgrade" if safety else "severity_downgrade"
    wanted = command.severity if severity else None
    field = "data.safety" if safety else "data.severity"
    asked = ask(state, request.actor, what, field=field, severity=wanted, text_ref=command.reason)
    return asked if isinstance(asked, Refusal) else Decision([*facts, *asked.facts], asked.result)


def lowered(state: CaseState, request: ApprovalRequested) -> Triaged:
    """Triage with the values that two people lowered."""
    was = state.triage
    update: dict[str, object] = {"reason_ref": request.text_ref, "contact": None}
    if request.what == "safety_downgrade":
        update["safety"] = False
    if request.severity is not None:
        score = SeverityScore(table=PERSON, points={request.asked_by: request.severity})
        update |= {"severity": request.severity, "severity_score": score}
    return was.model_copy(update=update)


def corrected(state: CaseState, request: ActorCommand[Reclassify]) -> Triaged:
    """Triage as this person corrects it; values that they did not name stay, and so does a safety flag."""
    command, was = request.command, state.triage
    motives = (
        [MotiveGuess(motive=m, confidence=1.0, source=f"person:{request.actor.id}") for m in command.motives]
        if command.motives is not None
        else was.motives
    )
    severity, score = was.severity, was.severity_score
    if command.severity is not None and command.severity >= was.severity:
        severity = command.severity
        score = SeverityScore(table=PERSON, points={request.actor.id: command.severity})
    return was.model_copy(
        update={
            "category": command.category or was.category,
            "category_guess": _by_person(command.category, request.actor.id) or was.category_guess,
            "motives": motives,
            "severity": severity,
            "severity_score": score,
            "safety": was.safety or bool(command.safety),
            "reason_ref": command.reason,
        }
    )


def _by_person(category: Category | None, who: str) -> CategoryGuess | None:
    return CategoryGuess(category=category, confidence=1.0, source=f"person:{who}") if category else None
