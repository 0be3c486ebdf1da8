"""Overdue steps of a follow-up: a last attempt that is not reported, a verdict that is not recorded. Pure.

Both have a ladder in the policy. After its last rung the follow-up ends as `unreachable` with the reason.
So it is counted apart from complainants who could not be reached.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from services.followup.new_facts import NewFacts
from services.followup.progress import Opening, Progress
from shared.clocks.budget import due
from shared.contract.events import CallbackOverdue

What = Literal["call", "verdict"]


class Rung(NamedTuple):
    """Next step of an overdue follow-up: a rung, or after the last rung (`role` is None) the end."""

    at: datetime
    what: What
    role: str | None


def next_rung(opening: Opening, progress: Progress) -> Rung | None:
    """Next rung; None while another step is due first."""
    missed = _missed(opening, progress)
    if missed is None:
        return None
    what, since = missed
    plan, calendar = opening.policy.callbacks, opening.policy.calendar
    last = progress.rung_at or since
    if progress.rungs >= len(plan.ladder):
        return Rung(due(last, plan.given_up_after, calendar), what, None)
    step = plan.ladder[progress.rungs]
    at = due(last, step.after, calendar) if step.after else last
    return Rung(at, what, step.to)


def climb(new_facts: NewFacts, rung: Rung) -> None:
    """Publish the notification of the rung, or end the follow-up."""
    progress = new_facts.progress
    if rung.role is None:
        new_facts.close_without_verdict("not_called" if rung.what == "call" else "no_verdict", rung.at)
        return
    to = new_facts.people.at(rung.role)
    fact = CallbackOverdue(attempt=progress.attempt, what=rung.what, level=progress.rungs + 1, to=to)
    new_facts.add(fact, rung.at)


def _missed(opening: Opening, progress: Progress) -> tuple[What, datetime] | None:
    """Step that is waited for, and the instant since which it is or will be late."""
    if progress.ended:
        return None
    last = progress.attempt >= opening.policy.callbacks.attempts
    if progress.callback == "due" and last and progress.window_end:
        return "call", progress.window_end
    if progress.callback == "reported" and progress.reached_at:
        within = opening.policy.callbacks.verdict_within
        return "verdict", due(progress.reached_at, within, opening.policy.calendar)
    return None
