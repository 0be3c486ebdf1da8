"""Names in messages: identifiers, and references that replace texts."""

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
"""Identifier of a sender: one line of at most 200 characters, without control or invisible characters and
emoji.
"""


def one_form(ref: str) -> str:
    """Reference in its form for comparing and storing: composed (NFC), and without blanks around it."""
    return normal_form("NFC", ref).strip()


CustomerRef = Annotated[Ref, AfterValidator(one_form)]
"""Name of a customer in a register; two ways to write one letter are one reference."""

TextRef = str
"""`<service>:<complaint_id>:<key>`: read it with the `text` query."""

ComplaintId = Annotated[str, StringConstraints(pattern=COMPLAINT_ID_PATTERN)]


OUTSIDE_CODE = r"^[A-Za-z][A-Za-z0-9]{0,7}([.-][0-9]{1,3}){0,2}$"
"""Short code of an authority's value: no word, and too short for a number of a person."""

OutsideCode = Annotated[str, StringConstraints(pattern=OUTSIDE_CODE)]


class Outside(BaseModel):
    """Classification by an authority: its scheme in the policy, and the codes of its product and its issue.

    The code of a sub-product or a sub-issue includes that of its product or issue.
    """

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
    product: OutsideCode | None = None
    issue: OutsideCode | None = None


class PolicyId(BaseModel):
    """Policy pack that a complaint was opened under."""

    id: str
    hash: str
