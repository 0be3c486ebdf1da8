"""Steps of the owner before the first offer: respond, clarify, record interests, complete the record."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from shared.contract.commands.base import ToRouting, Version
from shared.contract.values import (
    CauseSide,
    Instant,
    Interest,
    Liability,
    Line,
    Money,
    Motive,
    Need,
    Party,
    Ref,
    Text,
    is_code,
)


class Respond(ToRouting):
    """Answer the complainant in substance. Only this meets the 24-hour rule."""

    VERB = "respond"
    TEXTS = ("text", "why")
    OURS = ("text",)
    TOLD = ("text",)
    kind: Literal["explanation", "proposal", "plan"]
    text: Text
    promise_by: Instant | None = None
    answers: Annotated[list[Motive], Field(max_length=10)] | None = None
    """Motives that a plan answers. One that answers no known motive needs `why`."""
    needs: Annotated[list[Need], Field(max_length=6)] = Field(default_factory=list)
    """Needs that a plan answers besides those behind its motives."""
    why: Text | None = None
    position: Version | None = None


class Clarify(ToRouting):
    """Record the cause, its side and the liability. A cause that is not a code is encrypted and stored."""

    VERB = "clarify"
    TEXTS = ("text", "evidence")
    cause: Line
    cause_side: CauseSide
    liability: Liability
    text: Text | None = None
    evidence: Annotated[list[Ref], Field(max_length=50)] = Field(default_factory=list)

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Codes may travel in the clear; a cause that is described in words is a text."""
        return self.TEXTS if is_code(self.cause) else (*self.TEXTS, "cause")


class RecordInterest(ToRouting):
    """Record what a party needs behind its stated demand. The complainant's own command confirms theirs.

    Where the owner records that they confirmed it, `recording` is the id or reference of the call or message
    with their words; a policy may require it.
    """

    VERB = "record_interest"
    TEXTS = ("text", "recording")
    party: Party
    interest: Interest
    confirmed: StrictBool
    text: Text | None = None
    recording: Ref | None = None


class CompleteRecord(ToRouting):
    """Supply at least one field that the record lacks; open to every actor. `text` is the narrative.

    `unit` and `about_staff` name people and units that the complaint is about. They have no part in
    handling it from then on.
    """

    VERB = "complete_record"
    TEXTS = ("text", "product", "order_ref")
    remedy_sought: Line | None = None
    product: Text | None = None
    order_ref: Text | None = None
    unit: Ref | None = None
    about_staff: Ref | None = None
    loss: Money | None = None
    text: Text | None = None

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Codes of units and people, and known remedies, may travel in the clear; a description in words is
        a text.
        """
        sealed = {
            "remedy_sought": self.remedy_sought is not None and self.remedy_sought not in codes,
            "unit": self.unit is not None and not is_code(self.unit),
            "about_staff": self.about_staff is not None and not is_code(self.about_staff),
        }
        return (*self.TEXTS, *(name for name, away in sealed.items() if away))


class SetPosition(ToRouting):
    """Set or revise the organisation's core position."""

    VERB = "set_position"
    TEXTS = ("text",)
    OURS = ("text",)
    text: Text
    replaces: Version | None = None
