"""The complainant's verdict, and what it decides (`sources.md` 87, 88). Pure."""

from datetime import datetime
from typing import Literal

from services.followup.attempts import reopened_by_danger
from services.followup.progress import Opening
from services.followup.telling import Telling, allowed
from shared.contract.commands import RecordSatisfaction
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    CallbackReported,
    Fairness,
    Reopened,
    SatisfactionRecorded,
    Signals,
)
from shared.contract.values import CUSTOMER, Actor, Outcome


def hear_verdict(
    telling: Telling,
    command: RecordSatisfaction,
    actor: Actor,
    now: datetime,
    signals: Signals | None = None,
) -> Refusal | None:
    """The complainant's own verdict, at any time; staff record it from a callback, never a handler."""
    if actor.role != CUSTOMER:
        if actor.id in (telling.opening.owner, *telling.opening.handlers):
            detail = f"{actor.id} handled the complaint and must not record the verdict on it"
            detail_zh = f"{actor.id} 经办过该投诉，不得记录对它的评价"
            return refuse(
                ErrorCode.CONFLICT_OF_INTEREST, detail=detail, detail_zh=detail_zh, field="actor.id"
            )
        if telling.progress.callback not in ("due", "reported"):
            detail = "the callback is not due yet; until then only the complainant may give a verdict"
            detail_zh, may = "回访尚未到期；在此之前只有投诉人可以评价", allowed(telling.progress)
            return refuse(ErrorCode.NOT_ALLOWED_NOW, detail=detail, detail_zh=detail_zh, allowed=may)
    if telling.progress.callback == "due":
        telling.say(CallbackReported(attempt=telling.progress.attempt, result="reached"), now, actor)
    fairness = Fairness(outcome=command.outcome, process=command.process, treatment=command.treatment)
    verdict = SatisfactionRecorded(
        resolved=command.resolved,
        overall=command.overall,
        satisfied=is_satisfied(command, telling.opening.policy.callbacks.satisfied_from),
        fairness=fairness,
        nps=command.nps,
        text_ref=command.text,
        signals=signals,
    )
    telling.say(verdict, now, actor)
    end = _consequence(telling.opening, verdict)
    if isinstance(end, Reopened):
        telling.reopen(end, now)
    else:
        telling.close(end, now)
    return None


def _consequence(opening: Opening, verdict: SatisfactionRecorded) -> Outcome | Reopened:
    """How it is closed, or that it is reopened as a new cycle (`sources.md` 88)."""
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


def is_satisfied(said: RecordSatisfaction, satisfied_from: int) -> bool:
    """Whether the matter is resolved for the complainant and they rate it well enough."""
    return said.resolved and said.overall >= satisfied_from
