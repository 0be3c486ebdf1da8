"""What is masked of a submission before anything else is made of it. Pure."""

from collections.abc import Callable

from shared.contract.submission import Submission

WORDS = ("title", "narrative", "product", "unit", "about_staff", "remedy_sought")


def cover(data: Submission, mask: Callable[[str], str]) -> None:
    """Mask what was said in words, before anything is made of it: a headline must not cut a number in two.

    Phone and e-mail stay, since people call back; so does the order number. A name stays but for numbers in
    it: some write their card or telephone beside it.
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
