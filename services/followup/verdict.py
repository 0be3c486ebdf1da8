"""Verdict of the complainant, and its consequence (`sources.md` 87, 88). Pure."""

from datetime import datetime
from typing import Literal

from services.followup import refusals
from services.followup.attempts import reopened_by_danger
from services.followup.new_facts import NewFacts
from services.followup.progress import Opening
from shared.contract.commands import RecordSatisfaction
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    CallbackReported,
    Fairness,
    Reopened,
    SatisfactionRecorded,
    Signals,
)
from shared.contract.values import CUSTOMER, Actor, Outcome


def receive_verdict(
    new_facts: NewFacts,
    command: RecordSatisfaction,
    actor: Actor,
    now: datetime,
    signals: Signals | None = None,
) -> Refusal | None:
    """Record the complainant's own verdict, at any time. Staff may record it from a callback, but no handler
    may.
    """
    if actor.role != CUSTOMER and new_facts.progress.callback not in ("due", "reported"):
        return refuse(refusals.CALLBACK_NOT_DUE)
    if new_facts.progress.callback == "due":
        new_facts.add(CallbackReported(attempt=new_facts.progress.attempt, result="reached"), now, actor)
    fairness = Fairness(outcome=command.outcome, process=command.process, treatment=command.treatment)
    verdict = SatisfactionRecorded(
        resolved=command.resolved,
        overall=command.overall,
        satisfied=is_satisfied(command, new_facts.opening.policy.callbacks.satisfied_from),
        fairness=fairness,
        nps=command.nps,
        text_ref=command.text,
        signals=signals,
    )
    new_facts.add(verdict, now, actor)
    end = _consequence(new_facts.opening, verdict)
    if isinstance(end, Reopened):
        new_facts.reopen(end, now)
    else:
        new_facts.close(end, now)
    return None


def _consequence(opening: Opening, verdict: SatisfactionRecorded) -> Outcome | Reopened:
    """Outcome of the closing, or the reopening as a new cycle (`sources.md` 88)."""
    plan = opening.policy.callbacks
    if verdict.signals and verdict.signals.safety:
        return reopened_by_danger(opening, verdict.signals)
    if verdict.satisfied:
        return Outcome.WITHDRAWN if opening.because == "withdrawn" else Outcome.SATISFIED
    if opening.because == "decided":
        return Outcome.DECIDED
    if opening.reopenings >= plan.most_reopenings:
        return Outcome.DISSATISFIED
    why: Literal["dissatisfied", "not_resolved"] = "dissatisfied" if verdict.resolved else "not_resolved"
    return Reopened(why=why, to_cycle=opening.cycle + 1, signals=verdict.signals)


def is_satisfied(given: RecordSatisfaction, satisfied_from: int) -> bool:
    """Whether the complaint is resolved for the complainant and they rate it well enough."""
    return given.resolved and given.overall >= satisfied_from
