"""Findings of the wording gate: faults in a text before the complainant reads it."""

from enum import StrEnum

from pydantic import BaseModel


class WordingKind(StrEnum):
    """Kind of fault in an outgoing text (`sources.md` 54, 56, 58, 59, 62, 70, 97 to 99, 104)."""

    UNDATED_PROMISE = "undated_promise"
    BLAMES_CUSTOMER = "blames_customer"
    ARGUES = "argues"
    REFUSES_WITHOUT_REASON = "refuses_without_reason"
    BLAMES_COLLEAGUE = "blames_colleague"
    FORBIDDEN_PHRASE = "forbidden_phrase"
    ABSOLUTE_PROMISE = "absolute_promise"
    OVER_APOLOGY = "over_apology"
    SLANG = "slang"
    EXPOSES_PERSONAL_DATA = "exposes_personal_data"


class WordingLevel(StrEnum):
    """Effect of a finding: `block` refuses the command; `warn` and `suggest` only report."""

    BLOCK = "block"
    WARN = "warn"
    SUGGEST = "suggest"


class WordingFinding(BaseModel):
    """Fault in an outgoing text: its words, the reason, and a better wording, in both languages.

    `start` and `end` are the place of `words` in the text, in characters. `field` is the field of the
    command that holds the text; a dry run has none. `rule` is the id of the rule in the policy. `because` are
    the words that the model weighs most; it is empty where an expression found the words.
    """

    kind: WordingKind
    level: WordingLevel
    rule: str
    words: str
    start: int
    end: int
    reason: str
    reason_zh: str
    better: str
    better_zh: str
    field: str | None = None
    because: list[str] = []
