"""Understanding before offering: listening, restating, confirming, and courses without agreement."""

from typing import Annotated

from pydantic import Field, StrictBool

from shared.contract.commands.base import Token, ToRouting
from shared.contract.values import Course, Instant, Interest, Party, Ref, Text


class Listen(ToRouting):
    """Record that the complainant was listened to before anything was proposed; `text` are their words."""

    VERB = "listen"
    TEXTS = ("text",)
    text: Text


class Restate(ToRouting):
    """Send the problem to the complainant in our words, with the interests behind it as we understand them.

    The notice has a link by which they confirm it themselves, once, until `until`. A new restatement
    replaces the one before.
    """

    VERB = "restate"
    TEXTS = ("text",)
    OURS = ("text",)
    TOLD = ("text",)
    text: Text
    interests: Annotated[list[Interest], Field(max_length=9)] = Field(default_factory=list)
    until: Instant | None = None


class Confirm(ToRouting):
    """Record whether the complainant confirms a restatement, sent by them, or by the owner for them.

    The owner names the `recording`: the id or reference of the call or message with their words. With
    `confirmed` the interests of the restatement are confirmed, too; otherwise `text` is what was wrong.
    """

    VERB = "confirm"
    TEXTS = ("text", "recording")
    restatement_id: Token
    confirmed: StrictBool
    recording: Ref | None = None
    text: Text | None = None


class RecordFallback(ToRouting):
    """Record the best course of a party if there is no agreement; a new one replaces theirs before."""

    VERB = "record_fallback"
    TEXTS = ("text",)
    party: Party
    course: Course
    text: Text | None = None
