"""Facts of the questions to the complainant, of which none is asked twice."""

from shared.contract.events.base import FromRouting
from shared.contract.values import TextRef


class QuestionAsked(FromRouting):
    """Question to the complainant (`sources.md` 57).

    `question` is a code of the policy's catalogue, absent for a question in words alone. `sent` is true if
    the words of `text_ref` went out as a notice.
    """

    NAME = "question_asked"
    question_id: str
    question: str | None = None
    text_ref: TextRef | None = None
    sent: bool | None = None


class QuestionAnswered(FromRouting):
    """Answer of the complainant to a question; `text_ref` leads to it."""

    NAME = "question_answered"
    question_id: str
    text_ref: TextRef
