"""Mask the numbers of a submission before it is used in any other way. Pure."""

from collections.abc import Callable

from shared.contract.submission import Submission

WORDS = ("title", "narrative", "product", "unit", "about_staff", "remedy_sought")


def cover(data: Submission, mask: Callable[[str], str]) -> None:
    """Mask numbers in words first of all: otherwise a headline could cut a number in two, and half of it
    would stay.

    Phone and e-mail stay, since people call back; so does the order number. A name stays but for numbers
    in it: some people write their card or telephone beside it.
    """
    if data.customer.name:
        data.customer.name = mask(data.customer.name)
    for field in WORDS:
        said = getattr(data, field)
        if said is not None:
            setattr(data, field, mask(said))
    if data.representative:
        data.representative.relation = mask(data.representative.relation)
        if data.representative.name:
            data.representative.name = mask(data.representative.name)
        if data.representative.authority:
            data.representative.authority = mask(data.representative.authority)
