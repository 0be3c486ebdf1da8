"""Doing what was agreed, or ending otherwise."""

from collections.abc import Collection
from typing import Literal

from shared.contract.commands.base import Reasoned, Standards, Token, ToRouting
from shared.contract.values import Motive, Ref, Text, is_code


class CompleteAction(ToRouting):
    """An agreed action is done; evidence is a text or a URI."""

    VERB = "complete_action"
    TEXTS = ("evidence",)
    action_id: Token
    evidence: Text


class Decide(ToRouting):
    """End without agreement: reasons, standards, and where the complainant can go next."""

    VERB = "final_decision"
    TEXTS = ("text",)
    OURS = ("text", "recourse")
    decision: Literal["upheld", "partly_upheld", "rejected"]
    standards: Standards
    text: Text
    recourse: Ref

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A code may travel; where the complainant can go next, told in words, is a text."""
        return ("text",) if is_code(self.recourse) else ("text", "recourse")


class Refer(ToRouting):
    """Hand the complaint to a body outside."""

    VERB = "refer"
    TEXTS = ("reason",)
    to: Ref
    reason: Text

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A code may travel; a body that is described in words is a text."""
        return ("reason",) if is_code(self.to) else ("reason", "to")


class Withdraw(Reasoned):
    """The complainant takes the complaint back."""

    VERB = "withdraw"
