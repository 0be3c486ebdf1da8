"""Rules of a pack for texts that the complainant reads: what is a fault, and what only looks like one."""

from typing import Annotated

from pydantic import Field

from shared.contract.wording import WordingKind, WordingLevel
from shared.masking.masker import Kind
from shared.policy.obligation import Id, PackModel, Words

Expression = Annotated[str, Field(min_length=1, max_length=500)]
"""Words, or a regular expression of RE2. English words match as whole words, in either letter case."""


Sure = Annotated[float, Field(ge=0, le=1)]


class WordingRule(PackModel):
    """Fault that is found by expressions, sentence by sentence.

    `spare` are expressions that look like the fault and are none; they are passed over. `without` names a
    list of `wording_expressions`: the sentence is faulty only if it, and the sentence beside it, have none of
    them. `at_least` is the number of hits in the whole text from which they are a fault. `numbers` are kinds
    of numbers of a person that are a fault as well. `learned`: the model finds this kind, too, under this
    rule, and confirms what the expressions find; the first such rule of a kind counts.
    """

    kind: WordingKind
    level: WordingLevel
    find: list[Expression] = Field(default_factory=list)
    spare: list[Expression] = Field(default_factory=list)
    without: Id | None = None
    at_least: Annotated[int, Field(ge=1, le=20)] = 1
    numbers: list[Kind] = Field(default_factory=list)
    learned: bool = False
    reason: Words
    better: Words


class WordingModelTerms(PackModel):
    """Trained model that finds faults besides the rules, and how sure it must be: 0 to 1."""

    model: Id
    """File `classifiers/<model>.tsv` of the pack, of one that it extends, or a built-in file."""
    sha256: str | None = None
    """SHA-256 of that file. Loading a pack fills it in, and refuses another."""
    reported_from: Sure = 0.8
    """Sureness from which the model alone reports a fault."""
    confirmed_from: Sure = 0.45
    """Sureness from which it confirms a fault that the expressions of a learned rule found."""
    level_from: Sure = 0.95
    """Sureness from which a fault that the model alone found has the level of its rule; below, one that would
    block is a warning.
    """
    level_confirmed_from: Sure = 0.7
    """Sureness from which a fault that expressions found has the level of its rule."""
