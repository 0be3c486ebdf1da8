"""Groups of words that mean one thing, such as everything that burns, found in a text in one walk."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

LONGEST_START = 3
"""Words are looked up by so many of their first characters, or by all where they have fewer."""

WHOLE = "="
"""Mark at the end of an English entry that matches a whole word only. Any other English entry is the
beginning of words.
"""

GAP = "…"
"""Mark between two words of an entry: the second follows the first in the same sentence, not far away."""

FAR = 20
"""Most characters of a gap."""

WEIGHT = 1.0

PLACE = re.compile(r"(?<![a-z])[a-z]|[^a-z\s]")
"""Places at which an entry may begin: the beginning of an English word, and any other character."""

STOP = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")


class Beginning(NamedTuple):
    """Word, whether it must end where a word ends, what must follow it, and the group."""

    word: str
    whole: bool
    then: str
    group: str


class Concepts:
    """Groups of words by name, prepared for the search."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self.groups = groups
        self._by_start: dict[str, list[Beginning]] = {}
        for name, entries in groups.items():
            for entry in entries:
                first, _, then = entry.lower().partition(GAP)
                one = Beginning(first.removesuffix(WHOLE), first.endswith(WHOLE), then, name)
                self._by_start.setdefault(one.word[:LONGEST_START], []).append(one)

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
                for one in by_start.get(low[at : at + size], ()):
                    if low.startswith(one.word, at) and _holds(low, at, one):
                        yield one.group, f"{one.word}{GAP}{one.then}" if one.then else one.word


def _holds(low: str, at: int, entry: Beginning) -> bool:
    end = at + len(entry.word)
    if entry.whole and "a" <= low[end : end + 1] <= "z":
        return False
    if entry.word.isdigit() and not _a_number(low, at, end):
        return False
    return not entry.then or _follows(low[end : end + FAR + len(entry.then)], entry.then)


def _a_number(low: str, at: int, end: int) -> bool:
    """Whether the digits are a whole number: 87 is an age, but none in the reference 4f87c or in 87.50."""
    before, after = low[max(0, at - 2) : at], low[end : end + 2]
    return not re.search(r"[a-z0-9]$|[0-9][.,]$", before) and not re.match(r"[a-z0-9]|[.,][0-9]", after)


def _follows(tail: str, then: str) -> bool:
    """Whether a word follows in the same sentence; an English one at the beginning of a word."""
    stop = STOP.search(tail)
    near = tail[: stop.start()] if stop else tail
    at = near.find(then)
    return at >= 0 and (not "a" <= then[0] <= "z" or not near[:at] or not "a" <= near[at - 1] <= "z")
