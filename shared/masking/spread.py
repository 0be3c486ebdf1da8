"""Payment cards whose groups are far apart, in brackets, or in markup. Pure.

`cards` finds the usual ways of writing. Here more may be between two groups, so the groups must have the
lengths of a printed card, or only blanks, dots and dashes may be between them.
"""

import re
from collections.abc import Iterator, Sequence

from shared.masking import cards
from shared.masking.cards import Span
from shared.masking.scanning import Care, FoundNumber, Spared

MARKUP = r"</?[A-Za-z][^<>]{0,60}>|&(?:[A-Za-z]{2,8}|#[0-9]{1,5}|#x[0-9A-Fa-f]{1,4});|\\[nrt]"
"""Markup: a tag, an HTML entity, an escaped end of line. Its letters and digits are no text."""

SIGN = rf"(?:{MARKUP}|[^\w•]|_|•(?!•))"
RUN = re.compile(rf"(?<![0-9•])[0-9]+(?:{SIGN}{{1,8}}[0-9]+)+")
PART = re.compile(rf"{MARKUP}|(?P<digits>[0-9]+)")
UNSEEN = re.compile(rf"{MARKUP}|\s")

LISTING = frozenset(",;:/|&=+<>，；：、")
"""Separators of the entries of a list. They are between all groups of a card, or between none."""


def find_spread(text: str, care: Care, spared: Spared) -> Iterator[FoundNumber]:
    """Every such card of a folded text, from left to right."""
    for run in RUN.finditer(text):
        if run.end() - run.start() < cards.LEAST:
            continue
        parts = PART.finditer(text, *run.span())
        groups = [part.span() for part in parts if part["digits"]]
        yield from cards.among(text, groups, _card, care, spared)


def _card(text: str, groups: Sequence[Span], at: int) -> int:
    """Number of groups of the card that begins with this group; 0 if none does."""
    if not cards.free_before(text, groups, at):
        return 0
    number, found = "", 0
    for place in range(at, len(groups)):
        start, end = groups[place]
        if len(number) + end - start > cards.MOST:
            break
        number += text[start:end]
        if len(number) >= cards.LEAST and place > at and cards.is_card(number):
            found = place - at + 1 if _is_separate(text, groups, at, place) else found
    return found


def _is_separate(text: str, groups: Sequence[Span], at: int, last: int) -> bool:
    """Whether the groups are those of a card, and neither side goes on in the same way."""
    signs = [_sign(text, groups, place) for place in range(at, last)]
    lengths = [end - start for start, end in groups[at : last + 1]]
    if not _grouped(lengths, signs, whole=at == 0 and last + 1 == len(groups)):
        return False
    if not cards.free_after(text, groups, last):
        return False
    goes_on_before = at > 0 and _sign(text, groups, at - 1) in signs
    goes_on_after = last + 1 < len(groups) and _sign(text, groups, last) in signs
    if LISTING.intersection("".join(signs)):
        return not goes_on_before and (not goes_on_after or _expires(text, groups[last + 1]))
    first = max(0, at - 4) if goes_on_before else at
    behind = last + 5 if goes_on_after else last + 1
    return cards.ends(text, groups[first:behind], at - first, last - first)


def _expires(text: str, group: Span) -> bool:
    return cards.MONTH.fullmatch(text[group[0] : group[1]]) is not None


def _grouped(lengths: Sequence[int], signs: Sequence[str], *, whole: bool) -> bool:
    usual = cards.USUAL.fullmatch(" ".join(map(str, lengths))) is not None
    seen = set("".join(signs))
    if seen & LISTING:
        return usual and len(set(signs)) == 1
    if usual or not cards.PLAIN.issuperset(seen):
        return usual
    if all(length <= 2 for length in lengths):
        return whole and len(set(lengths[:-1])) == 1 and len(set(signs)) == 1
    return all(length >= 3 for length in lengths[:-1]) and set(lengths) != {3}


def _sign(text: str, groups: Sequence[Span], place: int) -> str:
    """Visible characters between this group and the next, without the blanks."""
    return UNSEEN.sub("", text[groups[place][1] : groups[place + 1][0]])
