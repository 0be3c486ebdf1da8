"""Classification and ownership of a complaint, and how both change."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool, TypeAdapter, ValidationError, ValidationInfo, field_validator

from shared.contract.commands.base import Reasoned, ToRouting
from shared.contract.subjects import Channel
from shared.contract.values import (
    A_NUMBER,
    Category,
    CauseSide,
    ComplaintId,
    Gap,
    Instant,
    Motive,
    Nature,
    Ref,
    Style,
    Sub,
    Trigger,
)
from shared.contract.values.problems import problem


class Reclassify(Reasoned):
    """Correct the triage. Lowering the safety flag or the severity takes a second person.

    `motives` is the whole list as it is judged now: a revision, which the earlier lists stay beside.
    `harassment` in it is proposed only, and a second person confirms it (`approve`); it ends by itself after
    the time of the policy, and by a list without it.
    """

    VERB = "reclassify"
    OURS = ("reason",)
    category: Category | None = None
    sub: Sub | None = None
    cause_side: CauseSide | None = None
    nature: Nature | None = None
    triggers: Annotated[list[Trigger], Field(max_length=4)] | None = None
    gap: Gap | None = None
    style: Annotated[list[Style], Field(max_length=4)] | None = None
    motives: Annotated[list[Motive], Field(max_length=10)] | None = None
    severity: Annotated[int, Field(ge=1, le=5), A_NUMBER] | None = None
    safety: StrictBool | None = None


class Transfer(Reasoned):
    """Propose another owner; nothing changes until they accept."""

    VERB = "transfer"
    to: Ref


class AcceptTransfer(ToRouting):
    """Become the owner that a transfer or a hand-over proposed; of `complaint_ids`, where these are given."""

    VERB = "accept_transfer"
    complaint_ids: Annotated[list[ComplaintId], Field(min_length=1, max_length=1000)] | None = None


INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)

LIKE_A_DATE = re.compile(r"\s*(\d{4}\s*[-/.年]|\d{1,2}\s*[-/.月]\s*\d{1,2}(\D|$))")
"""Beginning of a date in digits, with or without its year."""


class Change(Reasoned):
    """Change the person, the place or the time of the conversation.

    A place is a channel, which the notices then use, or a venue in words. A time is an instant, which becomes
    a promise to the complainant, or a time in words.
    """

    VERB = "change"
    what: Literal["person", "place", "time"]
    to: Ref

    @field_validator("to")
    @classmethod
    def _no_half_instant(cls, to: str, info: ValidationInfo) -> str:
        """Refuse what begins like a date and is no instant: it would be taken for words, without a clock."""
        if info.data.get("what") == "time" and LIKE_A_DATE.match(to):
            try:
                INSTANT.validate_python(to)
            except ValidationError:
                raise problem("no_slot") from None
        return to

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Ids of staff, channels and instants may travel in the clear; other places and times are texts."""
        return ("reason",) if self.what == "person" or self.channel or self.slot else ("reason", "to")

    @property
    def channel(self) -> Channel | None:
        """Channel that the place is."""
        known = self.what == "place" and self.to in list(Channel)
        return Channel(self.to) if known else None

    @property
    def slot(self) -> datetime | None:
        """Instant that the time is."""
        if self.what != "time":
            return None
        try:
            return INSTANT.validate_python(self.to)
        except ValidationError:
            return None


class Escalate(Reasoned):
    """Move the complaint up a level now."""

    VERB = "escalate"
