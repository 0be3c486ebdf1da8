"""Identity numbers: China's resident id, UK's National Insurance and NHS, US social security. Pure."""

import re

from stdnum.cn import ric
from stdnum.gb import nhs
from stdnum.us import ssn

from shared.masking.scanning import APART, END, START, Shape, digits_of

MASK = "[identity ••••]"
"""No digit stays: with a birthday or a region, a few are enough to find the person."""

RESIDENT = re.compile(
    rf"{START}[1-9](?:{APART}[0-9]){{5}}{APART}(?:1{APART}9|2{APART}0)(?:{APART}[0-9]){{9}}"
    rf"{APART}[0-9Xx](?![0-9A-Za-z])"
)
INSURANCE = re.compile(
    r"(?<![0-9A-Za-z])(?!BG|GB|KN|NK|NT|TN|ZZ)(?:QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
    r"([ .-]{0,2})[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1[A-D](?![0-9A-Za-z])",
    re.IGNORECASE,
)
HEALTH_GROUPED = re.compile(rf"{START}[0-9]{{3}}([ .-]{{1,2}})[0-9]{{3}}\1[0-9]{{4}}{END}")
SECURITY_GROUPED = re.compile(rf"{START}[0-9]{{3}}([ .-]{{1,2}})[0-9]{{2}}\1[0-9]{{4}}{END}")

PRINTED = ("078-05-1120", "219-09-9999")
"""Never given out, but printed on cards that many took for their own."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def _after(words: str, digits: int) -> re.Pattern[str]:
    """Pattern of this many bare digits right after these words. Without the words, the digits could be
    anything.
    """
    named = rf"(?<![A-Za-z])(?:{words})(?: (?:no|number|num|id))?\.?(?: (?:is|was))?[ :#-]{{0,3}}"
    return re.compile(rf"{named}(?P<n>[0-9]{{{digits}}}){END}", re.IGNORECASE)


HEALTH_NAMED = _after("NHS", 10)
SECURITY_NAMED = _after("SSN|social security", 9)


def resident(candidate: str) -> str | None:
    """18 characters with a birthday and a check digit (身份证)."""
    number = _bare(candidate)
    return MASK if _checked(number) and ric.is_valid(number) else None


def _checked(number: str) -> bool:
    """Whether the check digit is right: this is cheap, and wrong for nearly everything else."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:17], strict=True))
    return CHECKS[total % 11] == number[17]


def insurance(candidate: str) -> str | None:
    """Two letters, six digits, a letter: there is no check digit. `QQ` is the authority's own example."""
    return MASK


def health(candidate: str) -> str | None:
    """Ten digits with a check digit."""
    return MASK if nhs.is_valid(digits_of(candidate)) else None


def security(candidate: str) -> str | None:
    """Nine digits in the ranges that are given out: there is no check digit."""
    number = digits_of(candidate)
    grouped = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    return MASK if ssn.is_valid(grouped) or grouped in PRINTED else None


def _bare(candidate: str) -> str:
    return "".join(character for character in candidate if character not in " .-").upper()


def _blind(candidate: str) -> str:
    return MASK


SHAPES = (
    Shape(RESIDENT, resident, _blind, sure=True),
    Shape(INSURANCE, insurance, _blind),
    Shape(HEALTH_GROUPED, health, _blind),
    Shape(HEALTH_NAMED, health, _blind),
    Shape(SECURITY_GROUPED, security, _blind),
    Shape(SECURITY_NAMED, security, _blind),
)
