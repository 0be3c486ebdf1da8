"""Count the words of a policy's lexicon in texts: counts and codes come out, no words. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from shared.contract.events import Signals
from shared.contract.values import Category, Motive, MotiveGuess, Style
from shared.policy.models import Lexicon
from shared.policy.patterns import Pattern, compiled, is_pattern

Code = TypeVar("Code")
Entry = tuple[Code, str, Pattern | None]
"""Code, and the word that points to it, or an empty word and a pattern."""

LATIN = re.compile("[a-z]")

SURE = 0.95
SOURCE = "lexicon"


class Finder:
    """Lexicon of a policy, prepared for counting. Upper and lower case are the same."""

    def __init__(self, lexicon: Lexicon) -> None:
        whole = _Entries.of(lexicon)
        self._with_english, self._without = whole, whole.without_english()

    def signals(self, texts: Iterable[str | None]) -> Signals:
        """Signals found in these texts together."""
        text = "\n".join(text for text in texts if text).lower()
        entries = self._with_english if LATIN.search(text) else self._without
        motives = [
            MotiveGuess(motive=motive, confidence=confidence(hits), source=SOURCE)
            for motive, hits in _hits(entries.motives, text).items()
        ]
        return Signals(
            categories=_hits(entries.categories, text),
            motives=sorted(motives, key=lambda guess: -guess.confidence),
            styles=list(_hits(entries.styles, text)),
            safety=bool(_hits(entries.safety, _without(entries.harmless, text))),
        )

    def without_harmless(self, text: str) -> str:
        """Text in lower case without its figures of speech and negations."""
        return _without(self._with_english.harmless, text.lower())


def confidence(hits: int) -> float:
    """Confidence by the number of hits: a half for the first hit; each further hit adds half of the rest to
    1.
    """
    return min(round(1 - 0.5**hits, 2), SURE)


@dataclass(frozen=True)
class _Entries:
    categories: list[Entry[Category]]
    motives: list[Entry[Motive]]
    styles: list[Entry[Style]]
    safety: list[Entry[bool]]
    harmless: list[Entry[bool]]

    @classmethod
    def of(cls, lexicon: Lexicon) -> "_Entries":
        return cls(
            _entries(lexicon.categories),
            _entries(lexicon.motives),
            _entries(lexicon.styles),
            _entries({True: lexicon.safety}),
            _entries({True: lexicon.harmless}),
        )

    def without_english(self) -> "_Entries":
        """Entries that a text without Latin letters can match: this saves half of the searches."""
        return _Entries(
            _not_english(self.categories),
            _not_english(self.motives),
            _not_english(self.styles),
            _not_english(self.safety),
            _not_english(self.harmless),
        )


def _not_english(entries: list[Entry[Code]]) -> list[Entry[Code]]:
    return [entry for entry in entries if not LATIN.search(entry[1])]


def _entries(lexicon: Mapping[Code, Iterable[str]]) -> list[Entry[Code]]:
    return [_entry(code, entry) for code, entries in lexicon.items() for entry in entries]


def _entry(code: Code, entry: str) -> Entry[Code]:
    """Prepare an entry: Chinese matches as written, English as whole words, a pattern as a pattern."""
    if is_pattern(entry):
        return code, "", compiled(entry)
    return code, entry.lower(), None


@cache
def _whole(word: str) -> re.Pattern[str]:
    """Expression for an English word as a whole; made when a text has it, since most words occur in none."""
    return re.compile(rf"\b{word}\b", re.ASCII)


def _hits(entries: list[Entry[Code]], text: str) -> dict[Code, int]:
    """Number of hits of each code. The cheap test comes first: most entries occur in no text at all."""
    hits: dict[Code, int] = {}
    for code, entry, pattern in entries:
        if entry in text:
            hits[code] = hits.get(code, 0) + _count(entry, pattern, text)
    return {code: count for code, count in hits.items() if count}


def _without(harmless: list[Entry[bool]], text: str) -> str:
    """Text without its figures of speech and negations: "fire that clerk", 没有受伤."""
    for _, entry, pattern in harmless:
        if entry not in text:
            continue
        if pattern is not None:
            text = pattern.without(text)
        elif entry.isascii():
            text = _whole(entry).sub(" ", text)
        else:
            text = text.replace(entry, " ")
    return text


def _count(entry: str, pattern: Pattern | None, text: str) -> int:
    if pattern is not None:
        return pattern.hits(text)
    return len(_whole(entry).findall(text)) if entry.isascii() else text.count(entry)
