"""Payment cards: the issuers' prefixes and lengths, their groups, and the check digit (Luhn). Pure."""

import re
from collections.abc import Callable, Iterator, Sequence

from shared.masking.scanning import Care, FoundNumber, Spared, digits_of, in_a_code, named_as_a_thing

ISSUED = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|(?:62|81)[0-9]{14,17}"  # UnionPay
    r"|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{9,15}"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]{9,15}"  # JCB
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}"  # Diners Club
    r"|(?:50|5[6-9]|6[37])[0-9]{11,17}"  # Maestro, and debit cards of Chinese banks
    r"|(?:955|956)[0-9]{16}"
)

RUN = re.compile(r"[0-9]+(?:[ ._/,:|*-]{1,3}[0-9]+)*")
GROUP = re.compile(r"[0-9]+")
LEAST, MOST = 13, 19

USUAL = re.compile(r"(?:4 4 4 4(?: [123])?|4 4 4 [123]|4 4 5|4 6 [45]|6 1[03]|8 8)")
"""Lengths of the groups in which cards are printed."""

PLAIN = frozenset(" .-")
MONTH = re.compile(r"(?:0[1-9]|1[0-2])[0-9]{0,2}")
"""Expiry of a card, which may follow its number."""

DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

Span = tuple[int, int]
Length = Callable[[str, Sequence[Span], int], int]


def find(text: str, care: Care, spared: Spared) -> Iterator[FoundNumber]:
    """Every card of a folded text, from left to right."""
    for run in RUN.finditer(text):
        if run.end() - run.start() < LEAST:
            continue
        groups = [group.span() for group in GROUP.finditer(text, *run.span())]
        yield from among(text, groups, _card, care, spared)


def among(
    text: str, groups: Sequence[Span], length: Length, care: Care, spared: Spared
) -> Iterator[FoundNumber]:
    """Cards among these groups. `length` gives the number of groups of the card that begins at a place."""
    at = 0
    while at < len(groups):
        many = length(text, groups, at)
        start, end = groups[at][0], groups[at + max(many, 1) - 1][1]
        if many and not spared.holds(start) and not (care.spend() and _of_a_thing(text, start, end)):
            yield FoundNumber(start, end, mask(text[start:end]))
        at += many or 1


def _of_a_thing(text: str, start: int, end: int) -> bool:
    """Letters that touch a number with a right check digit do not make it the number of a thing."""
    return in_a_code(text, start, end) or named_as_a_thing(text, start, end)


def mask(candidate: str) -> str:
    """Mask all but the last four digits: a receipt shows them, and the complainant finds the card by them."""
    return f"[card ••••{digits_of(candidate)[-4:]}]"


def _card(text: str, groups: Sequence[Span], at: int) -> int:
    """Number of groups of the card that begins with this group; 0 if none does."""
    if not free_before(text, groups, at):
        return 0
    number, lengths, found = "", [], 0
    for place in range(at, len(groups)):
        start, end = groups[place]
        if len(number) + end - start > MOST:
            break
        number += text[start:end]
        lengths.append(end - start)
        if len(number) >= LEAST and is_card(number) and _grouped(text, groups, at, lengths):
            whole = free_after(text, groups, place) and ends(text, groups, at, place)
            found = place - at + 1 if whole else found
    return found


def is_card(number: str) -> bool:
    """Whether an issuer gives out such digits, and the last one checks."""
    return ISSUED.fullmatch(number) is not None and _luhn(number)


def _luhn(number: str) -> bool:
    digits = [ord(one) - 48 for one in reversed(number)]
    return (sum(digits[::2]) + sum(DOUBLED[one] for one in digits[1::2])) % 10 == 0


def free_before(text: str, groups: Sequence[Span], at: int) -> bool:
    """Whether no digits are tied to its front: of a date, an amount, a serial number, a longer number."""
    if at == 0:
        return True
    (before, start), first = groups[at - 1], groups[at][0]
    tied = text[start:first]
    if tied in ("/", ",", ":", "|", "*", "_"):
        return start - before >= 7 or tied == "|"
    return tied not in ("-", ".")


def free_after(text: str, groups: Sequence[Span], last: int) -> bool:
    """Whether no digits are tied to its end; an expiry may be."""
    if last + 1 == len(groups):
        return True
    end, (start, stop) = groups[last][1], groups[last + 1]
    tied = text[end:start]
    if tied in ("/", ":", "|", "*", "_", ","):
        return tied == "|" or stop - start >= 7 or MONTH.fullmatch(text[start:stop]) is not None
    return tied not in ("-", ".")


def _grouped(text: str, groups: Sequence[Span], at: int, lengths: Sequence[int]) -> bool:
    """Whether people write a card in such groups: `1 2 3 4 …` is a list, `511 222 333 …` an amount."""
    if len(lengths) == 1:
        return True
    signs = [text[groups[place][1] : groups[place + 1][0]] for place in range(at, at + len(lengths) - 1)]
    usual = USUAL.fullmatch(" ".join(map(str, lengths))) is not None
    if not PLAIN.issuperset("".join(signs)):
        return usual and len(set(signs)) == 1
    alone = at == 0 and len(groups) == len(lengths)
    if all(length <= 2 for length in lengths):
        return alone and len(set(lengths[:-1])) == 1
    return usual or (all(length >= 3 for length in lengths[:-1]) and set(lengths) != {3})


def ends(text: str, groups: Sequence[Span], at: int, last: int) -> bool:
    """Whether a number in groups ends here. The number of a shipment may go on before or after in the same
    steps.

    Another card may follow, or the month in which the card expires, or the digits of its back.
    """
    if at == last:
        return True
    step = groups[at][1] - groups[at][0]
    in_step = at > 0 and groups[at - 1][1] - groups[at - 1][0] == step
    if in_step and not _is_card_of_four(text, groups[max(0, at - 4) : at]):
        return False
    if last + 1 == len(groups):
        return True
    start, end = groups[last + 1]
    if end - start != step or MONTH.fullmatch(text[start:end]):
        return True
    return _is_card_of_four(text, groups[last + 1 : last + 5])


def _is_card_of_four(text: str, groups: Sequence[Span]) -> bool:
    """Whether these groups are a card's four."""
    return is_card("".join(text[start:end] for start, end in groups))
