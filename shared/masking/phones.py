"""Telephone numbers as people of China, the UK and the US write them, and those with a country code. Pure."""

import re
from functools import partial

import phonenumbers
from phonenumbers import PhoneNumberType

from shared.masking.scanning import APART, END, START, Shape, digits_of

ABROAD = re.compile(rf"(?<![0-9+])(?:\+ ?|00)[1-9](?:[ ().-]{{0,3}}[0-9]){{7,14}}{END}")
MOBILE_CN = re.compile(rf"{START}(?:86{APART})?1[3-9][0-9]{APART}[0-9]{{4}}{APART}[0-9]{{4}}{END}")
SPACED_CN = re.compile(r"(?<![0-9] )(?<![0-9.-])1[ .-][3-9](?:[ .-][0-9]){9}(?![ .-]?[0-9])")
LANDLINE_CN = re.compile(
    rf"{START}\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{APART}[2-9][0-9]{{2,3}}{APART}[0-9]{{4}}{END}"
)
MOBILE_UK = re.compile(rf"{START}07[0-9]{{3}}{APART}[0-9]{{3}}{APART}[0-9]{{3}}{END}")
LANDLINE_UK = re.compile(rf"{START}\(?0[123][0-9]{{1,4}}\)?(?:{APART}[0-9]){{5,8}}{END}")
UNITED_STATES = re.compile(
    rf"{START}(?:1[ .-]{{1,3}})?(?:\([2-9][0-9]{{2}}\) {{0,2}}|[2-9][0-9]{{2}}[ .-]{{1,3}})"
    rf"[2-9][0-9]{{2}}[ .-]{{1,3}}[0-9]{{4}}{END}"
)

OF_COMPANIES = (PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)

FICTION = "555"
"""Area code of American examples; no subscriber has it."""


def masked(candidate: str, region: str | None, strict: bool) -> str | None:
    """Mask all but the last two digits, so that two numbers in one text can be distinguished.

    `strict`: the shape alone is weak evidence, so the number must be of a range that is in use.
    """
    written = digits_of(candidate)
    if region is None:
        written = f"+{written.removeprefix('00')}"
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    in_use = phonenumbers.is_valid_number(number) or (region == "US" and FICTION in written)
    if (strict and not in_use) or not phonenumbers.is_possible_number(number):
        return None
    if phonenumbers.number_type(number) in OF_COMPANIES:
        return None
    return f"[phone ••••{(number.national_number or 0) % 100:02}]"


def _blind(candidate: str) -> str:
    return f"[phone ••••{digits_of(candidate)[-2:]}]"


SHAPES = tuple(
    Shape(pattern, partial(masked, region=region, strict=strict), _blind)
    for pattern, region, strict in (
        (ABROAD, None, False),
        (MOBILE_CN, "CN", True),
        (SPACED_CN, "CN", True),
        (LANDLINE_CN, "CN", True),
        (MOBILE_UK, "GB", False),
        (LANDLINE_UK, "GB", True),
        (UNITED_STATES, "US", True),
    )
)
