"""Whatever reads a text from outside takes time in proportion to its length, up to 256 KiB.

Compared is the processor time of this process for a text and for one of four times its length: the least of
a few tries, so that other processes do not count. Four times the work is about four; squared it is sixteen.
"""

import os
import time
from collections.abc import Callable

import pytest

from tests.unit.outside_texts import readers, refused

THOROUGH = int(os.environ.get("AMENDS_THOROUGH", "1")) > 1
SHORT = 65_536 if THOROUGH else 8_192
TIMES = 4
LINEAR = 9.0
NOISE = 0.02
"""Seconds: what takes less for the longer text may take them as it likes."""

TRIES = 5

READERS = readers()

TEXTS: dict[str, Callable[[int], str]] = {
    part: (lambda length, part=part: (part * length)[:length])  # type: ignore[misc]
    for part in (
        "1 ", "1", "a", "ab ", "a1", "aa!", "!", " ", "\n", "\u200b", "\u2009", "👍", "a\u0301",
        "1\u0301", "'", "_", "11010519491231002X/", "4111111111111111 ", "4111 1111 1111 1112 ",
        "4 1 ", "13800138000,", "0123 4567 ", "+1234567 ", "(0", "00", "x://", "x:", "://1",
        "a.b-c+", "@a", "a@b.", "/", "%25", "&a=", "NHS 1", "AB12 ", "order ", "order no no ",
        "单号", "第", "退款", "ﷺ", "C234567", "550e8400-", "1.", "1/2/", "\\", "\"", "\": ", "[",
        "{\"a\":", "- ", "a: ", "? ", "!!", "&a ", "*a ", "#", "1:1", "一", "幺", "C", "٣",
        "1<b>", "1&#32;", "&#32;", "<b", "4111 (", "4111    1111    1111    1111    ", "1……", "•1",
    )
}  # fmt: skip
TEXTS["brackets in each other"] = lambda length: "[" * (length // 2) + "]" * (length // 2)
TEXTS["a, then no end"] = lambda length: "a" * (length - 1) + "b"
TEXTS["spaces, then a letter"] = lambda length: "x" + " " * (length - 2) + "x"
TEXTS["marks of two kinds"] = lambda length: "a" + "\u0301\u0323" * (length // 2)
TEXTS["a letter in marks"] = lambda length: "a" + "\u0301" * (length - 1)


def seconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def grows(reader: Callable[[str], object], text: Callable[[int], str], short: int) -> float:
    """By how much four times the text costs more, as well as can be measured; 0 for what costs nothing."""
    brief, long = text(short), text(short * TIMES)
    reader(text(64))
    least_long = seconds(lambda: refused(reader, long))
    if least_long < NOISE:
        return 0.0
    least_brief = seconds(lambda: refused(reader, brief))
    for _ in range(TRIES):
        if least_long / max(least_brief, NOISE / 100) <= LINEAR:
            break
        least_long = min(least_long, seconds(lambda: refused(reader, long)))
        least_brief = min(least_brief, seconds(lambda: refused(reader, brief)))
    return least_long / max(least_brief, NOISE / 100)


@pytest.mark.parametrize("name", sorted(READERS))
def test_time_grows_as_the_text_does(name: str) -> None:
    def reader(text: str) -> None:
        refused(READERS[name], text)

    steep = {
        ascii(part): round(factor, 1)
        for part, text in TEXTS.items()
        if (factor := grows(reader, text, SHORT)) > LINEAR
    }
    assert steep == {}


def test_nonlinear_code_would_be_seen() -> None:
    def squared(text: str) -> int:
        return sum(1 for place in range(0, len(text), 64) if text[place:].count("a") < 0)

    assert grows(squared, lambda length: "b" * length, 65_536) > LINEAR
