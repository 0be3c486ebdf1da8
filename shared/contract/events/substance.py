"""What the owner answers and finds out before anything is offered."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contract.completeness import RecordField
from shared.contract.events.base import FromRouting
from shared.contract.values import (
    CauseSide,
    ComplaintId,
    Concerned,
    Instant,
    Interest,
    Liability,
    Money,
    Party,
    TextRef,
)


class Responded(FromRouting):
    """The owner answered in substance: what the 24-hour rule asks for (`sources.md` 64)."""

    NAME = "responded"
    kind: Literal["explanation", "proposal", "plan"]
    promise_by: Instant | None = None
    text_ref: TextRef


class RecordCompleted(FromRouting):
    """What was missing in the record was told (`sources.md` 53): `fields` now, `missing` still.

    `contact` is the submission that told it by joining this complaint; its texts are named by its own
    `contact_added`. `group_ref`: by that, the complaint is one of a group that it was not known to be of.
    """

    NAME = "record_completed"
    fields: list[RecordField]
    missing: list[RecordField]
    score: Annotated[float, Field(ge=0, le=1)]
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    concerned: Concerned | None = None
    """Whom the words of `about_staff` and `unit` name besides."""
    loss: Money | None = None
    group_ref: str | None = None
    contact: ComplaintId | None = None
    text_refs: dict[str, TextRef] = Field(default_factory=dict)


class Clarified(FromRouting):
    """Cause and liability were found (`sources.md` 38, 58).

    `cause` is a code; where it was told in words, it is `described`, and `cause_ref` leads to them.
    """

    NAME = "clarified"
    cause: str
    cause_ref: TextRef | None = None
    cause_side: CauseSide
    liability: Liability
    evidence_refs: list[TextRef] = Field(default_factory=list)
    text_ref: TextRef | None = None


class InterestRecorded(FromRouting):
    """What a party needs behind its demand; `confirmed` if they said so themselves (`sources.md` 72)."""

    NAME = "interest_recorded"
    party: Party
    interest: Interest
    confirmed: bool
    text_ref: TextRef | None = None


class PositionSet(FromRouting):
    """The organisation's core position, a new version each time (`sources.md` 66)."""

    NAME = "position_set"
    version: int
    text_ref: TextRef | None = None
