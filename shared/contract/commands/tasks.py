"""Internal feedback, and tasks of departments."""

from collections.abc import Collection
from typing import Annotated

from pydantic import Field, StrictBool

from shared.contract.commands.base import Token, ToRouting
from shared.contract.values import A_NUMBER, Instant, Line, Motive, Text, is_code


class RaiseFeedback(ToRouting):
    """Raise one of the six triggers of internal feedback, for the people inside who have to know."""

    VERB = "raise_feedback"
    TEXTS = ("text",)
    trigger: Annotated[int, Field(ge=1, le=6), A_NUMBER]
    text: Text


class AcknowledgeFeedback(ToRouting):
    """Confirm that a recipient of internal feedback has read it. The feedback's clock runs until all have."""

    VERB = "acknowledge_feedback"
    feedback_id: Token


class OpenTask(ToRouting):
    """Give a department its part. A department that is not named by a code is encrypted and stored."""

    VERB = "open_task"
    TEXTS = ("text",)
    unit: Line
    text: Text
    due: Instant | None = None

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Codes may travel in the clear; a department that is described in words is a text."""
        return ("text",) if is_code(self.unit) else ("text", "unit")


class FinishTask(ToRouting):
    """Report a department's part as done; the owner countersigns what others report."""

    VERB = "finish_task"
    TEXTS = ("text",)
    task_id: Token
    text: Text


class ReportTask(ToRouting):
    """Report how a department's part is getting on: its silence ends."""

    VERB = "report_task"
    TEXTS = ("text",)
    task_id: Token
    text: Text


class CountersignTask(ToRouting):
    """Accept the finished part of a department, or refuse it with a reason: then the task is open again."""

    VERB = "countersign_task"
    TEXTS = ("reason",)
    OURS = ("reason",)
    task_id: Token
    accepted: StrictBool
    reason: Text | None = None
    due: Instant | None = None


class Note(ToRouting):
    """Put a note on the record: stored under its reference, no fact."""

    VERB = "note"
    TEXTS = ("text",)
    text: Text
