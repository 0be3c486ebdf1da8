"""Masker: finds and covers the kinds of numbers that the policy names. Masking a masked text changes
nothing. Pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from shared.masking import cards, identity, phones, spread
from shared.masking.folding import fold
from shared.masking.scanning import Care, FoundNumber, Spared

Kind = Literal["card", "identity", "phone"]
Finder = Callable[[str, Care, Spared], Iterator[FoundNumber]]

WORTH_A_LOOK = re.compile(r"(?:[0-9][^0-9]*){6}")
"""Six digits; a text without them, as most are, costs one search."""

FINDERS: dict[Kind, tuple[Finder, ...]] = {
    "identity": tuple(shape.find for shape in identity.SHAPES),
    "card": (cards.find, spread.find_spread),
    "phone": tuple(shape.find for shape in phones.SHAPES),
}
"""Kinds in the order in which they are searched: the most certain first."""

NEAR, AROUND = 64, 200
"""Distance within which the end of a number affects a number beside it, and length of the text read around
it.
"""

Region = tuple[int, int]


class Masker:
    """Covers numbers of these kinds: call it with a text. Costs time in proportion to the text."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        wanted = set(kinds)
        self._finders = [finder for kind, finders in FINDERS.items() if kind in wanted for finder in finders]

    def __call__(self, text: str) -> str:
        """Text with `[card ••••1111]`, `[identity ••••]` or `[phone ••••00]` in the place of numbers."""
        folded = fold(text)
        if not WORTH_A_LOOK.search(folded.plain):
            return text
        return "".join(
            _covered(text, ((folded.span(one.start, one.end), one.mask) for one in self.found(folded.plain)))
        )

    def places(self, text: str) -> list[tuple[int, int]]:
        """Places of the numbers in a text, in order."""
        folded = fold(text)
        return [folded.span(one.start, one.end) for one in self.found(folded.plain)]

    def found(self, plain: str) -> list[FoundNumber]:
        """Every number in a folded text, by its place.

        What is covered may leave a whole number beside it, so the neighbourhood is looked at again. Each
        number that is covered takes its digits with it: all rounds together see the text a few times only.
        """
        characters, care, found = list(plain), Care(), list[FoundNumber]()
        regions: list[Region] = [(0, len(plain))]
        while regions:
            new: list[FoundNumber] = []
            for finder in self._finders:
                new += _in_regions(finder, characters, regions, care)
            found += new
            regions = _neighbourhoods(new, len(plain))
        return sorted(found, key=lambda one: one.start)


def _in_regions(
    finder: Finder, characters: list[str], regions: Iterable[Region], care: Care
) -> Iterator[FoundNumber]:
    for start, end in regions:
        begin = max(0, start - AROUND)
        text = "".join(characters[begin : end + AROUND])
        for one in list(finder(text, care, Spared(text))):
            moved = FoundNumber(one.start + begin, one.end + begin, one.mask)
            if start <= moved.start and moved.end <= end:
                # What is covered looks as the mask will, so that masking again finds the same.
                characters[moved.start : moved.end] = ["[", *"•" * (moved.end - moved.start - 2), "]"]
                yield moved


def _neighbourhoods(found: Iterable[FoundNumber], length: int) -> list[Region]:
    regions: list[Region] = []
    for one in sorted(found, key=lambda one: one.start):
        start, end = max(0, one.start - NEAR), min(length, one.end + NEAR)
        if regions and start <= regions[-1][1]:
            regions[-1] = (regions[-1][0], max(end, regions[-1][1]))
        else:
            regions.append((start, end))
    return regions


def _covered(text: str, masks: Iterable[tuple[Region, str]]) -> Iterator[str]:
    at = 0
    for (start, end), mask in masks:
        yield text[at:start]
        yield mask
        at = end
    yield text[at:]
