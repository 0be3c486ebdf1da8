"""What others inside are told, and given to do."""

from typing import Annotated

from pydantic import Field

from shared.contract.commands.base import Token, ToRouting
from shared.contract.values import A_NUMBER, Code, Instant, Text


class RaiseFeedback(ToRouting):
    """Tell those inside who have to know: one of the six triggers."""

    VERB = "raise_feedback"
    TEXTS = ("text",)
    trigger: Annotated[int, Field(ge=1, le=6), A_NUMBER]
    text: Text


class OpenTask(ToRouting):
    """Give a department its part."""

    VERB = "open_task"
    TEXTS = ("text",)
    unit: Code
    text: Text
    due: Instant | None = None


class FinishTask(ToRouting):
    """A department's part is done."""

    VERB = "finish_task"
    TEXTS = ("text",)
    task_id: Token
    text: Text


class Note(ToRouting):
    """Put a note on the record: stored under its reference, no fact."""

    VERB = "note"
    TEXTS = ("text",)
    text: Text
