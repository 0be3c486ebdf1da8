"""Correction of the triage; safety or severity is lowered by two people only (`sources.md` 16, 26, 28)."""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision, Outcome
from services.routing.rules.motives import harassment_mark, known_motives
from services.routing.rules.people import escalation
from services.routing.rules.second_person import ask
from services.routing.rules.state import PERSON, CaseState
from shared.contract.commands import Reclassify
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ApprovalRequested, SeverityScore, Triaged, TriggerGuess
from shared.contract.values import Category, CategoryGuess, Motive, MotiveGuess
from shared.contract.values.problems import Words

FIELDS = [name for name in Reclassify.model_fields if name != "reason"]
"""Fields of which an order needs one."""

TWO = {"safety": "safety_downgrade", "severity": "severity_downgrade", "motives": "harassment"}
"""Request for the field that two people decide."""


def reclassify(state: CaseState, request: ActorCommand[Reclassify], now: datetime) -> Decision | Refusal:
    """Record the whole triage again with the corrections; lowering asks a second person, and so does
    harassment.

    A lower severity gives every deadline more time.
    """
    command = request.command
    given = command.model_dump(exclude={"reason"}, exclude_none=True)
    if not given:
        return refuse(refusals.NOTHING_RECLASSIFIED, fields=Words.listed(FIELDS))
    if command.sub and command.category and command.sub.category != command.category:
        return refuse(refusals.SUB_OF_ANOTHER, sub=command.sub, category=command.sub.category)
    two = _for_two_people(state, command)
    facts: list[Outcome] = [corrected(state, request)] if _by_one(given, two, command) else []
    if command.safety and not state.triage.safety:
        facts += escalation(state, "lead", "safety")
    asked = _ask(state, request, two) if two else Decision([])
    return asked if isinstance(asked, Refusal) else Decision([*facts, *asked.facts], asked.result)


def _for_two_people(state: CaseState, command: Reclassify) -> list[str]:
    """Fields that one person may not change in this way alone."""
    harassment = Motive.HARASSMENT in (command.motives or ()) and not harassment_mark(known_motives(state))
    found = {
        "safety": state.triage.safety and command.safety is False,
        "severity": command.severity is not None and command.severity < state.triage.severity,
        "motives": harassment,
    }
    return [name for name, two in found.items() if two]


def _by_one(given: dict[str, object], two: list[str], command: Reclassify) -> bool:
    """Whether anything is left that one person corrects: of the motives, those beside harassment."""
    others = set(command.motives or ()) - {Motive.HARASSMENT}
    return bool(given.keys() - {*two} or ("motives" in two and others))


def _ask(state: CaseState, request: ActorCommand[Reclassify], two: list[str]) -> Decision | Refusal:
    """Request to a second person. A lower severity and a lower safety flag are one request; harassment is
    another.
    """
    command = request.command
    facts: list[Outcome] = []
    result: dict[str, object] = {}
    lower = [name for name in two if name != "motives"]
    for name in [*lower[:1], *(one for one in two if one == "motives")]:
        wanted = command.severity if name != "motives" and "severity" in two else None
        asked = ask(
            state,
            request.actor,
            TWO[name],
            field=f"data.{name}",
            before=len(facts),
            severity=wanted,
            text_ref=command.reason,
        )
        if isinstance(asked, Refusal):
            return asked
        facts += asked.facts
        result = asked.result | result
    return Decision(facts, result)


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
    person = f"person:{request.actor.id}"
    severity, score = was.severity, was.severity_score
    if command.severity is not None and command.severity >= was.severity:
        severity = command.severity
        score = SeverityScore(table=PERSON, points={request.actor.id: command.severity})
    category = command.category or (command.sub.category if command.sub else None)
    return was.model_copy(
        update={
            "category": category or was.category,
            "category_guess": _by_person(category, person) or was.category_guess,
            "sub": command.sub or (was.sub if category in (None, was.category) else None),
            "cause_side": command.cause_side or was.cause_side,
            "nature": command.nature or was.nature,
            "triggers": _triggers(command, was, person),
            "gap": command.gap or was.gap,
            "style": was.style if command.style is None else list(dict.fromkeys(command.style)),
            "motives": _motives(state, command, person),
            "severity": severity,
            "severity_score": score,
            "safety": was.safety or bool(command.safety),
            "reason_ref": command.reason,
            "contact": None,
        }
    )


def _motives(state: CaseState, command: Reclassify, person: str) -> list[MotiveGuess]:
    """Motives of this person; harassment only where two people had marked it before."""
    if command.motives is None:
        return state.triage.motives
    mark = harassment_mark(known_motives(state))
    own = [
        MotiveGuess(motive=one, confidence=1.0, source=person)
        for one in dict.fromkeys(command.motives)
        if one is not Motive.HARASSMENT
    ]
    return [*own, mark] if mark and Motive.HARASSMENT in command.motives else own


def _triggers(command: Reclassify, was: Triaged, person: str) -> list[TriggerGuess]:
    if command.triggers is None:
        return was.triggers
    return [TriggerGuess(trigger=one, source=person) for one in dict.fromkeys(command.triggers)]


def _by_person(category: Category | None, person: str) -> CategoryGuess | None:
    return CategoryGuess(category=category, confidence=1.0, source=person) if category else None
