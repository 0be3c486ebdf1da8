"""Ladder inside a department: the instants at which it is urged, and the facts of it. Pure (`sources.md` 63).

The case works the instants out under its pinned rules; the workflow of the task (`task_workflow.py`) waits
for them, and signals each to the case. The case records each once, also if its signal comes twice.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, cast

from pydantic import BaseModel, Field

from services.routing.rules.facts import CaseFact
from services.routing.rules.gates import OVER
from services.routing.rules.state import CaseState, DepartmentTask
from shared.clocks.budget import due, instant_before
from shared.contract.events import TaskUrged
from shared.contract.values import NOBODY, Instant

Why = Literal["reminder", "silence", "overdue"]


class Urge(BaseModel):
    """Instant at which a department is urged. `key` names it once and for all."""

    key: str
    at: Instant


class Plan(BaseModel):
    """Present plan of one task: all that its workflow knows. `over`: the workflow ends."""

    complaint_id: str
    task_id: str
    version: int
    urges: list[Urge] = Field(default_factory=list)
    known: list[str] = Field(default_factory=list)
    """Urges that came."""
    over: bool = False

    def same(self, other: "Plan | None") -> bool:
        """Whether the other plan asks for the same."""
        return other is not None and (self.urges, self.over) == (other.urges, other.over)


def plans(state: CaseState) -> Iterator[Plan]:
    """Plan of each task of the complaint."""
    for task in state.tasks:
        over = task.done or state.merged_into is not None or state.stage in OVER
        yield Plan(
            complaint_id=state.complaint_id,
            task_id=task.task_id,
            version=state.seq,
            urges=[] if over or task.finished else sorted(_urges(state, task), key=lambda one: one.at),
            known=task.urged,
            over=over,
        )


def urged(state: CaseState, task_id: str, key: str) -> list[CaseFact]:
    """Fact that the department was urged; none for a task that is over, or an urge that is known."""
    task = next((one for one in state.tasks if one.task_id == task_id), None)
    planned = next((one for one in plans(state) if one.task_id == task_id), None)
    if task is None or planned is None or key in task.urged:
        return []
    if key not in {one.key for one in planned.urges}:
        return []  # it was planned before the task changed
    why = cast(Why, key.partition(":")[0])
    to = _asked(state, task, above=why == "overdue" and not key.startswith("overdue:0"))
    return [TaskUrged(task_id=task_id, unit=task.unit, why=why, to=to, key=key)]


def _urges(state: CaseState, task: DepartmentTask) -> Iterator[Urge]:
    clock, terms, calendar = state.clock(task.task_id), state.pinned.limits.inside, state.pinned.calendar
    if clock is None or task.reported_at is None:
        return
    until, began = clock.due, task.opened_at or clock.started_at
    for budget in terms.remind:
        at = instant_before(until, budget, calendar)
        if at > began:
            yield _urge("reminder", at, until)
    at = due(task.reported_at, terms.silence, calendar)
    for _ in range(terms.most):
        if at >= until:
            break
        yield _urge("silence", at, at)
        at = due(at, terms.silence, calendar)
    at = until
    for number in range(terms.most):
        yield _urge(f"overdue:{number}", at, until)
        at = due(at, terms.chase, calendar)


def _urge(why: str, at: datetime, named: datetime) -> Urge:
    """Urge whose key changes with the instant that it depends on."""
    return Urge(key=f"{why}:{named:%Y%m%dT%H%M%S}", at=at)


def _asked(state: CaseState, task: DepartmentTask, *, above: bool) -> list[str]:
    """Lead of the department, later also its head; the owner where the roster has neither."""
    heads = state.people.heads.get(task.unit, [])[: 2 if above else 1]
    free = [one for one in heads if one != NOBODY and not state.concerned.holds(one)]
    return free or [state.owner]
