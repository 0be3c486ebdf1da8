"""What another system says when somebody complains: `complaints.v1.submit.<channel>`."""

import re
from functools import lru_cache
from typing import Annotated, Any, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.contract.envelope import CloudEvent
from shared.contract.subjects import Channel
from shared.contract.values import Category, Instant, Money, Motive, Ref, Text

SUBMITTED = "complaints.submitted.v1"

MAX_BYTES = 256 * 1024
"""A larger submission is quarantined as `too_large`."""

FUTURE_TOLERANCE_SECONDS = 300
"""A `received_at` further ahead than this is quarantined as `future`."""


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    return available_timezones()


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("must be an IANA time zone such as Asia/Shanghai")
    return name


def _hours_in_order(hours: str) -> str:
    start, end = hours.split("-")
    if start >= end:
        raise ValueError("must end after they start, as in 09:00-18:00")
    return hours


CONTACT_HOURS = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")
Timezone = Annotated[str, AfterValidator(_known_zone)]
ContactHours = Annotated[
    str, StringConstraints(pattern=CONTACT_HOURS.pattern), AfterValidator(_hours_in_order)
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")]


class Customer(BaseModel):
    """The complainant. Only `ref` is required; name, phone and email are put away at the door."""

    ref: Ref
    name: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    timezone: Timezone | None = None
    contact_hours: ContactHours | None = None
    preferred_channel: Channel | None = None
    vip: bool = False


class Hints(BaseModel):
    """What the sender believes; triage weighs it, a person may correct it."""

    category: Category | None = None
    motives: list[Motive] = Field(default_factory=list, max_length=10)
    severity: Annotated[int, Field(ge=1, le=5)] | None = None


def _present(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string"}}, "required": [name]}


class Submission(BaseModel):
    """The data of a submission. `received_at` is when the customer complained, not when we heard."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [_present("narrative"), _present("title")]})

    received_at: Instant | None = None
    language: Language | None = None
    customer: Customer
    title: Text | None = None
    narrative: Text | None = None
    product: Text | None = None
    order_ref: Text | None = None
    unit: Ref | None = None
    about_staff: Ref | None = None
    remedy_sought: Ref | None = None
    loss: Money | None = None
    safety: bool = False
    hints: Hints = Field(default_factory=Hints)

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.narrative is None and self.title is None:
            raise ValueError("needs a narrative or a title")
        return self


class Submitted(CloudEvent[Submission]):
    """The whole message."""
