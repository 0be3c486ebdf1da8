"""Steps before the first offer that a policy asks for: listening, restating, proof, substance. Pure."""

import re
from collections.abc import Collection
from itertools import groupby
from typing import Annotated

from pydantic import Field

from shared.clocks.amounts import Budget, Clock
from shared.contract.values import Motive, Style
from shared.policy.obligation import PackModel, Severity
from shared.policy.wording_rules import Expression


class AskedFor(PackModel):
    """Complaints for which a step is asked, by style, motive or severity; without an entry none."""

    styles: list[Style] = Field(default_factory=list)
    motives: list[Motive] = Field(default_factory=list)
    severity_from: Severity | None = None

    def why(self, styles: Collection[str], motives: Collection[str], severity: int) -> str | None:
        """Reason for which the step is asked of such a complaint; None if it is not."""
        for kind, asked, known in (("style", self.styles, styles), ("motive", self.motives, motives)):
            if found := next((one for one in asked if one in known), None):
                return f"{kind} {found}"
        grave = self.severity_from is not None and severity >= self.severity_from
        return f"severity {severity}" if grave else None


class UnderstandingTerms(PackModel):
    """Section `understanding` of a pack; an empty one asks for nothing but the gates of every case."""

    listen_first: AskedFor = Field(default_factory=AskedFor)
    restate_first: AskedFor = Field(default_factory=AskedFor)
    restatement: Budget = Budget(clock=Clock.ELAPSED, amount="7d")
    """Time for the complainant to confirm a restatement. Unanswered at its end, it keeps nothing waiting."""
    proof: bool = False
    """Whether the owner's word alone confirms no interest: the complainant does, or their stored words."""
    fallbacks_first: bool = False
    """Whether the first offer waits until the course of each party without agreement is recorded."""


class ResponseTerms(PackModel):
    """Section `response` of a pack: the substance of a response (`sources.md` 55, 64).

    `stock` are words of courtesy. A text without them has at least `least` letters, of which a Han character
    counts two.
    """

    least: Annotated[int, Field(ge=0, le=200)] = 0
    stock: list[Expression] = Field(default_factory=list)


_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def letters_of(text: str) -> int:
    """Letters and digits of a text, of which a Han character counts two; one that is repeated counts once."""
    letters = [one for one, _ in groupby(text.casefold()) if one.isalnum()]
    return sum(2 if _HAN.match(one) else 1 for one in letters)
