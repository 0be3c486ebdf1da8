"""Check of identifiers and links that are a number or an address of a person. Pure.

Such values could not be erased or masked, so intake refuses them. Parts that submit for others (the door,
`amends submit`) make the same check and refuse at once.
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
"""Kinds of numbers to look for without knowledge of the policy; a policy that masks fewer kinds admits
more.
"""


def refuse_numbers(submitted: Submitted, kinds: Collection[Kind]) -> None:
    """Raise `Misfit` if an identifier is an address, or a number that the policy does not allow to be stored.

    The sender's own id may have as many digits as a card by chance, so card numbers are not looked for in
    it. It may also be the id of a letter, which looks like an e-mail address. An attachment's URI with a
    number is refused, too: with the number masked the URI would point to nothing, without notice.
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
            raise _of_a_person(field, KINDS[kind])
        if ref and is_email(ref):
            raise _of_a_person(field, misfits.EMAIL)
    if kind := whole_number(submitted.id, set(kinds) - {"card"}):
        raise _of_a_person("id", KINDS[kind])
    for place, uri in enumerate(data.attachments):
        if kind := number_in_uri(uri, kinds):
            raise _in_a_link(f"data.attachments.{place}", KINDS[kind])


def _of_a_person(field: str, what: Words) -> Misfit:
    return Misfit(Reason.INVALID, misfits.OF_SOMEBODY.filled(field=field, what=what), field)


def _in_a_link(field: str, what: Words) -> Misfit:
    return Misfit(Reason.INVALID, misfits.IN_A_LINK.filled(field=field, what=what), field)
