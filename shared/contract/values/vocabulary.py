"""The closed lists of words."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field


class Stage(StrEnum):
    """Where a complaint stands (the six steps, `sources.md` 35)."""

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
    """What the complaint is about (`sources.md` 1 to 4)."""

    PRODUCT = "product"
    SERVICE = "service"
    PRICE = "price"
    POLICY = "policy"


class CauseSide(StrEnum):
    """Where the cause lies (`sources.md` 6)."""

    CUSTOMER_USE = "customer_use"
    DEFECT = "defect"
    SERVICE = "service"
    POLICY = "policy"
    THIRD_PARTY = "third_party"


class Liability(StrEnum):
    """Whose responsibility it is (`sources.md` 58)."""

    COMPANY = "company"
    SHARED = "shared"
    NONE = "none"
    UNKNOWN = "unknown"


class Nature(StrEnum):
    """Transactional, attitudinal or opinion complainant (`sources.md` 7)."""

    TRANSACTION = "transaction"
    ATTITUDE = "attitude"
    OPINION = "opinion"


class Motive(StrEnum):
    """What moves the complainant (`sources.md` 17 to 26)."""

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


class MotiveGuess(BaseModel):
    """A motive with how sure we are, 0 to 1, and where we have it from (`sources.md` 28)."""

    motive: Motive
    confidence: Annotated[float, Field(ge=0, le=1)]
    source: str


class Style(StrEnum):
    """How the complainant speaks (`sources.md` 31 to 34)."""

    ANGRY = "angry"
    PREPARED = "prepared"
    REPETITIVE = "repetitive"


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
    """What a party needs behind what it demands (`sources.md` 72)."""

    MONEY = "money"
    APOLOGY = "apology"
    TIME = "time"
    RESPECT = "respect"
    UNDERSTANDING = "understanding"
    SAFETY = "safety"
    FIX = "fix"
    FAIRNESS = "fairness"
    OTHER = "other"


class ErasureReason(StrEnum):
    """Why texts were erased. A code: words would be one more text about somebody (`sources.md` P27)."""

    REQUESTED = "requested"
    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTED = "objected"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"
    MISTAKE = "mistake"
    OTHER = "other"
