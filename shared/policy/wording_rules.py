"""Rules of a pack for texts that the complainant reads: what is a fault, and what only looks like one."""

from typing import Annotated

from pydantic import Field

from shared.contract.wording import WordingKind, WordingLevel
from shared.masking.masker import Kind
from shared.policy.obligation import Id, PackModel, Words

Expression = Annotated[str, Field(min_length=1, max_length=2000)]
"""Words, or a regular expression of RE2. English words match as whole words, in either letter case."""


class WordingRule(PackModel):
    """Fault that is found by expressions, sentence by sentence.

    `spare` are expressions that look like the fault and are none; they are passed over. `without` names a
    list of `wording_expressions`: the sentence is faulty only if it, and the sentence beside it, have none of
    them. `at_least` is the number of hits in the whole text from which they are a fault. `numbers` are kinds
    of numbers of a person that are a fault as well.
    """

    kind: WordingKind
    level: WordingLevel
    find: list[Expression] = Field(default_factory=list)
    spare: list[Expression] = Field(default_factory=list)
    without: Id | None = None
    at_least: Annotated[int, Field(ge=1, le=20)] = 1
    numbers: list[Kind] = Field(default_factory=list)
    reason: Words
    better: Words
