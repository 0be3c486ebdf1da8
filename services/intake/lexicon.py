"""What the texts point to, found before they are put away: counts and codes, no words. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from shared.contract.events import Signals
from shared.contract.values import MotiveGuess
from shared.policy.models import Lexicon

Code = TypeVar("Code")
Counter = Callable[[str], int]

PATTERN = re.compile(r"[\\^$.|?*+()\[\]{}]")
"""An entry with one of these characters is a regular expression."""

PATTERN_LIMIT = 2000
"""Regular expressions see only so many characters: a hostile text must not cost seconds."""

SURE = 0.95
SOURCE = "lexicon"


class Finder:
    """A policy's lexicon, made ready to count with. Case does not matter."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._categories = _counters(lexicon.categories)
        self._motives = _counters(lexicon.motives)
        self._styles = _counters(lexicon.styles)
        self._safety = _counters({True: lexicon.safety})

    def signals(self, texts: Iterable[str | None]) -> Signals:
        """What is found in these texts together."""
        said = "\n".join(text for text in texts if text).lower()
        motives = [
            MotiveGuess(motive=motive, confidence=confidence(hits), source=SOURCE)
            for motive, hits in _found(self._motives, said).items()
        ]
        return Signals(
            categories=_found(self._categories, said),
            motives=sorted(motives, key=lambda guess: -guess.confidence),
            styles=list(_found(self._styles, said)),
            safety=bool(_found(self._safety, said)),
        )


def confidence(hits: int) -> float:
    """How sure so many hits make us: a half for one, then half of what is missing for each further one."""
    return min(round(1 - 0.5**hits, 2), SURE)


def _counters(entries: Mapping[Code, Iterable[str]]) -> dict[Code, list[Counter]]:
    return {code: [_counter(entry.lower()) for entry in words] for code, words in entries.items()}


def _counter(entry: str) -> Counter:
    """How to count an entry: Chinese as it stands, English as whole words, patterns as such."""
    if PATTERN.search(entry):
        return partial(_patterns, re.compile(entry))
    if entry.isascii():
        return partial(_whole_words, entry, re.compile(rf"\b{entry}\b", re.ASCII))
    return partial(_plain, entry)


def _plain(entry: str, said: str) -> int:
    return said.count(entry)


def _whole_words(entry: str, pattern: re.Pattern[str], said: str) -> int:
    """The cheap look first: most entries stand in no text at all."""
    return len(pattern.findall(said)) if entry in said else 0


def _patterns(pattern: re.Pattern[str], said: str) -> int:
    return len(pattern.findall(said[:PATTERN_LIMIT]))


def _found(counters: Mapping[Code, list[Counter]], said: str) -> dict[Code, int]:
    counts = {code: sum(count(said) for count in words) for code, words in counters.items()}
    return {code: hits for code, hits in counts.items() if hits}
