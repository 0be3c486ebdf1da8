"""What another system says when somebody complains: `complaints.v1.submit.<channel>`."""

import re
from functools import lru_cache
from typing import Annotated, Any, Self
from zoneinfo import available_timezones

import pycountry
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from shared.contract.envelope import CloudEvent
from shared.contract.subjects import Channel
from shared.contract.submission.uris import Uri
from shared.contract.values import A_NUMBER, Category, Code, Instant, Line, Money, Motive, Ref, Text
from shared.contract.values.problems import OWN, problem, with_words

SUBMITTED = "complaints.submitted.v1"

GRUMBLED = "complaints.grumbled.v1"
"""The same data, said by somebody who is not content but does not complain yet (`concepts.md` 9)."""

TAKEN = (SUBMITTED, GRUMBLED)

MAX_BYTES = 256 * 1024
"""A larger submission is quarantined as `too_large`."""

FUTURE_TOLERANCE_SECONDS = 300
"""A `received_at` further ahead than this is quarantined as `future`."""


NO_PLACE = {"Factory", "localtime", "posixrules"}
"""Names that some machines know beside the zones, and that mean another time on each."""


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    return available_timezones() - NO_PLACE


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise problem("no_time_zone")
    return name


@lru_cache(maxsize=512)
def _is_language(code: str) -> bool:
    found = pycountry.languages.get(alpha_2=code) if len(code) == 2 else pycountry.languages.get(alpha_3=code)
    return found is not None


def _known_language(tag: str) -> str:
    if not _is_language(tag.partition("-")[0]):
        raise problem("no_language")
    return tag


def _hours_in_order(hours: str) -> str:
    start, end = hours.split("-")
    if start >= end:
        raise problem("hours_out_of_order")
    return hours


CONTACT_HOURS = re.compile(
    with_words(
        r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        "must be hours such as 09:00-18:00",
        "必须是时间段，例如 09:00-18:00",
    )
)
Timezone = Annotated[str, AfterValidator(_known_zone)]
ContactHours = Annotated[
    str, StringConstraints(pattern=CONTACT_HOURS.pattern), AfterValidator(_hours_in_order)
]
LANGUAGE = with_words(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$", *OWN["no_language"])
Language = Annotated[str, StringConstraints(pattern=LANGUAGE), AfterValidator(_known_language)]
Attachments = Annotated[list[Uri], Field(max_length=50)]


class Customer(BaseModel):
    """The complainant. Only `ref` is required; name, phone and email are put away at the door."""

    ref: Ref
    name: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    timezone: Timezone | None = None
    contact_hours: ContactHours | None = None
    preferred_channel: Channel | None = None
    vip: StrictBool = False


class Representative(BaseModel):
    """Somebody who complains for the complainant (`features.md` 10): a parent, a lawyer, an association.

    `relation` is family, guardian, lawyer, agent, employee, association or other; any other word is put away,
    and travels as other. `authority` says by what right, in words or as a URI.
    """

    ref: Ref
    relation: Code
    name: Text | None = None
    authority: Text | None = None


class Hints(BaseModel):
    """What the sender believes; triage weighs it, a person may correct it."""

    category: Category | None = None
    motives: list[Motive] = Field(default_factory=list, max_length=10)
    severity: Annotated[int, Field(ge=1, le=5), A_NUMBER] | None = None


def _present(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string"}}, "required": [name]}


class Submission(BaseModel):
    """The data of a submission. `received_at` is when the customer complained, not when we heard.

    Without `language` it is told from the script of the words (Han or Latin), else it is the policy's.
    `attachments` are absolute URIs; they are put away like the texts, and only their number travels.
    `group_ref` is the same for all who complain about one matter; the outcome of each stays their own.
    `id`, `customer.ref`, `representative.ref`, `group_ref` and `unit` travel, and outlast an erasure: send
    identifiers of your own, no names and no numbers of people. `remedy_sought` travels where it is a remedy
    or a motive of the policy, and is put away otherwise.
    """

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
    remedy_sought: Line | None = None
    loss: Money | None = None
    attachments: Attachments = Field(default_factory=list)
    representative: Representative | None = None
    group_ref: Ref | None = None
    safety: StrictBool = False
    hints: Hints = Field(default_factory=Hints)

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.narrative is None and self.title is None:
            raise problem("no_words")
        return self


class Submitted(CloudEvent[Submission]):
    """The whole message."""
