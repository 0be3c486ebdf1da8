"""Texts, and the words that may travel in their place."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.contract.values.characters import TEXT_PATTERN, plain_line, plain_ref, plain_text
from shared.contract.values.problems import with_words

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200_000),
    AfterValidator(plain_text),
    Field(json_schema_extra={"pattern": TEXT_PATTERN}),
]
"""Free text, no control characters but line ends and tabs, nothing that turns the direction of writing.

It never leaves the service that received it; a `TextRef` goes on instead.
"""

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(plain_line),
    Field(json_schema_extra={"pattern": TEXT_PATTERN}),
]
"""Word or sentence: it travels in the clear if it is a code (`is_code`), else it is encrypted and stored."""

CODE = with_words(
    r"^\w[\w .:/&+()-]{0,63}$",
    "must be a word or two of at most 64 letters, digits and plain signs",
    "必须是不超过 64 个字母、数字和普通符号的词",
)

Code = Annotated[str, StringConstraints(pattern=CODE), AfterValidator(plain_ref)]
"""Word of a sender's own list, in any script; `is_code` decides whether it travels in the clear."""

DESCRIBED = "described"
"""Word in a fact in place of a code that was described in words; the reference beside it leads to the
words.
"""

CODE_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,63}")
SOMEBODYS_NUMBER = re.compile(
    r"[0-9](?:[-._:/]?[0-9]){6}"
    r"|(?<![A-Za-z0-9])[A-Za-z]{2}(?:[-._:/]?[0-9]{2}){3}[-._:/]?[A-Da-d](?![A-Za-z0-9])"
)
"""Seven digits, however grouped: telephones, cards and identity numbers have no fewer. Britain's have six."""


def is_code(value: str) -> bool:
    """Whether a value may travel in the clear; any other value is a text, and is encrypted and stored.

    A code is one token of Latin letters. Two words may be a name. Chinese is written without blanks, so a
    word of it cannot be distinguished from a sentence.
    """
    return CODE_WORD.fullmatch(value) is not None and SOMEBODYS_NUMBER.search(value) is None
