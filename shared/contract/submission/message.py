"""Message of a submission, and its data."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StrictBool, model_validator

from shared.contract.envelope import CloudEvent
from shared.contract.subjects import Channel
from shared.contract.submission.fields import Attachments, ContactHours, Language, Timezone
from shared.contract.submission.wishes import WISH
from shared.contract.values import (
    A_NUMBER,
    Category,
    Code,
    CustomerRef,
    Gap,
    Instant,
    Line,
    Money,
    Motive,
    Outside,
    Ref,
    Sub,
    Text,
    Trigger,
)
from shared.contract.values.problems import problem

SUBMITTED = "complaints.submitted.v1"

GRUMBLED = "complaints.grumbled.v1"
"""Type of a grumble: the same data, from a customer who is not content but does not complain yet
(`sources.md` 9).
"""

TAKEN = (SUBMITTED, GRUMBLED)

MAX_BYTES = 256 * 1024
"""Size limit in bytes; a larger submission is quarantined as `too_large`."""

FUTURE_TOLERANCE_SECONDS = 300
"""Tolerance in seconds; a `received_at` further in the future is quarantined as `future`."""


class Customer(BaseModel):
    """Complainant. Only `ref` is required: it identifies the complainant in the register of the source.

    Name, phone and email are encrypted and stored on receipt.
    """

    ref: CustomerRef
    name: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    timezone: Annotated[Timezone | None, WISH] = None
    contact_hours: Annotated[ContactHours | None, WISH] = None
    preferred_channel: Annotated[Channel | None, WISH] = None
    vip: Annotated[StrictBool, WISH] = False


class Representative(BaseModel):
    """Representative of the complainant (`sources.md` F10): a parent, a lawyer, an association.

    `relation` is family, guardian, lawyer, agent, employee, association or other. Any other word is
    encrypted and stored, and travels as other. `authority` names the right to speak for the complainant,
    in words or as a URI.
    """

    ref: Ref
    relation: Code
    name: Text | None = None
    authority: Text | None = None


class Hints(BaseModel):
    """Assumptions of the sender; triage weighs them, and a person may correct the result.

    `sub` is a sub-code, `outside` the codes of an authority's own taxonomy; each gives the category where
    `category` is absent, and is left out where it contradicts `category`. A motive `harassment` is only
    noted as suggested: two people decide it. `gap` is what the complainant states themselves.
    """

    category: Annotated[Category | None, WISH] = None
    sub: Annotated[Sub | None, WISH] = None
    outside: Annotated[Outside | None, WISH] = None
    triggers: Annotated[list[Trigger] | None, WISH] = Field(default=None, max_length=4)
    gap: Annotated[Gap | None, WISH] = None
    motives: Annotated[list[Motive], WISH] = Field(default_factory=list, max_length=10)
    severity: Annotated[Annotated[int, Field(ge=1, le=5), A_NUMBER] | None, WISH] = None
    vulnerable: Annotated[StrictBool | None, WISH] = None
    """Whether the complainant is vulnerable (`sources.md` 71)."""


def _present(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string"}}, "required": [name]}


class Submission(BaseModel):
    """Data of a submission. `received_at` is the instant at which the customer complained.

    `automatic` is true for a message that a machine wrote, such as an out-of-office reply; gateways set it
    from the header `Auto-Submitted`.

    If `language` is absent, Amends derives it from the script of the words (Han or Latin), else takes it
    from the policy. `attachments` are absolute URIs. They are encrypted and stored like the texts, and
    only their number travels. A URI that holds a number of a person, which the policy masks, is refused.
    `group_ref` is the same for all complainants of one group; each complaint has its own outcome.

    `source`, `id`, `customer.ref`, `representative.ref`, `group_ref`, `unit` and `about_staff` travel in
    the clear and outlast an erasure: send identifiers of your own, no names, and no numbers or addresses
    of people. `unit` and `about_staff` travel if they are an id of the policy's teams and staff, or one
    word of Latin letters without a long number. Other words in them are encrypted and stored, and travel
    as `described`. `remedy_sought` travels if it is a remedy or a motive of the policy; other words are
    encrypted and stored.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [_present("narrative"), _present("title")]})

    received_at: Instant | None = None
    language: Annotated[Language | None, WISH] = None
    customer: Customer
    title: Text | None = None
    narrative: Text | None = None
    product: Text | None = None
    order_ref: Text | None = None
    unit: Ref | None = None
    about_staff: Ref | None = None
    remedy_sought: Line | None = None
    loss: Money | None = None
    attachments: Attachments = Field(default_factory=list)
    representative: Representative | None = None
    group_ref: Ref | None = None
    safety: StrictBool = False
    automatic: StrictBool = False
    hints: Annotated[Hints, WISH] = Field(default_factory=Hints)
    _not_understood: list[str] = PrivateAttr(default_factory=list)

    @property
    def not_understood(self) -> list[str]:
        """Wishes that were left out; the door names them in its answer, and `received` names them, too."""
        return self._not_understood

    def leave_out(self, wishes: list[str]) -> None:
        """Remember the wishes that are left out."""
        self._not_understood = wishes

    @model_validator(mode="after")
    def has_content(self) -> Self:
        if self.narrative is None and self.title is None:
            raise problem("no_words")
        return self


class Submitted(CloudEvent[Submission]):
    """Submission: a CloudEvent with its data."""
