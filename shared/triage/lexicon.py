"""Count the words of a policy's lexicon in texts: counts and codes come out, no words. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from shared.contract.events import Signals
from shared.contract.values import Category, Motive, MotiveGuess, Style
from shared.policy.models import Lexicon
from shared.policy.patterns import Pattern, any_of, compiled, is_pattern

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
        plain = _without(entries.harmless, text)
        motives = [
            MotiveGuess(motive=motive, confidence=confidence(hits), source=SOURCE)
            for motive, hits in _hits(entries.motives, text).items()
        ]
        return Signals(
            categories=_hits(entries.categories, text),
            motives=sorted(motives, key=lambda guess: -guess.confidence),
            styles=list(_hits(entries.styles, text)),
            safety=bool(_hits(entries.safety, plain) or _hits(entries.certain, plain)),
        )

    def certain(self, text: str) -> bool:
        """Whether the text has words of a danger that no model may overrule."""
        low = text.lower()
        entries = self._with_english if LATIN.search(low) else self._without
        return bool(_hits(entries.certain, _without(entries.harmless, low)))

    def danger_words(self, text: str) -> list[str]:
        """Words of danger in the text. Only for people who may read the text."""
        left = _without(self._with_english.harmless, text.lower())
        listed = (*self._with_english.certain.entries, *self._with_english.safety.entries)
        hits = (_shown(entry, pattern, left) for _, entry, pattern in listed)
        return [word for word in hits if word]

    def without_harmless(self, text: str) -> str:
        """Text in lower case without its figures of speech and negations."""
        return _without(self._with_english.harmless, text.lower())


def confidence(hits: int) -> float:
    """Confidence by the number of hits: a half for the first hit; each further hit adds half of the rest to
    1.
    """
    return min(round(1 - 0.5**hits, 2), SURE)


@dataclass(frozen=True)
class _Listed(Generic[Code]):
    """Entries of one list. `patterned` tests whether any of its patterns has a hit: most texts have none."""

    entries: list[Entry[Code]]
    patterned: Callable[[str], bool]

    def without_english(self) -> "_Listed[Code]":
        return _Listed([entry for entry in self.entries if not LATIN.search(entry[1])], self.patterned)


@dataclass(frozen=True)
class _Entries:
    categories: _Listed[Category]
    motives: _Listed[Motive]
    styles: _Listed[Style]
    safety: _Listed[bool]
    harmless: _Listed[bool]
    certain: _Listed[bool]

    @classmethod
    def of(cls, lexicon: Lexicon) -> "_Entries":
        return cls(
            _entries(lexicon.categories),
            _entries(lexicon.motives),
            _entries(lexicon.styles),
            _entries({True: lexicon.safety}),
            _entries({True: lexicon.harmless}),
            _entries({True: lexicon.certain}),
        )

    def without_english(self) -> "_Entries":
        """Entries that a text without Latin letters can match: this saves half of the searches."""
        return _Entries(
            self.categories.without_english(),
            self.motives.without_english(),
            self.styles.without_english(),
            self.safety.without_english(),
            self.harmless.without_english(),
            self.certain.without_english(),
        )


def _entries(lexicon: Mapping[Code, Iterable[str]]) -> _Listed[Code]:
    listed = [(code, entry) for code, entries in lexicon.items() for entry in entries]
    patterned = any_of([entry for _, entry in listed if is_pattern(entry)])
    return _Listed([_entry(code, entry) for code, entry in listed], patterned)


def _entry(code: Code, entry: str) -> Entry[Code]:
    """Prepare an entry: Chinese matches as written, English as whole words, a pattern as a pattern."""
    if is_pattern(entry):
        return code, "", compiled(entry)
    return code, entry.lower(), None


@cache
def _whole(word: str) -> re.Pattern[str]:
    """Expression for an English word as a whole; made when a text has it, since most words occur in none."""
    return re.compile(rf"\b{word}\b", re.ASCII)


def _hits(listed: _Listed[Code], text: str) -> dict[Code, int]:
    """Number of hits of each code. The cheap test comes first: most entries occur in no text at all."""
    hits: dict[Code, int] = {}
    patterned = listed.patterned(text)
    for code, entry, pattern in listed.entries:
        if entry in text and (patterned or pattern is None):
            hits[code] = hits.get(code, 0) + _count(entry, pattern, text)
    return {code: count for code, count in hits.items() if count}


def _without(harmless: _Listed[bool], text: str) -> str:
    """Text without its figures of speech and negations: "fire that clerk", 没有受伤."""
    whole, patterned = text, harmless.patterned(text)
    for _, entry, pattern in harmless.entries:
        if entry not in text:
            continue
        if pattern is not None:
            if patterned or text != whole:  # what was taken out may make room for a pattern
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


def _shown(entry: str, pattern: Pattern | None, text: str) -> str:
    """First words of the text that an entry finds; empty if there are none."""
    if pattern is None:
        return entry if entry in text and _count(entry, None, text) else ""
    start, end = next(iter(pattern.spans(text)), (0, 0))
    return text[start:end]
