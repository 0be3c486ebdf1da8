"""What moves the deadlines of a complaint all at once: a wait, another beginning, another policy."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, PolicyId, TextRef


class Paused(FromRouting):
    """We wait for the complainant; clocks that may pause do. The 24-hour rule never does."""

    NAME = "paused"
    until: Instant
    obligations: list[str]
    reason_ref: TextRef | None = None


class Resumed(FromRouting):
    """The wait is over."""

    NAME = "resumed"
    obligations: list[str]
    why: Literal["command", "answer", "limit", "end"]


class ReceiptCorrected(FromRouting):
    """The complainant had spoken at another instant than we thought; what counts from then counts anew."""

    NAME = "receipt_corrected"
    received_at: Instant
    was: Instant
    reason_ref: TextRef | None = None


class MovedDue(BaseModel):
    """A deadline under another policy. `was` is absent for one that is new, `due` for one that is dropped."""

    obligation: str
    was: Instant | None = None
    due: Instant | None = None


class PolicyMigrated(FromRouting):
    """The complaint goes on under another policy; the deadline facts that follow say the same one by one."""

    NAME = "policy_migrated"
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    from_: PolicyId = Field(alias="from")
    to: PolicyId
    moved: list[MovedDue]
    reason_ref: TextRef | None = None
