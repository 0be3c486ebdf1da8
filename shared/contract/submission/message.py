"""The message of a submission, and what it says."""

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
    Instant,
    Line,
    Money,
    Motive,
    Ref,
    Text,
)
from shared.contract.values.problems import problem

SUBMITTED = "complaints.submitted.v1"

GRUMBLED = "complaints.grumbled.v1"
"""The same data, said by somebody who is not content but does not complain yet (`sources.md` 9)."""

TAKEN = (SUBMITTED, GRUMBLED)

MAX_BYTES = 256 * 1024
"""A larger submission is quarantined as `too_large`."""

FUTURE_TOLERANCE_SECONDS = 300
"""A `received_at` further ahead than this is quarantined as `future`."""


class Customer(BaseModel):
    """The complainant. Only `ref` is required: it says who it is within the register of the source.

    Name, phone and email are put away at the door.
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
    """Somebody who complains for the complainant (`sources.md` F10): a parent, a lawyer, an association.

    `relation` is family, guardian, lawyer, agent, employee, association or other; any other word is put away,
    and travels as other. `authority` says by what right, in words or as a URI.
    """

    ref: Ref
    relation: Code
    name: Text | None = None
    authority: Text | None = None


class Hints(BaseModel):
    """What the sender believes; triage weighs it, a person may correct it."""

    category: Annotated[Category | None, WISH] = None
    motives: Annotated[list[Motive], WISH] = Field(default_factory=list, max_length=10)
    severity: Annotated[Annotated[int, Field(ge=1, le=5), A_NUMBER] | None, WISH] = None


def _present(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string"}}, "required": [name]}


class Submission(BaseModel):
    """The data of a submission. `received_at` is when the customer complained, not when we heard.

    `automatic` is true where a machine wrote the message, such as an out-of-office reply; gateways set it
    from the header `Auto-Submitted`.

    Without `language` it is told from the script of the words (Han or Latin), else it is the policy's.
    `attachments` are absolute URIs; they are put away like the texts, and only their number travels.
    One that has a number of a person in it, which the policy masks, is refused.
    `group_ref` is the same for all who complain about one matter; the outcome of each stays their own.
    `source`, `id`, `customer.ref`, `representative.ref`, `group_ref`, `unit` and `about_staff` travel, and
    outlast an erasure: send identifiers of your own, no names, and no numbers and addresses of people.
    `unit` and `about_staff` travel where they are one word of Latin letters and hold no long number, or an id
    of the policy's teams and staff; what else they say is put away, and travels as `described`.
    `remedy_sought` travels where it is a remedy or a motive of the policy, and is put away otherwise.
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
        """The wishes that were left out; the door names them in its answer, and `received` does."""
        return self._not_understood

    def leave_out(self, wishes: list[str]) -> None:
        """Remember the wishes that are left out."""
        self._not_understood = wishes

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.narrative is None and self.title is None:
            raise problem("no_words")
        return self


class Submitted(CloudEvent[Submission]):
    """The whole message."""
