"""Split a text into the parts that a classifier uses: words, pairs of words, Chinese characters, signs of
anger.

Each function reads a text once, from left to right. A text longer than a page is read at both ends.
"""

import re
from functools import lru_cache
from itertools import pairwise
from math import log2

from shared.contract.values.normal_form import normal_form

PAGE = 6_000
"""Characters that are read at each end of a long text."""

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
CHINESE = re.compile("[\u4e00-\u9fff]+")
SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
ANGRY_FACES = re.compile("[😡😤🤬💢👎🙄👏]")

TOGETHER, MOST_PIECES = 2, 16
"""Number of sentences in a piece, and limit of pieces; in a text of many sentences, a piece has more of
them.
"""

GRAMS = (4, 5)
"""Lengths of the groups of letters of a word: they find it in spite of a typing mistake or another ending."""

ENDINGS = ("'s", "ing", "edly", "ed", "es", "ly", "s")
SHORTEST_STEM = 3
MOSTLY = 0.5
ENOUGH_LETTERS = 8
LONGEST_BUCKET = 6
CHARACTERS_OF_A_WORD = 1.7
"""Number of Chinese characters that are as long as one English word."""


FUNCTION_WORDS = frozenset({
    "the", "a", "an", "and", "of", "to", "in", "on", "at", "for", "is", "are", "was", "were", "be",
    "been", "being", "it", "its", "this", "that", "these", "those", "with", "as", "by", "from", "or",
    "so", "have", "has", "had", "there", "then", "than", "which", "into", "about", "just", "also",
    "very", "too", "some", "any", "such", "under", "said", "do", "does", "did",
})  # fmt: skip
"""English words that occur in every kind of text: alone they are no evidence of anything."""


def page_of(text: str) -> str:
    """Text in normal form, and of a long text only a page at each end."""
    if len(text) > 2 * PAGE:
        text = f"{text[:PAGE]}\n{text[-PAGE:]}"
    return normal_form("NFKC", text).replace("’", "'")


def sentences(page: str) -> list[str]:
    """Overlapping pieces of a few sentences: a danger may need two sentences, and has little weight in a long
    text.
    """
    parts = [part for part in SENTENCE_END.split(page) if part.strip()]
    if len(parts) <= TOGETHER:
        return []
    together = max(TOGETHER, -(-2 * len(parts) // MOST_PIECES))
    step = max(1, together // 2)
    return [" ".join(parts[at : at + together]) for at in range(0, len(parts) - step, step)]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """English word without its usual endings."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


FUNCTION_STEMS = frozenset(map(stem, FUNCTION_WORDS))


def parts_of(page: str) -> dict[str, float]:
    """Parts of the text, each once, with its value."""
    low = page.lower()
    return _english(low) | _chinese(low) | _signs(page, low)


def _english(low: str) -> dict[str, float]:
    stems = [stem(word) for word in WORD.findall(low)]
    pairs = {f"b:{one} {two}": 1.0 for one, two in pairwise(stems)}
    return {f"w:{one}": 1.0 for one in stems if one not in FUNCTION_STEMS} | pairs


def spellings_of(page: str) -> set[str]:
    """Groups of letters of the English words, with the ends of words."""
    return {gram for word in set(WORD.findall(page.lower())) for gram in _grams(word)}


@lru_cache(maxsize=20_000)
def _grams(word: str) -> tuple[str, ...]:
    whole = f"<{word}>"
    return tuple(
        dict.fromkeys(f"g:{whole[at : at + size]}" for size in GRAMS for at in range(len(whole) - size + 1))
    )


def _chinese(low: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for run in CHINESE.findall(low):
        last = len(run) - 1
        for at, character in enumerate(run):
            found[f"1:{character}"] = 0.5
            if at < last:
                found[f"2:{run[at : at + 2]}"] = 1.0
            if at < last - 1:
                found[f"3:{run[at : at + 3]}"] = 1.0
    return found


def _signs(page: str, low: str) -> dict[str, float]:
    """Capitals, marks, faces and the length: how something is written."""
    letters = [one for one in page if one.isascii() and one.isalpha()]
    shouting = len(letters) >= ENOUGH_LETTERS and sum(map(str.isupper, letters)) / len(letters) > MOSTLY
    present = {
        "s:capitals": 2.0 * shouting,
        "s:a word in capitals": 1.0 * (not shouting and bool(SHOUTED.search(page))),
        "s:!": 1.0 * ("!" in page),
        "s:several !": 1.5 * (page.count("!") > 1),
        "s:!!": 1.5 * ("!!" in page),
        "s:?": 1.0 * ("?" in page),
        "s:??": 1.5 * any(marks in page for marks in ("??", "?!", "!?")),
        "s:angry face": 1.5 * bool(ANGRY_FACES.search(page)),
        f"s:length {_length(low)}": 0.7,
    }
    return {name: weight for name, weight in present.items() if weight}


def _length(low: str) -> int:
    runs = CHINESE.findall(low)
    words = len(CHINESE.sub(" ", low).split()) + sum(map(len, runs)) / CHARACTERS_OF_A_WORD
    return min(LONGEST_BUCKET, int(log2(words + 1)))


def is_shown(part: str) -> bool:
    """Whether a part has a meaning for a person who reads it."""
    return not part.startswith(("1:", "s:length", "g:"))
