"""Search for numbers in folded text: where they may begin and end, and the words around them. Pure.

Every pattern matches a bounded number of characters, so a search takes time in proportion to the text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

APART = "[ .-]{0,3}"
"""Characters allowed between the groups of a number."""

START = r"(?<![0-9])(?<![0-9][-.])(?:(?<![0-9]/)|(?<=[0-9]{7}/))"
END = r"(?![0-9])(?![-.][0-9])(?:(?!/[0-9])|(?=/[1-9](?:[ -]?[0-9]){6}))"
"""Borders of a whole number: not a part of a longer number, a date, an amount or a serial number.

After a slash another number may follow, which has seven digits or more.
"""

ORDER = re.compile(
    r"(?:订单|单|运单|快递|快件|包裹|邮件|邮包|物流|顺丰|圆通|中通|申通|韵达|京东|流水|发票|工单|投诉|编|货|型|序列"
    r"|批|保单|案|取件)\s{0,2}(?:号码|编号|单号|号|码)?[\s是为:#-]{0,4}$"
    r"|\b(?:order|tracking|parcel|package|shipment|consignment|waybill|awb|delivery|courier|dhl|ups|usps|fedex"
    r"|invoice|ref(?:erence)?|serial|ticket|case|model|sku|imei|part|batch|policy|transaction|receipt|article"
    r"|item|complaint)s?\b\.?[\s#:-]{0,4}"
    r"(?:(?:no|number|num|id|nr|code|is|was|with|my|the|its|tracking)\b\.?[\s#:-]{0,4}){0,4}$",
    re.IGNORECASE,
)
"""Words right before a number that make it the number of a thing, such as an order."""

MONEY_BEFORE = re.compile(r"(?:[¥￥$£€]|\b(?:rmb|cny|usd|gbp|eur|hkd|us))\s?$", re.IGNORECASE)
MONEY_AFTER = re.compile(
    r"\s?(?:元|块|圆|万|美元|英镑|rmb|cny|usd|gbp|eur|hkd|yuan|dollars|pounds)\b", re.IGNORECASE
)
UNIT_AFTER = re.compile(r"\s?(?:元|块|圆|万)")

WORD_BEFORE = re.compile(r"(?<![A-Za-z_])([A-Za-z_]{1,24})-?$")
WORD_AFTER = re.compile(r"[A-Za-z_]")
CODE_BEFORE = re.compile(r"(?P<digit>[0-9]?)(?P<word>(?<![A-Za-z_])[A-Za-z_]{1,32})(?P<dash>-?)$")
CODE_AFTER = re.compile(r"_?[A-Za-z]{1,32}[_-]?[0-9]|[A-Fa-f]{6}")
THINGS = re.compile(
    r"(?:my|the|your)?(?:ord|invoice|inv|track|parcel|pack|ship|consign|waybill|awb|deliver|courier|serial|sn|sku"
    r"|ref|ticket|case|txn|trx|trans|receipt|article|item|part|batch|policy|imei|model|complaint|rma|po|so|uuid"
    r"|dhl|ups|usps|fedex|sf|jd|yt|zto|sto)",
    re.IGNORECASE,
)
"""Begins a word that may touch the number of a thing, as in `orderNo4111…`."""

LABELS = frozenset(
    (
        *("tel", "phone", "mobile", "mob", "cell", "call", "sms", "text", "wechat", "whatsapp", "me", "on"),
        *("at", "is", "card", "visa", "mastercard", "amex", "unionpay", "pan", "id", "ssn", "nhs", "nino"),
        *("ni", "no", "number"),
    )
)
"""Words that may touch a number without making it a part of a name such as `ORD4111…`."""

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}$")
REST = re.compile(r"[!-~]*")
UUID = re.compile(
    r"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])", re.IGNORECASE
)
COMPLAINT = re.compile(r"(?<![0-9A-Za-z])C[a-z2-7]{15}(?![0-9A-Za-z])")

LOOK_BACK = 64
MOST = 1000
"""Most candidates of a text that are examined in detail. Further candidates are covered by their shape
alone.
"""


@dataclass(frozen=True)
class FoundNumber:
    """Number from `start` to `end` of the folded text, and its replacement."""

    start: int
    end: int
    mask: str


class Care:
    """Number of candidates that may still be examined in detail."""

    def __init__(self, left: int = MOST) -> None:
        self.left = left

    def spend(self) -> bool:
        """Whether one more may be."""
        self.left -= 1
        return self.left >= 0


class Spared:
    """Parts of a folded text that name something: URIs, UUIDs, complaint ids."""

    def __init__(self, text: str) -> None:
        parts = [
            *_uris(text),
            *(m.span() for m in UUID.finditer(text)),
            *(m.span() for m in COMPLAINT.finditer(text)),
        ]
        self._parts = sorted(parts)
        self._starts = [start for start, _ in self._parts]

    def holds(self, place: int) -> bool:
        """Whether the character at `place` is in such a part."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._parts[at][1]


