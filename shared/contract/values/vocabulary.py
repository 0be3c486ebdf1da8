"""Closed lists of words."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.values.instants import Instant


class Stage(StrEnum):
    """Stage of a complaint (the six steps, `sources.md` 35)."""

    RECORDED = "recorded"
    ANALYSING = "analysing"
    NEGOTIATING = "negotiating"
    IMPLEMENTING = "implementing"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"


class Outcome(StrEnum):
    """End of a complaint."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"
    DECIDED = "decided"
    MERGED = "merged"


class Category(StrEnum):
    """Subject of a complaint (`sources.md` 1 to 4)."""

    PRODUCT = "product"
    SERVICE = "service"
    PRICE = "price"
    POLICY = "policy"


class CauseSide(StrEnum):
    """Side on which the cause lies (`sources.md` 6)."""

    CUSTOMER_USE = "customer_use"
    DEFECT = "defect"
    SERVICE = "service"
    POLICY = "policy"
    THIRD_PARTY = "third_party"


class Liability(StrEnum):
    """Liability for the cause (`sources.md` 58)."""

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
    """Motive of the complainant (`sources.md` 17 to 26)."""

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
    """Motive with its confidence, 0 to 1, and its source (`sources.md` 28).

    `until` is the end of a motive that holds for a limited time: harassment, which two people decided.
    """

    motive: Motive
    confidence: Annotated[float, Field(ge=0, le=1)]
    source: str
    until: Instant | None = None


class CategoryGuess(BaseModel):
    """Category with its confidence, 0 to 1, and its source; `unsure` asks a person to look."""

    category: Category
    confidence: Annotated[float, Field(ge=0, le=1)]
    source: str
    unsure: bool = False


class Style(StrEnum):
    """Style in which the complainant speaks (`sources.md` 31 to 34)."""

    ANGRY = "angry"
    PREPARED = "prepared"
    REPETITIVE = "repetitive"
    RETICENT = "reticent"


class Party(StrEnum):
    """Party that has an interest."""

    CUSTOMER = "customer"
    COMPANY = "company"


class Relation(StrEnum):
    """Relation of a representative to the complainant."""

    FAMILY = "family"
    GUARDIAN = "guardian"
    LAWYER = "lawyer"
    AGENT = "agent"
    EMPLOYEE = "employee"
    ASSOCIATION = "association"
    OTHER = "other"


class Interest(StrEnum):
    """Need of a party behind its demand (`sources.md` 72)."""

    MONEY = "money"
    APOLOGY = "apology"
    TIME = "time"
    RESPECT = "respect"
    UNDERSTANDING = "understanding"
    SAFETY = "safety"
    FIX = "fix"
    FAIRNESS = "fairness"
    OTHER = "other"


class Course(StrEnum):
    """Course of a party if there is no agreement (`sources.md` 74)."""

    ACCEPT_LOSS = "accept_loss"
    LEAVE = "leave"
    PUBLISH = "publish"
    AUTHORITY = "authority"
    DISPUTE_BODY = "dispute_body"
    COURT = "court"
    DECIDE = "decide"
    REFER = "refer"
    OTHER = "other"


class ErasureReason(StrEnum):
    """Reason of an erasure. It is a code: words would be one more text about a person (`sources.md` P27)."""

    REQUESTED = "requested"
    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTED = "objected"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"
    MISTAKE = "mistake"
    OTHER = "other"
