"""Somebody is not content, and does not complain yet (`sources.md` 9)."""

from typing import Literal

from pydantic import Field

from shared.contract.events.base import FromIntake
from shared.contract.subjects import Channel
from shared.contract.values import ComplaintId, Concerned, Contact, Instant, Money, TextRef

PromotedBecause = Literal["repeat", "request", "unanswered", "danger"]
"""A second grumble within the policy's time, somebody's wish, nobody's answer in time, or a danger told."""


class Grumbled(FromIntake):
    """Somebody is not content but does not complain yet: answer by `answer_by` (`sources.md` 9)."""

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
    """Whom it is about: they may not answer it, promote it or read it."""
    customer_register: str | None = None


class GrumbleAnswered(FromIntake):
    """Somebody answered the grumble in time; it rests, and still counts as the first of a repeat."""

    NAME = "grumble_answered"
    text_ref: TextRef


class Promoted(FromIntake):
    """The grumble became the complaint `into`, together with all of `grumbles` (`sources.md` 9).

    Said of each of them. Where `into` is another id, that of a later grumble, this one is its alias from
    now on.
    """

    NAME = "promoted"
    because: PromotedBecause
    into: ComplaintId
    grumbles: list[ComplaintId]
    reason_ref: TextRef | None = None
