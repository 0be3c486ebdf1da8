"""Facts of the owner's work before the first offer: response, record, cause, interests, position."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contract.completeness import RecordField
from shared.contract.events.base import FromRouting
from shared.contract.events.understanding import ConfirmedBy
from shared.contract.values import (
    CauseSide,
    ComplaintId,
    Concerned,
    Instant,
    Interest,
    Liability,
    Money,
    Motive,
    Need,
    Party,
    TextRef,
)


class Responded(FromRouting):
    """Answer of the owner in substance, which the 24-hour rule requires (`sources.md` 64)."""

    NAME = "responded"
    kind: Literal["explanation", "proposal", "plan"]
    promise_by: Instant | None = None
    text_ref: TextRef
    answers: list[Motive] | None = None
    """Motives that a plan answers; absent where the owner named none."""
    needs: list[Need] = Field(default_factory=list)
    why_ref: TextRef | None = None
    """Reason for a plan that answers no known motive."""


class RecordCompleted(FromRouting):
    """Supply of missing fields of the record (`sources.md` 53): `fields` now, `missing` still.

    `contact` is the submission that supplied them by joining this complaint; its own `contact_added`
    names its texts. `group_ref` is present if that submission showed that the complaint belongs to a
    group.
    """

    NAME = "record_completed"
    fields: list[RecordField]
    missing: list[RecordField]
    score: Annotated[float, Field(ge=0, le=1)]
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    concerned: Concerned | None = None
    """People and units that the words of `about_staff` and `unit` name besides."""
    loss: Money | None = None
    group_ref: str | None = None
    contact: ComplaintId | None = None
    text_refs: dict[str, TextRef] = Field(default_factory=dict)


class Clarified(FromRouting):
    """Clarification: cause and liability were found (`sources.md` 38, 58).

    `cause` is a code. For a cause that was described in words it is `described`, and `cause_ref` leads to
    the words.
    """

    NAME = "clarified"
    cause: str
    cause_ref: TextRef | None = None
    cause_side: CauseSide
    liability: Liability
    evidence_refs: list[TextRef] = Field(default_factory=list)
    text_ref: TextRef | None = None


class InterestRecorded(FromRouting):
    """Need of a party behind its demand (`sources.md` 72).

    `confirmed` if the party named it themselves; `how` is then the way in which the complainant did.
    """

    NAME = "interest_recorded"
    party: Party
    interest: Interest
    confirmed: bool
    text_ref: TextRef | None = None
    how: ConfirmedBy | None = None
    recording_ref: TextRef | None = None


class PositionSet(FromRouting):
    """Core position of the organisation, a new version each time (`sources.md` 66)."""

    NAME = "position_set"
    version: int
    text_ref: TextRef | None = None
