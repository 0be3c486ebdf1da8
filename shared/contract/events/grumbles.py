"""Facts of grumbles: a customer is not content, and does not complain yet (`sources.md` 9)."""

from typing import Literal

from pydantic import Field

from shared.contract.events.base import FromIntake
from shared.contract.subjects import Channel
from shared.contract.values import ComplaintId, Concerned, Contact, Instant, Money, TextRef

PromotedBecause = Literal["repeat", "request", "unanswered", "danger"]
"""Reason of a promotion: a second grumble within the policy's time, a wish of the customer or of staff, no
answer in time, or a reported danger.
"""


class Grumbled(FromIntake):
    """Receipt of a grumble, a pre-complaint, which is to be answered by `answer_by` (`sources.md` 9)."""

    NAME = "grumbled"
    channel: Channel
    received_at: Instant
    recorded_at: Instant
    language: str
    customer_ref: str
    external_ref: str
    external_source: str
    contact: Contact = Field(default_factory=Contact)
    text_refs: dict[str, TextRef] = Field(default_factory=dict)
    answer_by: Instant
    loss: Money | None = None
    remedy_sought: str | None = None
    not_understood: list[str] | None = None
    concerned: Concerned | None = None
    """People and units that the grumble is about: they may not answer it, promote it or read it."""
    customer_register: str | None = None


class GrumbleAnswered(FromIntake):
    """Answer of staff to a grumble, in time. Its clock stops.

    The grumble still counts as the first of a repetition.
    """

    NAME = "grumble_answered"
    text_ref: TextRef


class Promoted(FromIntake):
    """Promotion of the grumble: it became the complaint `into`, with all of `grumbles` (`sources.md` 9).

    Intake publishes this fact for each of them. If `into` is the id of a later grumble, the id of this
    grumble is an alias of it from now on.
    """

    NAME = "promoted"
    because: PromotedBecause
    into: ComplaintId
    grumbles: list[ComplaintId]
    reason_ref: TextRef | None = None
