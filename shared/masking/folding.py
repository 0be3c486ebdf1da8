"""Folding: each digit, space and dash in one form, by Unicode class, with the way back to the original text.
Pure.

A number that is written with thin spaces, zero-width characters, tabs, line breaks or the digits of
another script is the same number. Every search for numbers reads the folded text.
"""

import re
import unicodedata
from dataclasses import dataclass

DOTS = dict.fromkeys("·․‧∙⋅・･．", ".")
SIGNS = {
    "−": "-",
    "＋": "+",
    "（": "(",
    "）": ")",
    "／": "/",
    "：": ":",
    "＿": "_",
    "＃": "#",
    "＊": "*",
    "｜": "|",
}
SAME = DOTS | SIGNS
"""Signs between digits that no Unicode class identifies."""

WHITE = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
DROPPED = frozenset(("Cc", "Cf", "Mn", "Me"))
"""Classes of invisible characters between two digits: format characters, combining marks, controls."""

CHINESE = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
SPELLED = re.compile(f"[{''.join(CHINESE)}]{{7,}}")
"""Seven or more Chinese digits in a row: a number that is spelled, not words."""


class _Folds(dict[int, str | None]):
    """Folded form of each character; each is worked out once."""

    def __missing__(self, code: int) -> str | None:
        self[code] = found = _fold(chr(code))
        return found


def _fold(character: str) -> str | None:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in SAME:
        return SAME[character]
    kind = unicodedata.category(character)
    if character in WHITE or kind[0] == "Z":
        return " "
    if kind == "Pd":
        return "-"
    if kind in DROPPED:
        return None
    is_wide = "！" <= character <= "～" and kind[0] == "L"
    return chr(ord(character) - 0xFEE0) if is_wide else character


FOLDS = _Folds()


@dataclass(frozen=True)
class Folded:
    """Text in its folded form. `places` are the positions of its characters in the original; None means the
    same positions.
    """

    original: str
    plain: str
    places: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Position in the original of a part of the folded text, with the marks on its last character."""
        if self.places is None:
            return start, end
        first, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.original) and unicodedata.category(self.original[last])[0] == "M":
            last += 1
        return first, last


def fold(text: str) -> Folded:
    """Fold a text in one pass."""
    plain = text.translate(FOLDS)
    places = None
    if len(plain) != len(text):
        places = [place for place, character in enumerate(text) if FOLDS[ord(character)] is not None]
    return Folded(text, SPELLED.sub(_in_digits, plain), places)


def _in_digits(found: re.Match[str]) -> str:
    return "".join(CHINESE[character] for character in found[0])
