"""Contradictions in a catalogue of standards: overlapping versions, and words in one language only."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from shared.policy.models import Pack
from shared.policy.obligation import Language, Standard
from shared.policy.problems import Loc

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def standard_problems(pack: Pack) -> Iterator[tuple[Loc, str]]:
    """Standards that end too soon, that leave out a language, or share a day with another version."""
    for number, one in enumerate(pack.standards):
        if _since(one) > _until(one):
            yield ("standards", number, "valid_until"), f"ends before it begins, on {one.valid_from}"
        missing = [language for language in LANGUAGES if one.text and not one.text.get(language)]
        for language in missing:
            yield ("standards", number, "text"), f"has no words in {language}; write it in zh and en"
    for (_, one), (later, other) in combinations(enumerate(pack.standards), 2):
        if one.id == other.id and _overlap(one, other):
            sentence = (
                f"{one.id!r} has another version for the same days; let one end before the other begins "
                "(`valid_until`, `valid_from`)"
            )
            yield ("standards", later, "id"), sentence


def _overlap(one: Standard, other: Standard) -> bool:
    return _since(one) <= _until(other) and _since(other) <= _until(one)


def _since(one: Standard) -> date:
    return one.valid_from or date.min


def _until(one: Standard) -> date:
    return one.valid_until or date.max
