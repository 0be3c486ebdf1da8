"""Small values that many messages share."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_extra_types.currency_code import Currency

from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.subjects import Channel
from shared.contract.values.characters import REF_PATTERN, TEXT_PATTERN, plain_line, plain_ref, plain_text
from shared.contract.values.currencies import decimal_places
from shared.contract.values.problems import problem, with_words

LOOKS_LIKE_ONE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", re.ASCII)
WIDEST_EAST, WIDEST_WEST = timedelta(hours=14), timedelta(hours=-12)


def _an_instant(value: Any) -> Any:
    """No number, and no number written as a text: those would be taken for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and LOOKS_LIKE_ONE.match(value)):
        return value
    raise problem("no_instant")


EARLIEST_YEAR, AFTER_ALL = 2000, 2200


def _plausible(instant: datetime) -> datetime:
    """In UTC. Nobody complained before 2000, and calendars end before the year 9999 does."""
    if not EARLIEST_YEAR <= instant.year < AFTER_ALL:
        raise problem("implausible_year")
    if instant.tzinfo is UTC:
        return instant
    if not WIDEST_WEST <= (instant.utcoffset() or timedelta()) <= WIDEST_EAST:
        raise problem("no_such_offset")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_an_instant), AfterValidator(_plausible)]
"""An RFC 3339 instant with an offset, from 2000 to 2200; held, and written, in UTC."""

Ref = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(plain_ref),
    Field(json_schema_extra={"pattern": REF_PATTERN}),
]
"""Somebody's identifier: one line of at most 200 characters; no control or invisible ones, no emoji."""

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200_000),
    AfterValidator(plain_text),
    Field(json_schema_extra={"pattern": TEXT_PATTERN}),
]
"""Free text, no control characters but line ends and tabs, nothing that turns the direction of writing.

It never leaves the service that received it; a `TextRef` goes on instead.
"""

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(plain_line),
    Field(json_schema_extra={"pattern": TEXT_PATTERN}),
]
"""A word or a sentence: it travels where it is a `Code`, and is put away where it is not."""

CODE = with_words(
    r"^\w[\w .:/&+()-]{0,63}$",
    "must be a word or two of at most 64 letters, digits and plain signs",
    "必须是不超过 64 个字母、数字和普通符号的词",
)
Code = Annotated[str, StringConstraints(pattern=CODE), AfterValidator(plain_ref)]
"""A word of somebody's own list, in any script: it travels, so it must not be a sentence."""

CODE_WORD = re.compile(CODE)


def is_code(value: str) -> bool:
    """Whether a value may travel as it is; any other is a text, and is put away."""
    return CODE_WORD.fullmatch(value) is not None


AMOUNT = with_words(
    r"^[0-9]{1,13}(\.[0-9]{1,4})?$",
    "must be a decimal text such as 199.00: not negative, at most 13 digits before the point and 4 after it",
    "必须是十进制数文本，例如 199.00：不得为负，小数点前最多 13 位，小数点后最多 4 位",
)


def _a_number(value: Any) -> Any:
    """No text and no truth value: what is meant by those is somebody's guess."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise problem("no_whole_number")
    return value


A_NUMBER = BeforeValidator(_a_number)
"""Stands behind an `int` and its limits: a JSON number, never a text that looks like one."""

TextRef = str
"""`<service>:<complaint_id>:<key>`: read it with the `text` query."""

ComplaintId = Annotated[str, StringConstraints(pattern=COMPLAINT_ID_PATTERN)]


class Money(BaseModel):
    """An amount: a decimal text, and an ISO 4217 code that says how many decimal places it may use."""

    value: Annotated[str, StringConstraints(pattern=AMOUNT)]
    currency: Currency

    @model_validator(mode="after")
    def can_be_paid(self) -> Self:
        """Nobody can pay 1.55 yen; zeros at the end, as in 100.00, change nothing."""
        if len(self.value.partition(".")[2].rstrip("0")) > decimal_places(self.currency):
            raise problem("too_many_decimals")
        return self

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


class Relation(StrEnum):
    """As what somebody speaks for the complainant."""

    FAMILY = "family"
    GUARDIAN = "guardian"
    LAWYER = "lawyer"
    AGENT = "agent"
    EMPLOYEE = "employee"
    ASSOCIATION = "association"
    OTHER = "other"


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


class ErasureReason(StrEnum):
    """Why texts were erased. A code: words would be one more text about somebody (`peers.md` 27)."""

    REQUESTED = "requested"
    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTED = "objected"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"
    MISTAKE = "mistake"
    OTHER = "other"
