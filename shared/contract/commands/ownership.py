"""Classification and ownership of a complaint, and how both change."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from shared.contract.commands.base import Reasoned, ToRouting
from shared.contract.values import (
    A_NUMBER,
    Category,
    CauseSide,
    ComplaintId,
    Gap,
    Motive,
    Nature,
    Ref,
    Style,
    Sub,
    Trigger,
)


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


class Change(Reasoned):
    """Change the person, the place or the time of the conversation."""

    VERB = "change"
    what: Literal["person", "place", "time"]
    to: Ref

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Ids of staff may travel in the clear; a place or a time is described in words and is a text."""
        return ("reason",) if self.what == "person" else ("reason", "to")


class Escalate(Reasoned):
    """Move the complaint up a level now."""

    VERB = "escalate"
