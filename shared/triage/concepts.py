"""Groups of words that mean one thing, such as everything that burns, found in a text in one walk."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

LONGEST_START = 3
"""Words are looked up by so many of their first characters, or by all where they have fewer."""

WHOLE = "="
"""Mark at the end of an English entry that matches a whole word only. Any other English entry is the
beginning of words.
"""

WEIGHT = 1.0

PLACE = re.compile(r"(?<![a-z])[a-z]|[^a-z\s]")
"""Places at which an entry may begin: the beginning of an English word, and any other character."""

Entry = tuple[str, bool, str]
"""Word, whether it must end where a word ends, and its group."""


class Concepts:
    """Groups of words by name, prepared for the search."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self.groups = groups
        self._by_start: dict[str, list[Entry]] = {}
        for name, entries in groups.items():
            for entry in entries:
                word, whole = entry.lower().removesuffix(WHOLE), entry.endswith(WHOLE)
                self._by_start.setdefault(word[:LONGEST_START], []).append((word, whole, name))

    def parts_of(self, page: str) -> dict[str, float]:
        """Groups of which the text has a word, and each pair of these groups."""
        names = sorted({name for name, _ in self.found(page.lower())})
        together = {f"p:{one}+{other}": WEIGHT for one, other in combinations(names, 2)}
        return {f"c:{name}": WEIGHT for name in names} | together

    def found(self, low: str) -> Iterator[tuple[str, str]]:
        """Each group that is found, with the word, once for each occurrence of the word."""
        by_start = self._by_start
        for place in PLACE.finditer(low):
            at = place.start()
            for size in range(1, LONGEST_START + 1):
                for word, whole, name in by_start.get(low[at : at + size], ()):
                    if low.startswith(word, at) and not (whole and _goes_on(low, at + len(word))):
                        yield name, word


def _goes_on(low: str, end: int) -> bool:
    return "a" <= low[end : end + 1] <= "z"