def _uris(text: str) -> Iterator[tuple[int, int]]:
    """URIs of a text. Evidence may be a URI, and with a covered number it could not be opened."""
    at = text.find("://")
    while at >= 0:
        scheme = SCHEME.search(text[max(0, at - 31) : at])
        end = at + 3
        if scheme and (rest := REST.match(text, at)):
            end = rest.end()
            yield at - len(scheme.group()), end
        at = text.find("://", end)


@dataclass(frozen=True)
class Shape:
    """Shape of a kind of number. The group `n`, if there is one, is the number.

    `judge` gives the replacement of a candidate, or None if it is not such a number. `blind` gives it
    without a close look. `sure`: a number that `judge` accepts cannot be the number of a thing, also when
    the words around it suggest one.
    """

    pattern: re.Pattern[str]
    judge: Callable[[str], str | None]
    blind: Callable[[str], str]
    sure: bool = False

    def find(self, text: str, care: Care, spared: Spared) -> Iterator[FoundNumber]:
        """Every number of this shape, from left to right, none within another."""
        at, group = 0, "n" if "n" in self.pattern.groupindex else 0
        while match := self.pattern.search(text, at):
            start, end = match.span(group)
            mask = self._mask(text, start, end, care, spared)
            at = match.start() + 1
            if mask is not None:
                yield FoundNumber(start, end, mask)
                at = end

    def _mask(self, text: str, start: int, end: int, care: Care, spared: Spared) -> str | None:
        candidate = text[start:end]
        if not self.sure and spared.holds(start):
            return None
        if not care.spend():
            return self.blind(candidate)
        return None if not self.sure and is_of_a_thing(text, start, end) else self.judge(candidate)


def is_of_a_thing(text: str, start: int, end: int) -> bool:
    """Whether the words around it make it an order number, a part of a name, or an amount."""
    before = text[max(0, start - LOOK_BACK) : start]
    after = text[end : end + 10]
    touching = WORD_BEFORE.search(before) if text[start].isdigit() else None
    if touching and touching.group(1).lower() not in LABELS:
        return True
    if WORD_AFTER.match(after) and not MONEY_AFTER.match(after):
        return text[end - 1].isdigit()
    return named_as_a_thing(text, start, end)


def named_as_a_thing(text: str, start: int, end: int) -> bool:
    """Whether the words before it make it an order number, or the signs beside it an amount."""
    before = text[max(0, start - LOOK_BACK) : start]
    after = text[end : end + 10]
    return bool(
        ORDER.search(before)
        or MONEY_BEFORE.search(before)
        or MONEY_AFTER.match(after)
        or UNIT_AFTER.match(after)
    )


def in_a_code(text: str, start: int, end: int) -> bool:
    """Whether the letters that touch it make a code of it, as machines write: `ORD4111…`, `9f4111…a0`."""
    front = CODE_BEFORE.search(text[max(0, start - LOOK_BACK) : start])
    if CODE_AFTER.match(text[end : end + LOOK_BACK]):
        return True
    if not front or (word := front["word"].strip("_")).lower() in LABELS:
        return False
    joined, upper = front["word"].endswith("_") or front["dash"], word.isupper() and len(word) > 1
    return bool(joined or upper or front["digit"] or THINGS.match(word))


def digits_of(candidate: str) -> str:
    """Only the digits."""
    return "".join(character for character in candidate if "0" <= character <= "9")
