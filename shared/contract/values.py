"""Small values that many messages share."""

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_extra_types.currency_code import ISO4217

from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.subjects import Channel


def _text_only(value: Any) -> Any:
    if isinstance(value, str | datetime):
        return value
    raise ValueError("must be an RFC 3339 text such as 2026-11-21T01:30:00Z")


EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _plausible(instant: datetime) -> datetime:
    """In UTC. Nobody complained before 2000, and calendars end before the year 9999 does."""
    if not EARLIEST.replace(tzinfo=instant.tzinfo) <= instant <= LATEST.replace(tzinfo=instant.tzinfo):
        raise ValueError(f"must lie between {EARLIEST.year} and {LATEST.year}")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_text_only), AfterValidator(_plausible)]
"""An RFC 3339 instant with an offset, from 2000 to 2200; held, and written, in UTC."""

Ref = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Somebody's identifier: one line of at most 200 characters, no control characters."""


def _says_something(text: str) -> str:
    """At least one letter, digit, mark or symbol: blanks and invisible characters are no text."""
    if all(unicodedata.category(character)[0] in "ZC" for character in text):
        raise ValueError("must say something")
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(_says_something)]
"""Free text. It never leaves the service that received it; a `TextRef` goes on instead."""

CODE = r"^\w[\w .:/&+()-]{0,63}$"
Code = Annotated[str, StringConstraints(pattern=CODE)]
"""A word of somebody's own list, in any script: it travels, so it must not be a sentence."""

TextRef = str
"""`<service>:<complaint_id>:<key>`: read it with the `text` query."""

ComplaintId = Annotated[str, StringConstraints(pattern=COMPLAINT_ID_PATTERN)]


class Money(BaseModel):
    """An amount: a decimal text with at most four places, and an ISO 4217 code."""

    value: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,13}(\.[0-9]{1,4})?$")]
    currency: ISO4217

    @property
    def amount(self) -> Decimal:
        return Decimal(self.value)


class Actor(BaseModel):
    """Who did it: a staff id with the role that the roster gives it, `customer`, or `amends` itself."""

    id: Ref
    role: str


CUSTOMER = "customer"
SYSTEM = Actor(id="amends", role="system")


class PolicyId(BaseModel):
    """The policy pack that a complaint was opened under."""

    id: str
    hash: str


class Stage(StrEnum):
    """Where a complaint stands (the six steps, `concepts.md` 35)."""

    RECORDED = "recorded"
    ANALYSING = "analysing"
    NEGOTIATING = "negotiating"
    IMPLEMENTING = "implementing"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a complaint ended."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"
    DECIDED = "decided"
    MERGED = "merged"


class Category(StrEnum):
    """What the complaint is about (`concepts.md` 1 to 4)."""

    PRODUCT = "product"
    SERVICE = "service"
    PRICE = "price"
    POLICY = "policy"


class CauseSide(StrEnum):
    """Where the cause lies (`concepts.md` 6)."""

    CUSTOMER_USE = "customer_use"
    DEFECT = "defect"
    SERVICE = "service"
    POLICY = "policy"
    THIRD_PARTY = "third_party"


class Liability(StrEnum):
    """Whose responsibility it is (`concepts.md` 58)."""

    COMPANY = "company"
    SHARED = "shared"
    NONE = "none"
    UNKNOWN = "unknown"


class Nature(StrEnum):
    """Transactional, attitudinal or opinion complainant (`concepts.md` 7)."""

    TRANSACTION = "transaction"
    ATTITUDE = "attitude"
    OPINION = "opinion"


class Motive(StrEnum):
    """What moves the complainant (`concepts.md` 17 to 26)."""

    COMPENSATION = "compensation"
    REFUND = "refund"
    APOLOGY = "apology"
    TIME = "time"
    VENTING = "venting"
    RESPECT = "respect"
    UNDERSTANDING = "understanding"
    SUGGESTION = "suggestion"
    RETALIATION = "retaliation"
    HARASSMENT = "harassment"


class Style(StrEnum):
    """How the complainant speaks (`concepts.md` 31 to 34)."""

    ANGRY = "angry"
    PREPARED = "prepared"
    REPETITIVE = "repetitive"
    RETICENT = "reticent"


class Party(StrEnum):
    """Whose interest it is."""

    CUSTOMER = "customer"
    COMPANY = "company"


class Interest(StrEnum):
    """What a party needs behind what it demands (`concepts.md` 72)."""

    MONEY = "money"
    APOLOGY = "apology"
    TIME = "time"
    RESPECT = "respect"
    UNDERSTANDING = "understanding"
    SAFETY = "safety"
    FIX = "fix"
    FAIRNESS = "fairness"
    OTHER = "other"


class MotiveGuess(BaseModel):
    """A motive with how sure we are, 0 to 1, and where we have it from (`concepts.md` 28)."""

    motive: Motive
    confidence: Annotated[float, Field(ge=0, le=1)]
    source: str


class Contact(BaseModel):
    """When and how the complainant wants to be reached: no name, no number."""

    timezone: str | None = None
    contact_hours: str | None = None
    preferred_channel: Channel | None = None
