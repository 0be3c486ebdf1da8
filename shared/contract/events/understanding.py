"""Facts of understanding before offering: listening, restatements, courses without agreement."""

from typing import Literal

from shared.contract.events.base import FromRouting
from shared.contract.values import Course, Instant, Interest, Party, TextRef

ConfirmedBy = Literal["command", "link", "recording", "owner"]
"""Way of a confirmation: own command, one-time link, stored words, or the owner's word for it."""


class Listened(FromRouting):
    """Listening step before any proposal (`sources.md` 43, 44)."""

    NAME = "listened"
    text_ref: TextRef


class Restated(FromRouting):
    """Problem in the words of the organisation, sent to the complainant (`sources.md` 44, 50).

    They can confirm it by the link in the notice until `expires_at`, once. `interests` are those that the
    owner understood to be behind it.
    """

    NAME = "restated"
    restatement_id: str
    interests: list[Interest]
    expires_at: Instant
    text_ref: TextRef


class RestatementAnswered(FromRouting):
    """Answer of the complainant to a restatement; `recording_ref` leads to their words if staff sent it."""

    NAME = "restatement_answered"
    restatement_id: str
    confirmed: bool
    how: ConfirmedBy
    recording_ref: TextRef | None = None
    text_ref: TextRef | None = None


class FallbackRecorded(FromRouting):
    """Best course of a party if there is no agreement (`sources.md` 74)."""

    NAME = "fallback_recorded"
    party: Party
    course: Course
    text_ref: TextRef | None = None
