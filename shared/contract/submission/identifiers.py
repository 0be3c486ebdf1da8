"""Identifiers and links that are somebody's number or address, and could not be erased or masked. Pure.

Intake refuses them; what submits for others (the door, `amends submit`) looks here and says so at once.
"""

from collections.abc import Collection

from shared.contract.quarantine import Misfit, Reason
from shared.contract.submission.message import Submitted
from shared.masking.masker import Kind
from shared.masking.whole import is_email, number_in_uri, whole_number

KINDS: dict[Kind, tuple[str, str]] = {
    "card": ("a card's number", "银行卡号"),
    "identity": ("somebody's identity number", "身份证号"),
    "phone": ("a telephone number", "电话号码"),
}
EVERY_KIND: frozenset[Kind] = frozenset(KINDS)
"""What whoever does not know the policy looks for; one that masks less lets more through."""

EMAIL = ("an e-mail address", "电子邮件地址")


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
            raise _of_somebody(field, EMAIL)
    if kind := whole_number(submitted.id, set(kinds) - {"card"}):
        raise _of_somebody("id", KINDS[kind])
    for place, uri in enumerate(data.attachments):
        if kind := number_in_uri(uri, kinds):
            raise _in_a_link(f"data.attachments.{place}", KINDS[kind])


def _of_somebody(field: str, what: tuple[str, str]) -> Misfit:
    english, chinese = what
    return Misfit(
        Reason.INVALID,
        f"{field}: is {english}, and could never be erased; send an identifier of your own instead",
        field,
        f"{field}：是{chinese}，之后无法删除；请改用您系统自己的标识符",
    )


def _in_a_link(field: str, what: tuple[str, str]) -> Misfit:
    english, chinese = what
    return Misfit(
        Reason.INVALID,
        f"{field}: holds {english}, which is not stored; send a link without it",
        field,
        f"{field}：含有{chinese}，系统不保存此类号码；请改用不含该号码的链接",
    )
