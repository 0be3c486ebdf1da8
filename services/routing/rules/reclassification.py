"""Correcting the triage; a safety flag is never lowered by one person alone (`concepts.md` 16, 28)."""

from services.routing.rules.decision import Decision, Deed
from services.routing.rules.people import escalation
from services.routing.rules.state import PERSON, CaseState
from shared.contract.commands import Reclassify
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ApprovalRequested, Fact, SeverityScore, Triaged
from shared.contract.recorded import Notification
from shared.contract.values import MotiveGuess


def reclassify(state: CaseState, deed: Deed[Reclassify]) -> Decision | Refusal:
    """The whole triage again with what was corrected; lowering safety asks a second person."""
    command = deed.command
    given = command.model_dump(exclude={"reason"}, exclude_none=True)
    if not given:
        return refuse(
            ErrorCode.MALFORMED,
            detail="data: name at least one of category, motives, severity, safety",
            detail_zh="data：至少填写 category、motives、severity、safety 中的一项",
            field="data",
        )
    lowers = state.triage.safety and command.safety is False
    triaged = corrected(state, deed)
    facts: list[Fact | Notification] = [] if given == {"safety": False} and lowers else [triaged]
    if command.safety and not state.triage.safety:
        facts += escalation(state, "lead", "safety")
    if not lowers:
        return Decision(facts)
    chain = state.chain
    request = ApprovalRequested(
        request_id=f"approval-{len(state.approvals) + 1}",
        what="safety_downgrade",
        asked_by=deed.actor.id,
        to=chain.lead if deed.actor.id != chain.lead else chain.manager,
        text_ref=command.reason,
    )
    return Decision([*facts, request], {"request_id": request.request_id})


def corrected(state: CaseState, deed: Deed[Reclassify]) -> Triaged:
    """The triage as this person sees it; what they did not name stays, and so does a safety flag."""
    command, was = deed.command, state.triage
    motives = (
        [MotiveGuess(motive=m, confidence=1.0, source=f"person:{deed.actor.id}") for m in command.motives]
        if command.motives is not None
        else was.motives
    )
    severity, score = was.severity, was.severity_score
    if command.severity is not None:
        severity = command.severity
        score = SeverityScore(table=PERSON, points={deed.actor.id: command.severity})
    return was.model_copy(
        update={
            "category": command.category or was.category,
            "motives": motives,
            "severity": severity,
            "severity_score": score,
            "safety": was.safety or bool(command.safety),
            "reason_ref": command.reason,
        }
    )
