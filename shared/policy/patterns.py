"""Regular expressions that a policy may contain. RE2 runs them, in time that is linear in the text.

RE2 supports neither look-around nor references to groups, and refuses a pattern that needs too much
memory.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

import re2

SIGNS = frozenset("\\^$.|?*+()[]{}")
"""Signs that make an entry a regular expression."""

MEMORY = 1 << 20
"""Bytes that one pattern may need; a word list's pattern needs some kilobytes."""

MEMORY_TOGETHER = 8 << 20
"""Bytes that all patterns of a list may need together."""

LONGEST = 500
"""Characters of a pattern."""

MOST_HITS = 10
"""Most hits that are counted: each further hit could mean another walk to the end of the text."""

MOST_PLACES = 50
"""Most hits whose places are returned."""


class Pattern(Protocol):
    """Compiled pattern."""

    def hits(self, text: str) -> int:
        """Number of hits in the text, `MOST_HITS` at most."""

    def without(self, text: str) -> str:
        """Text with a space in place of each hit."""

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Places of the hits in the text, `MOST_PLACES` at most."""


class BadPattern(ValueError):
    """RE2 does not take the pattern; the words are the reason."""


class _Compiled:
    def __init__(self, written: str, longest: int = LONGEST, memory: int = MEMORY) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = memory
        if len(written) > longest:
            raise BadPattern(f"it has {len(written)} characters; at most {longest} are taken")
        try:
            self._compiled = re2.compile(written, options)
        except re2.error as error:
            said = error.args[0] if error.args else ""
            raise BadPattern(said.decode() if isinstance(said, bytes) else str(said)) from None

    def hits(self, text: str) -> int:
        return sum(1 for _ in islice(self._compiled.finditer(text), MOST_HITS))

    def without(self, text: str) -> str:
        return str(self._compiled.sub(" ", text))

    def finds(self, text: str) -> bool:
        return self._compiled.search(text) is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [hit.span() for hit in islice(self._compiled.finditer(text), MOST_PLACES) if hit.group()]


def is_pattern(entry: str) -> bool:
    """Whether an entry of a lexicon is a regular expression; any other is found as it is."""
    return not SIGNS.isdisjoint(entry)


def compiled(written: str) -> Pattern:
    """Compile the pattern, without regard to case. Raises `BadPattern`."""
    return _Compiled(written)


def any_of(written: Sequence[str]) -> Callable[[str], bool]:
    """Test whether any of these patterns, each of which is valid, has a hit in a text: one walk for all.

    Where they need too much memory together, it answers that one may have.
    """
    if not written:
        return lambda _: False
    together = "|".join(f"(?:{one})" for one in written)
    try:
        return _Compiled(together, len(together), MEMORY_TOGETHER).finds
    except BadPattern:
        return lambda _: True
