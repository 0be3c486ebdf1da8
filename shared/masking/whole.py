"""Identifiers that are nothing but a person's number or address. Identifiers travel and cannot be erased.
Pure.

Only an identifier that can hardly be anything else counts. A number of a sender's own list may look like
a telephone of some country, so landlines, numbers without a check digit and cards of unusual lengths
pass.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote_plus

from shared.contract.values.normal_form import normal_form
from shared.masking import cards, identity, phones, spread
from shared.masking.folding import fold
from shared.masking.masker import Kind
from shared.masking.scanning import Care, Spared, digits_of

LABEL = re.compile(r"^(?:tel|phone|mobile|手机|电话)[ :：-]*", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[^\s@/]+")
"""No path and no `user@` of a URI: those point to a system."""

PARTS = re.compile(r"[/?#&=;,.:@!|]")
"""Separators between the parts of a URI."""

CARD_LENGTHS = (15, 16)
MOBILES = ((phones.MOBILE_CN, "CN"), (phones.MOBILE_UK, "GB"))


def whole_number(ref: str, kinds: Collection[Kind]) -> Kind | None:
    """Kind of number that an identifier is, from its first to its last character; None for no number."""
    said = LABEL.sub("", fold(ref).plain.strip())
    if "identity" in kinds and identity.RESIDENT.fullmatch(said) and identity.resident(said):
        return "identity"
    if "card" in kinds and len(digits_of(said)) in CARD_LENGTHS and _is_card(said):
        return "card"
    return "phone" if "phone" in kinds and _is_mobile(said) else None


def number_in_uri(uri: str, kinds: Collection[Kind]) -> Kind | None:
    """Kind of number that a part of a URI is: a folder, a file's name, a value of its query; None for no
    number.
    """
    parts = PARTS.split(unquote_plus(uri))
    return next((kind for part in parts if (kind := whole_number(part, kinds))), None)


def is_email(ref: str) -> bool:
    """Whether an identifier is a person's e-mail address, with `mailto:` or without."""
    return EMAIL.fullmatch(normal_form("NFKC", ref).strip()) is not None


def _is_card(text: str) -> bool:
    found = [*cards.find(text, Care(), Spared("")), *spread.find_spread(text, Care(), Spared(""))]
    return any((one.start, one.end) == (0, len(text)) for one in found)


def _is_mobile(text: str) -> bool:
    """Whether this is a mobile number of China or the UK, or any that is in use and begins with `+`."""
    if text.startswith("+") and phones.ABROAD.fullmatch(text):
        return phones.masked(text, None, strict=True) is not None
    found = (region for shape, region in MOBILES if shape.fullmatch(text))
    return any(phones.masked(text, region, strict=True) for region in found)
