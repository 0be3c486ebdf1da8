"""Unicode's normal forms in linear time. Pure.

`unicodedata.normalize` sorts the marks on one letter by insertion: a hundred thousand marks of two kinds on
one letter cost it minutes. People write a few; after thirty a joiner ends the letter, as the Stream-Safe Text
Format of Unicode (UAX 15) has it.
"""

import re
import unicodedata
from typing import Literal

MOST_MARKS = 30
JOINER = "\u034f"


class _Kinds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = found = "m" if unicodedata.combining(chr(code)) else " "
        return found


KINDS = _Kinds()
MARKS = re.compile("m" * MOST_MARKS)


def normal_form(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Text in this normal form."""
    if not text.isascii():
        text = _stream_safe(text)
    return unicodedata.normalize(form, text)


def _stream_safe(text: str) -> str:
    ends = [found.end() for found in MARKS.finditer(text.translate(KINDS))]
    if not ends:
        return text
    parts = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return JOINER.join(parts)
