"""Sentences of a text, with their places. Pure."""

import re
from dataclasses import dataclass

END = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")
"""End of a sentence. A dot within a number or an address is none."""

SAME = str.maketrans("’‘＇“”，：（）％　", "'''\"\",:()% ")
"""Signs that are written in two ways. Each is replaced by one character, so places stay."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Part of a text from `start` on, with signs in one form."""

    start: int
    plain: str


def in_lines(text: str) -> str:
    """Text with each sentence in a line of its own; every character keeps its place."""
    return END.sub(lambda end: "\n" * len(end[0]), text.translate(SAME))


def sentences(text: str) -> list[Sentence]:
    """Sentences of the text in order; those without a letter or digit are left out."""
    plain, start, found = text.translate(SAME), 0, list[Sentence]()
    for end in [*(match.end() for match in END.finditer(plain)), len(plain)]:
        part = plain[start:end]
        if any(sign.isalnum() for sign in part):
            found.append(Sentence(start, part))
        start = end
    return found
