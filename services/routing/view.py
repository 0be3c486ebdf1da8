"""State of a case as the contract shows it. Pure."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.routing.rules.changes import suggestions
from services.routing.rules.clockwork import next_of_clocks
from services.routing.rules.completeness import completeness
from services.routing.rules.precedents import comparable, got
from services.routing.rules.state import CaseState, ObligationClock
from services.routing.rules.verbs import allowed
from services.routing.view_triage import triaged
from shared.contract.queries import (
    Binding,
    ChangeState,
    Coming,
    ComingKind,
    ComplaintState,
    ObligationState,
    QuestionState,
    StakeholderView,
)
from shared.contract.values import Stage

INTERNAL = ("approval", "feedback", "inform", "mediation", "signature", "task", "transfer")
"""Clocks between our own people: they bind no outsider."""

UNSEEN = ("met again", "look")
"""Kinds of events that the view leaves out: they change nothing outside the case."""

WHAT: dict[str, ComingKind] = {
    "warning": "warning",
    "due": "due",
    "step": "escalation",
    "offer": "offer_expires",
    "pause": "wait_ends",
    "hand over": "shift_ends",
    "unsigned": "shift_ends",
    "mark over": "mark_ends",
    "talk over": "conversation_ends",
    "deadlock": "deadlock",
}


def view(state: CaseState, possible: list[str] | None = None) -> ComplaintState:
    """Everything that may be known of a complaint: codes, instants and references.

    `possible` are the verbs that are allowed now, where that was found already.
    """
    received = state.opening.received
    due, obligation = next_obligation(state)
    return ComplaintState(
        complaint_id=state.complaint_id,
        stage=state.stage,
        cycle=state.cycle,
        outcome=state.outcome,
        policy=state.pinned.identity,
        received_at=state.received_at,
        channel=received.channel,
        language=received.language,
        customer_ref=received.customer_ref,
        external_ref=received.external_ref,
        external_source=received.external_source,
        remedy_sought=state.told_remedy or received.remedy_sought,
        loss=state.told_loss or received.loss,
        completeness=completeness(state),
        representative=received.representative,
        group_ref=state.group_ref,
        not_understood=received.not_understood,
        **triaged(state),
        chain=state.chain.held,
        proposed_owner=state.transfer.to if state.transfer else None,
        assistant=state.assistant,
        sign_by=state.signing.by if state.signing else None,
        concerned=state.concerned or None,
        owner=state.owner,
        queued_since=state.queued_since,
        team=state.team,
        level=state.level,
        next_due=due,
        next_obligation=obligation,
        coming=coming(state),
        binding=binding(state),
        obligations=[_obligation(clock) for clock in state.clocks],
        allowed=allowed(state) if possible is None else possible,
        negotiation=_negotiation(state),
        actions=[{**a.model_dump(mode="json"), "done": a.evidence_ref is not None} for a in state.actions],
        approvals=[
            {**a.request.model_dump(mode="json", exclude_none=True), "status": a.status, "asked": a.asked}
            for a in state.approvals
        ],
        tasks=[task.model_dump(mode="json") for task in state.tasks],
        questions=[QuestionState(**one.model_dump()) for one in state.questions],
        transfers=dict(Counter(one.stage for one in state.passed)),
        commander=state.commander,
        vulnerable=state.vulnerable,
        overridden=state.overridden == state.cycle,
        apology=state.apology.model_dump(mode="json") if state.apology else None,
        deadlocked=state.deadlocked,
        mediator=state.mediation.mediator if state.mediation else None,
        stakeholders=[StakeholderView(**one.model_dump()) for one in state.stakeholders],
        place=state.place,
        changes=[ChangeState(**one.model_dump()) for one in state.changes],
        suggestions=suggestions(state),
        feedback=[one.model_dump(mode="json", exclude_none=True) for one in state.feedback],
        followup={},
        text_refs=received.text_refs,
    )


def allowed_in_followup(stage: str, cycle: int, followup: Mapping[str, Any]) -> list[str]:
    """Verbs that may be sent to followup now, by its newest fact of each kind."""

    def seq(name: str) -> int:
        fact = followup.get(name)
        return int(fact["seq"]) if fact and fact["cycle"] == cycle else 0

    if stage != Stage.FOLLOWING_UP or not seq("callback_scheduled") or seq("satisfaction_recorded"):
        return []
    due = seq("callback_due") > max(seq("callback_reported"), seq("callback_scheduled"))
    return ["report_callback", "record_satisfaction"] if due else ["record_satisfaction"]


def next_obligation(state: CaseState) -> tuple[datetime | None, str | None]:
    """Next obligation to run out, or one that ran out and is still open; none once the complaint is
    resolved.
    """
    if state.stage in (Stage.FOLLOWING_UP, Stage.CLOSED):
        return None, None
    owed = [clock for clock in state.present_clocks if clock.expected]
    first = min(owed, key=lambda clock: clock.due, default=None)
    return (first.due, first.name) if first else (None, None)


def coming(state: CaseState) -> Coming | None:
    """Next event of time: a warning, a breach, a rung of a ladder, the end of an offer or of a wait."""
    event = next_of_clocks(state)
    if event is None or event.kind in UNSEEN:
        return None
    return Coming(at=event.when, what=WHAT[event.kind], obligation=event.clock.name if event.clock else None)


def binding(state: CaseState) -> Binding | None:
    """First to run out of the obligations that are open towards the complainant or an authority."""
    if state.stage in (Stage.FOLLOWING_UP, Stage.CLOSED):
        return None
    owed = [c for c in state.present_clocks if c.status == "running" and c.duty]
    running = [c for c in owed if c.kind not in INTERNAL]
    first = min(running, key=lambda clock: clock.due, default=None)
    return Binding(obligation=first.name, regime=first.regime, due=first.due) if first else None


def _obligation(clock: ObligationClock) -> ObligationState:
    return ObligationState(
        obligation=clock.name,
        regime=clock.regime,
        cycle=clock.cycle,
        started_at=clock.started_at,
        due=clock.due,
        status=clock.status,
        warned=clock.warned,
        provisional=clock.provisional,
    )


def _negotiation(state: CaseState) -> dict[str, object]:
    """Negotiation ledger: interests, prepared options, rounds."""
    marks = comparable(state)
    return {
        "comparable": marks.model_dump(mode="json", exclude_none=True) if marks else None,
        "got": str(got(state, marks.currency)) if marks else "0",
        "restatement": state.restatement.model_dump(mode="json") if state.restatement else None,
        "fallbacks": dict(state.fallbacks),
        "listened": state.listened,
        "responded": state.responded,
        "position": state.position,
        "interests": [i.model_dump(mode="json", exclude_none=True) for i in state.interests],
        "options": [o.model_dump(mode="json", exclude_none=True) for o in state.options],
        "offers": [
            {**o.made.model_dump(mode="json", exclude_none=True), "cycle": o.cycle, "status": o.status}
            for o in state.offers
        ],
    }
