"""Callback attempts: what falls due, what is reported, and what follows. Pure."""

from datetime import datetime

from services.followup import refusals
from services.followup.calling import LONGEST_PUT_OFF, slot_after_failure
from services.followup.new_facts import NewFacts
from services.followup.overdue import climb, next_rung
from services.followup.progress import Opening, Progress
from shared.contract.commands import ReportCallback
from shared.contract.errors import Refusal, refuse
from shared.contract.events import CallbackDue, CallbackReported, Reopened, Signals
from shared.contract.values import Actor


def let_time_pass(new_facts: NewFacts, now: datetime) -> None:
    """Begin the attempt whose window has begun; supersede the one whose window has ended."""
    most = new_facts.opening.policy.callbacks.attempts
    while True:
        progress = new_facts.progress
        if progress.ended or progress.window_start is None or progress.window_end is None:
            return
        if progress.callback == "scheduled" and progress.window_start <= now:
            window = {"window_start": progress.window_start, "window_end": progress.window_end}
            new_facts.add(CallbackDue(attempt=progress.attempt, **window), progress.window_start)
        elif progress.callback == "due" and progress.window_end <= now and progress.attempt < most:
            slot = slot_after_failure(new_facts.opening, progress, now)
            new_facts.schedule(progress.attempt + 1, slot, progress.window_end)
        elif (rung := next_rung(new_facts.opening, progress)) and rung.at <= now:
            climb(new_facts, rung)
        else:
            return


def report(
    new_facts: NewFacts, command: ReportCallback, actor: Actor, now: datetime, signals: Signals | None = None
) -> Refusal | None:
    """Record the result of the attempt that is due, and plan the next attempt or the end. A danger reopens
    the complaint.

    A complainant who was reached may still refuse a verdict.
    """
    if refusal := _why_not_report(new_facts.progress, command, now):
        return refusal
    told = CallbackReported(
        attempt=command.attempt,
        result=command.result,
        again_at=command.again_at,
        evidence_refs=command.evidence,
        text_ref=command.text,
        signals=signals,
    )
    before = new_facts.progress
    new_facts.add(told, now, actor)
    if signals and signals.safety:
        new_facts.reopen(reopened_by_danger(new_facts.opening, signals), now)
        return None
    if command.result == "refused" and _confirmed(new_facts.opening, before, command, actor):
        new_facts.close_without_verdict("refused", now)
    elif new_facts.progress.callback == "reported":
        return None
    elif not _was_last(new_facts.opening, command):
        slot = slot_after_failure(new_facts.opening, before, now, told)
        new_facts.schedule(command.attempt + 1, slot, now)
    elif _witnessed(new_facts.opening, new_facts.progress):
        new_facts.close_without_verdict("not_reached", now)
    return None


def reopened_by_danger(opening: Opening, signals: Signals) -> Reopened:
    """Reopening by a danger: the complaint must be handled, however often it was reopened."""
    return Reopened(why="danger", to_cycle=opening.cycle + 1, signals=signals)


def _was_last(opening: Opening, command: ReportCallback) -> bool:
    """Whether no further call is due.

    A call is due after the last attempt where the complainant named a time, or where nothing confirms
    their refusal. There are never more than twice as many calls as planned.
    """
    planned = opening.policy.callbacks.attempts
    named = command.result == "later" and command.again_at is not None
    most = 2 * planned if named or command.result == "refused" else planned
    return command.attempt >= most


def _witnessed(opening: Opening, progress: Progress) -> bool:
    """Whether there is more evidence for an unreachable complainant than the word of those who handled the
    complaint.

    Without it the last attempt stays due: another person reports it, or the ladder goes on.
    """
    return progress.missed_on_record or not {*progress.missed_by} <= {opening.owner, *opening.handlers}


def _confirmed(opening: Opening, before: Progress, command: ReportCallback, actor: Actor) -> bool:
    """Whether it is surely the complainant's own refusal: a recording, or two people, one no handler.

    Who handled the complaint gains by not being judged.
    """
    if command.evidence:
        return True
    handled = {opening.owner, *opening.handlers}
    others = {*before.refused_by} - {actor.id}
    return bool(others) and not {actor.id, *others} <= handled


def _why_not_report(progress: Progress, command: ReportCallback, now: datetime) -> Refusal | None:
    if progress.callback == "reported" and command.result != "refused":
        return refuse(refusals.REACHED_ALREADY)
    if command.attempt != progress.attempt:
        return refuse(refusals.OTHER_ATTEMPT, attempt=progress.attempt)
    if progress.callback == "scheduled" and progress.window_start is not None:
        due = _written(progress.window_start)
        return refuse(refusals.ATTEMPT_NOT_DUE, attempt=progress.attempt, due=due)
    if command.again_at is not None and command.again_at > now + LONGEST_PUT_OFF:
        return refuse(refusals.AGAIN_TOO_LATE, days=LONGEST_PUT_OFF.days)
    return None


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes").replace("+00:00", "Z")
