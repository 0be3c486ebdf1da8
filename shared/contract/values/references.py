"""What messages call things by: identifiers, and the references that stand for texts."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.values.characters import REF_PATTERN, plain_ref
from shared.contract.values.normal_form import normal_form

Ref = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(plain_ref),
    Field(json_schema_extra={"pattern": REF_PATTERN}),
]
"""Somebody's identifier: one line of at most 200 characters; no control or invisible ones, no emoji."""


def one_form(ref: str) -> str:
    """The reference as it is compared and stored: composed (NFC), and without blanks around it."""
    return normal_form("NFC", ref).strip()


CustomerRef = Annotated[Ref, AfterValidator(one_form)]
"""How a register calls a customer; two ways to write one letter are one reference."""

TextRef = str
"""`<service>:<complaint_id>:<key>`: read it with the `text` query."""

ComplaintId = Annotated[str, StringConstraints(pattern=COMPLAINT_ID_PATTERN)]


class PolicyId(BaseModel):
    """The policy pack that a complaint was opened under."""

    id: str
    hash: str
