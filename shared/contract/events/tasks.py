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
    reads: list[TextRef] = Field(default_factory=list)
    """Texts that the department may read while the task is open: the record as received, and the task."""


class TaskReported(FromRouting):
    """Message of a department on the progress of its task."""

    NAME = "task_reported"
    task_id: str
    text_ref: TextRef


class TaskUrged(FromRouting):
    """Urging of the people of a department (`to`).

    `why` is a coming due instant, a long silence, or a due instant that has passed. `key` names the planned
    urge, which comes once.
    """

    NAME = "task_urged"
    task_id: str
    unit: str
    why: Literal["reminder", "silence", "overdue"]
    to: list[str]
    key: str


class TaskMoved(FromRouting):
    """Another unit has this part of the complaint from now on; `nobody` where none is left."""

    NAME = "task_moved"
    task_id: str
    unit: str
    was: str
    why: Literal["conflict", "gone"]


class TaskDone(FromRouting):
    """Completion of a department's task.

    With `sign_by` the owner has to countersign it by then, and the task stays open until they do. It is
    absent if the owner or a supervisor finished it.
    """

    NAME = "task_done"
    task_id: str
    text_ref: TextRef
    sign_by: Instant | None = None


class TaskSigned(FromRouting):
    """Countersignature of a finished task; without `accepted` the task is open again, until `due`."""

    NAME = "task_signed"
    task_id: str
    accepted: bool
    due: Instant | None = None
    reason_ref: TextRef | None = None
