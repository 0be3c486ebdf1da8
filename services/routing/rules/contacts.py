"""Weighing of further information about a complaint, from any source, as the receipt was weighed.

It makes the complaint graver where the pack's table does, and never lighter. A person's judgement stays,
unless the new information is graver than what they knew.
"""

from collections.abc import Mapping

from services.routing.rules.facts import CaseFact
from services.routing.rules.gates import OVER
from services.routing.rules.people import escalation
from services.routing.rules.state import PERSON, CaseState
from services.routing.rules.triage_input import TriageInput, all_styles, input_of_contact
from services.routing.triage import severity_of, severity_score
from shared.contract.events import ContactAdded, SeverityScore
from shared.contract.recorded import Notification


def weighs(contact: ContactAdded) -> bool:
    """Whether a contact brings anything that a triage looks at."""
    return input_of_contact(contact).weighs


def adds_information(contact: ContactAdded) -> bool:
    """Whether a contact brings anything that a record may lack, or a group."""
    return bool(contact.told or contact.group_ref or contact.remedy_sought)


def weighed(state: CaseState, reported: TriageInput) -> list[CaseFact | Notification]:
    """Triage anew, if the new information adds to it; a danger goes up to the lead as any other does.

    While the complaint is followed up, only a danger counts, also where another was reported before:
    followup receives it and reopens the complaint.
    """
    if state.outcome is not None or not reported.weighs:
        return []
    over = state.stage in OVER
    danger = reported.danger and (over or not state.triage.safety)
    if over and not danger:
        return []
    score = _score(state, reported)
    if not (danger or _adds(state, score)):
        return []
    triaged = state.triage.model_copy(
        update={
            "safety": state.triage.safety or reported.danger,
            "style": all_styles(state.triage.style, reported),
            "reason_ref": None,
            "contact": reported.alias,
        }
        | _severity(state, score)
    )
    return [triaged, *(escalation(state, "lead", "safety") if danger and not over else [])]


def _score(state: CaseState, reported: TriageInput) -> SeverityScore | None:
    """Points of all information so far; None for a complaint whose table was not pinned."""
    table = state.pinned.severity
    safety = reported.danger or state.triage.safety
    return severity_score(reported, table, safety, state.points) if table else None


def _adds(state: CaseState, score: SeverityScore | None) -> bool:
    """Whether the points make it graver, or differ from the present points."""
    if score is None:
        return False
    by_person = state.triage.severity_score.table == PERSON
    return _graver(state, score) or (not by_person and _counting(score.points) != _counting(state.points))


def _counting(points: Mapping[str, int]) -> dict[str, int]:
    return {name: more for name, more in points.items() if more}


def _graver(state: CaseState, score: SeverityScore) -> bool:
    return severity_of(score) > max(state.triage.severity, state.scored)


def _severity(state: CaseState, score: SeverityScore | None) -> dict[str, object]:
    """New score; the previous severity where the points have changed but it is no graver."""
    if score is None or not _adds(state, score):
        return {}
    return {"severity": max(severity_of(score), state.triage.severity), "severity_score": score}
