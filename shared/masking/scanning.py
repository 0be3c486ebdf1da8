"""Finding numbers in running text: where they may begin and end, and what stands around them. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

START = r"(?<![0-9])(?<![0-9][-./])"
END = r"(?![0-9])(?![-./][0-9])"
"""A number is a whole one: not a part of a longer number, a date, an amount or a serial number."""

ORDER = re.compile(
    r"(?:订单|单|运单|快递|物流|流水|发票|工单|投诉|编|货|型|序列|批|保单|案)\s*(?:号码|编号|号|码)?[\s是为:：#＃-]{0,4}$"
    r"|\b(?:order|tracking|parcel|invoice|ref(?:erence)?|serial|ticket|case|model|sku|imei|part|batch|policy"
    r"|transaction|receipt|article|item)\b\.?[\s#:-]*(?:(?:no|number|num|id|nr|code|is|was)\b\.?[\s#:-]*){0,3}$",
    re.IGNORECASE,
)
"""Whoever writes this right before a number says that it is the number of a thing."""

MONEY_BEFORE = re.compile(r"(?:[¥￥$£€]|\b(?:rmb|cny|usd|gbp|eur|hkd|us))\s?$", re.IGNORECASE)
MONEY_AFTER = re.compile(
    r"\s?(?:元|块|圆|万|美元|英镑|rmb|cny|usd|gbp|eur|hkd|yuan|dollars|pounds)\b", re.IGNORECASE
)
UNIT_AFTER = re.compile(r"\s?(?:元|块|圆|万)")

WORD_BEFORE = re.compile(r"([A-Za-z_]+)-?$")
WORD_AFTER = re.compile(r"[A-Za-z_]")
LABELS = {
    *(
        "tel",
        "phone",
        "mobile",
        "mob",
        "cell",
        "call",
        "sms",
        "text",
        "wechat",
        "whatsapp",
        "me",
        "on",
        "at",
        "is",
    ),
    *(
        "card",
        "visa",
        "mastercard",
        "amex",
        "unionpay",
        "pan",
        "id",
        "ssn",
        "nhs",
        "nino",
        "ni",
        "no",
        "number",
    ),
}
"""Words that may touch a number without making it a part of a name such as `ORD4111…`."""

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]*$")
"""Evidence may be a URI; with a number covered, nobody would find it."""

LOOK_BACK = 120


@dataclass(frozen=True)
class Found:
    """A number from `start` to `end` of the text, and what is to be read in its place."""

    start: int
    end: int
    mask: str


@dataclass(frozen=True)
class Shape:
    """How a kind of number looks.

    `judge` says what to put in the place of a candidate, or None if it is not such a number. `sure`: what it
    knows cannot be the number of a thing, whatever the words around it say.
    """

    pattern: re.Pattern[str]
    judge: Callable[[str], str | None]
    sure: bool = False


def look(text: str, shape: Shape) -> Iterator[Found]:
    """Every number of this shape, from left to right, none within another.

    `text` has plain digits (`plain`); places are those of the original.
    """
    at = 0
    while match := shape.pattern.search(text, at):
        spared = not shape.sure and _is_of_a_thing(text, match)
        mask = None if spared else shape.judge(match.group())
        if mask is None:
            at = match.start() + 1
        else:
            yield Found(match.start(), match.end(), mask)
            at = match.end()


def _is_of_a_thing(text: str, match: re.Match[str]) -> bool:
    """Whether the words around it say that it is an order number, a part of a name, or an amount."""
    before = text[max(0, match.start() - LOOK_BACK) : match.start()]
    after = text[match.end() : match.end() + 10]
    touching = WORD_BEFORE.search(before) if match.group()[0].isdigit() else None
    if touching and touching.group(1).lower() not in LABELS:
        return True
    if WORD_AFTER.match(after) and not MONEY_AFTER.match(after):
        return match.group()[-1].isdigit()
    return bool(
        URI.search(before)
        or ORDER.search(before)
        or MONEY_BEFORE.search(before)
        or MONEY_AFTER.match(after)
        or UNIT_AFTER.match(after)
    )


PLAIN = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    ord("（"): "(",
    ord("）"): ")",
    ord("＋"): "+",
    ord("－"): "-",
    ord("–"): "-",
    ord("‐"): "-",
    ord("\u00a0"): " ",
    ord("\u3000"): " ",
}


def plain(text: str) -> str:
    """The same text, character for character, with plain digits, signs and spaces."""
    return text.translate(PLAIN)


def digits_of(candidate: str) -> str:
    """Only the digits."""
    return "".join(character for character in candidate if "0" <= character <= "9")
