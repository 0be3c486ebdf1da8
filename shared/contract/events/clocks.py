"""Facts that move all deadlines of a complaint at once: a wait, another start, another policy."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant, PolicyId, TextRef


class Paused(FromRouting):
    """Pause while Amends waits for the complainant: the clocks that may pause stop.

    The 24-hour rule never stops.
    """

    NAME = "paused"
    until: Instant
    obligations: list[str]
    reason_ref: TextRef | None = None


class Resumed(FromRouting):
    """End of a pause."""

    NAME = "resumed"
    obligations: list[str]
    why: Literal["command", "answer", "limit", "end"]


class ReceiptCorrected(FromRouting):
    """Correction of the instant at which the complainant spoke.

    All clocks that run from it are computed again.
    """

    NAME = "receipt_corrected"
    received_at: Instant
    was: Instant
    reason_ref: TextRef | None = None


class MovedDue(BaseModel):
    """Deadline that another policy moves. `was` is absent for a new deadline, `due` for a dropped
    deadline.
    """

    obligation: str
    was: Instant | None = None
    due: Instant | None = None


class PolicyMigrated(FromRouting):
    """Move of the complaint to another policy.

    `moved` lists each deadline that changes. The deadline facts that follow repeat each change by itself.
    """

    NAME = "policy_migrated"
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    from_: PolicyId = Field(alias="from")
    to: PolicyId
    moved: list[MovedDue]
    reason_ref: TextRef | None = None
