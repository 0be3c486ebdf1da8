"""Facts of internal feedback, and of departments' tasks."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, TextRef


class FeedbackRaised(FromRouting):
    """Internal feedback by one of the six triggers (`sources.md` 95); 3 and 4 are immediate.

    Each person in `to` has to acknowledge it by `due`. Feedback of earlier releases has neither id nor clock.
    """

    NAME = "feedback_raised"
    trigger: Annotated[int, Field(ge=1, le=6)]
    to: list[str]
    text_ref: TextRef
    feedback_id: str | None = None
    due: Instant | None = None


class FeedbackAcknowledged(FromRouting):
    """Acknowledgement of internal feedback by its actor; `waiting` are those who have not done so yet."""

    NAME = "feedback_acknowledged"
    feedback_id: str
    waiting: list[str]


class TaskOpened(FromRouting):
    """Task of a department (`sources.md` 63).

    `unit` is a code. For a department that was described in words it is `described`, and `unit_ref` leads
    to the words. `due` is the instant that the command named, else the instant that the policy gives such
    a task (`limits.task`).
    """

    NAME = "task_opened"
    task_id: str
    unit: str
    unit_ref: TextRef | None = None
    due: Instant | None = None
    text_ref: TextRef


class TaskMoved(FromRouting):
    """Another unit has this part of the complaint from now on; `nobody` where none is left."""

    NAME = "task_moved"
    task_id: str
    unit: str
    was: str
    why: Literal["conflict", "gone"]


class TaskDone(FromRouting):
    """Completion of a department's task."""

    NAME = "task_done"
    task_id: str
    text_ref: TextRef
