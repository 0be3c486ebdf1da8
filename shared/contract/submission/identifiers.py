"""Identifiers and links that are somebody's number or address, and could not be erased or masked. Pure.

Intake refuses them; what submits for others (the door, `amends submit`) looks here and says so at once.
"""

from collections.abc import Collection

from shared.contract.quarantine import Misfit, Reason
from shared.contract.submission import misfits
from shared.contract.submission.message import Submitted
from shared.contract.values.problems import Words
from shared.masking.masker import Kind
from shared.masking.whole import is_email, number_in_uri, whole_number

KINDS: dict[Kind, Words] = {
    "card": misfits.CARD,
    "identity": misfits.IDENTITY,
    "phone": misfits.PHONE,
}
EVERY_KIND: frozenset[Kind] = frozenset(KINDS)
"""What whoever does not know the policy looks for; one that masks less lets more through."""


def refuse_numbers(submitted: Submitted, kinds: Collection[Kind]) -> None:
    """Raise `Misfit` where an identifier is a number that the policy will not have stored, or an address.

    The sender's own id may have as many digits as a card by chance, so of that only the others count; and it
    may be that of a letter, which looks like an e-mail address. An attachment's URI with a number is refused,
    too: with the number covered it would point to nothing, and nobody would know.
    """
    data, agent = submitted.data, submitted.data.representative
    of_people = {
        "data.customer.ref": data.customer.ref,
        "data.representative.ref": agent.ref if agent else None,
        "data.group_ref": data.group_ref,
        "source": submitted.source,
    }
    for field, ref in of_people.items():
        if ref and (kind := whole_number(ref, kinds)):
            raise _of_somebody(field, KINDS[kind])
        if ref and is_email(ref):
            raise _of_somebody(field, misfits.EMAIL)
    if kind := whole_number(submitted.id, set(kinds) - {"card"}):
        raise _of_somebody("id", KINDS[kind])
    for place, uri in enumerate(data.attachments):
        if kind := number_in_uri(uri, kinds):
            raise _in_a_link(f"data.attachments.{place}", KINDS[kind])


def _of_somebody(field: str, what: Words) -> Misfit:
    return Misfit(Reason.INVALID, misfits.OF_SOMEBODY.filled(field=field, what=what), field)


def _in_a_link(field: str, what: Words) -> Misfit:
    return Misfit(Reason.INVALID, misfits.IN_A_LINK.filled(field=field, what=what), field)
