"""Doing what was agreed, or ending otherwise."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contract.commands.base import Reasoned, Standards, Token, ToRouting, Version
from shared.contract.values import Motive, Ref, Text, is_code

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal digits."""


class CompleteAction(ToRouting):
    """Report an agreed action as done; the evidence is a text or a URI."""

    VERB = "complete_action"
    TEXTS = ("evidence",)
    action_id: Token
    evidence: Text


class Decide(ToRouting):
    """End without agreement: reasons, standards, and where the complainant can go next."""

    VERB = "final_decision"
    TEXTS = ("text",)
    OURS = ("text", "recourse")
    TOLD = ("text", "recourse")
    decision: Literal["upheld", "partly_upheld", "rejected"]
    standards: Standards
    text: Text
    recourse: Ref
    position: Version | None = None

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Codes may travel in the clear; a recourse that is described in words is a text."""
        return ("text",) if is_code(self.recourse) else ("text", "recourse")

    def told(self) -> tuple[str, ...]:
        """Text, and a recourse in words; in place of a code of the policy the complainant reads a title."""
        return self.texts()


class Refer(ToRouting):
    """Hand the complaint to a body outside."""

    VERB = "refer"
    TEXTS = ("reason",)
    to: Ref
    reason: Text
    package_sha256: Digest | None = None
    """SHA-256 that `amends package` printed: the fact has it, so that the body can check its package."""

    def told(self) -> tuple[str, ...]:
        """Name of the body, which the notice quotes; a code of the policy is no text of staff."""
        return () if is_code(self.to) else ("to",)

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Codes may travel in the clear; an outside body that is described in words is a text."""
        return ("reason",) if is_code(self.to) else ("reason", "to")


class Withdraw(Reasoned):
    """Withdraw the complaint, as the complainant wishes. The owner needs the consent of a second person."""

    VERB = "withdraw"


class Release(Reasoned):
    """Release open items that keep the complaint from ending: the complainant alone, or two people of staff.

    `items` are ids of an agreed action, a department's task, an offer or a request; `response` is the
    first response.
    """

    VERB = "release"
    items: Annotated[list[Token], Field(min_length=1, max_length=50)]
