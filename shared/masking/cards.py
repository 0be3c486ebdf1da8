"""Payment cards: the issuers' prefixes and lengths, and the check digit (Luhn). Pure."""

import re

from stdnum import luhn

from shared.masking.scanning import END, START, Shape, digits_of

PATTERN = re.compile(rf"{START}[1-9](?:[ -]?[0-9]){{12,18}}{END}")

ISSUED = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]+"  # Mastercard, by length below
    r"|3[47][0-9]{13}"  # American Express
    r"|(?:62|81)[0-9]{14,17}"  # UnionPay
    r"|(?:6011|64[4-9]|65)[0-9]+"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]+"  # JCB
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}"  # Diners Club
    r"|(?:50|5[6-9]|6[37])[0-9]+"  # Maestro, and debit cards of Chinese banks
    r"|(?:955|956)[0-9]{16}"
)

LENGTHS = (13, 14, 15, 16, 17, 18, 19)


def masked(candidate: str) -> str | None:
    """The last four digits may stay: a receipt shows them, and the complainant finds the card by them."""
    number = digits_of(candidate)
    if len(number) not in LENGTHS or not ISSUED.fullmatch(number) or not _grouped(candidate):
        return None
    if number[0] == "5" and number[1] in "12345" and len(number) != 16:
        return None
    return f"[card ••••{number[-4:]}]" if luhn.is_valid(number) else None


def _grouped(candidate: str) -> bool:
    """Digits that are set apart stand in groups of three or more: `1 2 3 4 …` is a list."""
    groups = re.split(r"[ -]", candidate)
    return len(groups) == 1 or all(len(group) >= 3 for group in groups[:-1])


SHAPES = (Shape(PATTERN, masked),)
