"""Identity numbers: China's resident id, UK's National Insurance and NHS, US social security. Pure."""

import re

from stdnum.cn import ric
from stdnum.gb import nhs
from stdnum.us import ssn

from shared.masking.scanning import END, START, Shape, digits_of

MASK = "[identity ••••]"
"""No digit stays: with a birthday or a region, a few are enough to find the person."""

RESIDENT = re.compile(rf"{START}[1-9][0-9]{{5}}[ -]?(?:19|20)[0-9]{{6}}[ -]?[0-9]{{3}}[0-9Xx](?![0-9A-Za-z])")
INSURANCE = re.compile(
    r"(?<![0-9A-Za-z])(?!BG|GB|KN|NK|NT|TN|ZZ)(?:QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
    r"([ -]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1[A-D](?![0-9A-Za-z])",
    re.IGNORECASE,
)
HEALTH_GROUPED = re.compile(rf"{START}[0-9]{{3}}([ -])[0-9]{{3}}\1[0-9]{{4}}{END}")
NHS = ("NHS ", "NHS: ", "NHS no ", "NHS number ", "NHS number: ", "NHS number is ")
SSN = ("SSN ", "SSN: ", "SSN is ", "social security number ", "social security number is ")

PRINTED = ("078-05-1120", "219-09-9999")
"""Never given out, but printed on cards that many took for their own."""


def _after(words: tuple[str, ...], digits: int) -> re.Pattern[str]:
    """So many bare digits right after one of these words: without them, they could be anything."""
    named = "|".join(f"(?<={word})" for word in words)
    return re.compile(rf"(?:{named})[0-9]{{{digits}}}{END}", re.IGNORECASE)


HEALTH_NAMED = _after(NHS, 10)
SECURITY_GROUPED = re.compile(rf"{START}[0-9]{{3}}([ -])[0-9]{{2}}\1[0-9]{{4}}{END}")
SECURITY_NAMED = _after(SSN, 9)


def resident(candidate: str) -> str | None:
    """18 characters with a birthday and a check digit (身份证)."""
    return MASK if ric.is_valid(candidate.replace(" ", "").replace("-", "")) else None


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


SHAPES = (
    Shape(RESIDENT, resident, sure=True),
    Shape(INSURANCE, insurance),
    Shape(HEALTH_GROUPED, health),
    Shape(HEALTH_NAMED, health),
    Shape(SECURITY_GROUPED, security),
    Shape(SECURITY_NAMED, security),
)
