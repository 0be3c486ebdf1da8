"""Questions to the complainant, and their answers."""

from pydantic import StrictBool

from shared.contract.commands.base import Token, ToRouting
from shared.contract.values import Text


class Ask(ToRouting):
    """Ask the complainant something, once: by a code of the policy's catalogue, in words, or both.

    `send` is true if the words go out as a notice. Otherwise they were asked in a conversation.
    """

    VERB = "ask"
    TEXTS = ("text",)
    OURS = ("text",)
    TOLD = ("text",)
    question: Token | None = None
    text: Text | None = None
    send: StrictBool = False

    def told(self) -> tuple[str, ...]:
        """Words that were asked in a conversation are a record, and no message."""
        return self.TOLD if self.send else ()


class AnswerQuestion(ToRouting):
    """Record what the complainant answered."""

    VERB = "answer_question"
    TEXTS = ("text",)
    question_id: Token
    text: Text
