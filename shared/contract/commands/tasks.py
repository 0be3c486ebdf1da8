"""What others inside are told, and given to do."""

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from shared.contract.commands.base import Token, ToRouting
from shared.contract.values import A_NUMBER, Instant, Line, Motive, Text, is_code


class RaiseFeedback(ToRouting):
    """Tell those inside who have to know: one of the six triggers."""

    VERB = "raise_feedback"
    TEXTS = ("text",)
    trigger: Annotated[int, Field(ge=1, le=6), A_NUMBER]
    text: Text


class OpenTask(ToRouting):
    """Give a department its part. One that is not named by a code is put away."""

    VERB = "open_task"
    TEXTS = ("text",)
    unit: Line
    text: Text
    due: Instant | None = None

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A code may travel; a department that is described in words is a text."""
        return ("text",) if is_code(self.unit) else ("text", "unit")


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
