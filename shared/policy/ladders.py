"""Ladders that cannot be climbed: rungs in the wrong order, below one before, or before the start."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from shared.clocks.amounts import Budget
from shared.clocks.budget import due, instant_before
from shared.clocks.calendar import Calendar
from shared.policy.chains import OWNER
from shared.policy.obligation import Step
from shared.policy.problems import Loc

Found = Iterator[tuple[Loc, str]]


def ladder_problems(
    ladder: list[Step], rungs: list[str], budget: Budget | None = None, calendar: Calendar | None = None
) -> Found:
    """Problems of a ladder, below its entry; `budget` and `calendar` are those of its clock.

    `rungs` are the roles above agents, from the lowest.
    """
    wrong = [*_unknown(ladder, rungs)]
    order = () if wrong else _order(ladder, [OWNER, *rungs])
    for loc, sentence in (*wrong, *_rungs(ladder), *order, *_start(ladder, budget, calendar)):
        yield ("ladder", *loc), sentence


def _unknown(ladder: list[Step], rungs: list[str]) -> Found:
    """Roles that the pack does not have."""
    for number, step in enumerate(ladder):
        if step.to not in (OWNER, *rungs):
            allowed = ", ".join((OWNER, *rungs))
            yield (number, "to"), f"there is no level {step.to!r}; allowed are {allowed}"
        for place, role in enumerate(step.copy_to):
            if role not in rungs:
                sentence = f"there is no level {role!r}; allowed are {', '.join(rungs)}"
                yield (number, "copy_to", place), sentence


def unheard(ladder: list[Step]) -> Found:
    """Check that the breach of a deadline is reported to at least one person."""
    if all(step.before for step in ladder):
        sentence = (
            "needs a rung without `before`: a person must be notified when it runs out, such as {to: lead}"
        )
        yield ("ladder",), sentence


def _rungs(ladder: list[Step]) -> Found:
    """Each rung by itself."""
    reminders = [step.name for step in ladder if step.before and step.name]
    first = next((number for number, step in enumerate(ladder) if step.before is None), len(ladder))
    for number, step in enumerate(ladder):
        if step.before and step.after:
            yield (number, "after"), "a rung has `before` or `after`, not both"
        if step.before and step.name not in reminders:
            yield (number,), "needs a `name`: it is what the reminder is known by"
        elif step.before and step.name and reminders.count(step.name) > 1:
            yield (number, "name"), f"{step.name!r} is named twice; each reminder needs a name of its own"
        if step.before and step.repeat:
            yield (number, "repeat"), "a reminder comes once; allowed is `repeat` on the last rung"
        if step.repeat and not step.after:
            yield (number, "repeat"), "a rung that repeats needs `after`, the time in between"
        if step.repeat and number < len(ladder) - 1:
            yield (number, "repeat"), "the rungs after it would never be reached; allowed on the last rung"
        if number > first and step.before is None and step.after is None:
            yield (number,), "needs `after`: only one rung may be at the breach itself"


def _order(ladder: list[Step], roles: list[str]) -> Found:
    """Each rung against the one before: later in time, and never to a lower role."""
    for number, (below, step) in enumerate(pairwise(ladder), start=1):
        if roles.index(step.to) < roles.index(below.to):
            allowed = ", ".join(roles[roles.index(below.to) :])
            yield (number, "to"), f"{step.to} is below {below.to} of the rung before; allowed are {allowed}"
        if step.before is None:
            continue
        if below.before is None:
            yield (number, "before"), "goes back in time: reminders come before the rungs after the breach"
        elif below.before.clock != step.before.clock:
            yield (number, "before"), f"all reminders need one clock; allowed is {below.before.clock}"
        elif step.before.duration >= below.before.duration:
            sentence = f"goes back in time: must be nearer to the due instant than {below.before.amount}"
            yield (number, "before", "amount"), sentence


def _start(ladder: list[Step], budget: Budget | None, calendar: Calendar | None) -> Found:
    """No reminder before the clock starts; shorter budgets of a severity do without."""
    for number, step in enumerate(ladder):
        if budget is None or step.before is None:
            continue
        if step.before.clock == budget.clock:
            never = step.before.duration >= budget.duration
        else:
            never = calendar is not None and not _ever_after_the_start(budget, step.before, calendar)
        if never:
            sentence = f"lies before the start: must be shorter than the budget of {budget.amount}"
            yield (number, "before", "amount"), sentence


def _ever_after_the_start(budget: Budget, before: Budget, calendar: Calendar) -> bool:
    """Whether a clock that starts at any third hour of the last published year reminds after its start.

    How long one clock's time lasts by another depends on the day: only what never comes is wrong.
    """
    first = datetime(calendar.published_through.year, 1, 1, tzinfo=UTC)
    starts = (first + timedelta(hours=hours) for hours in range(0, 366 * 24, 3))
    return any(instant_before(due(start, budget, calendar), before, calendar) > start for start in starts)
