"""Parts of a sentence that the model of the wording gate weighs: words, runs of Chinese characters, marks,
and groups of words, alone and in twos. Pure.
"""

import re
from collections.abc import Mapping
from math import sqrt

from shared.triage.concepts import Concepts
from shared.triage.reading import CHINESE, WORD

LONGEST_RUN = 4
"""Chinese characters of the longest part."""

START = 5
"""Letters of the beginning of a longer word, which is the same in its forms."""

PAIR = 0.5
"""Value of two groups together, beside 1 of each."""

MARKS = "!?~"
DIGIT = re.compile(r"\d")


def parts(concepts: Concepts, page: str) -> dict[str, float]:
    """All parts of a page that `marked` made; words and groups weigh the same together."""
    low = page.lower()
    words = _even(dict.fromkeys((*_english(low), *_chinese(low), *_signs(low)), 1.0))
    meant = {name: PAIR if name.startswith("p:") else 1.0 for name in concepts.parts_of(low)}
    return words | _even(meant)


def _even(found: Mapping[str, float]) -> dict[str, float]:
    length = sqrt(sum(much * much for much in found.values())) or 1.0
    return {part: much / length for part, much in found.items()}


def _english(low: str) -> list[str]:
    words = WORD.findall(low)
    runs = [f"{size}w:{' '.join(run)}" for size in (2, 3) for run in _runs(words, size)]
    return [f"w:{one}" for one in words] + [f"h:{one[:START]}" for one in words if len(one) > START] + runs


def _runs(words: list[str], size: int) -> list[list[str]]:
    return [words[at : at + size] for at in range(len(words) - size + 1)]


def _chinese(low: str) -> list[str]:
    return [
        f"{size}:{run[at : at + size]}"
        for run in CHINESE.findall(low)
        for size in range(1, LONGEST_RUN + 1)
        for at in range(len(run) - size + 1)
    ]


def _signs(low: str) -> list[str]:
    return [f"s:{mark}" for mark in MARKS if mark in low] + ["s:digit"] * bool(DIGIT.search(low))
