"""Presence of the staff: who is at work now, and who signed on or off."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import A_NUMBER, Instant, Ref


class Signing(BaseModel):
    """Sign-on (`present`) or sign-off of a person, which holds until `until`; without it, until another."""

    staff: str
    present: bool
    at: Instant
    until: Instant | None = None
    by: str
    via: str | None = None
    command_id: str


class PresentPerson(BaseModel):
    """Presence of a person now. `changes_at` is the instant at which it changes by itself, if it does."""

    staff: str
    team: str
    present: bool
    changes_at: Instant | None = None
    open: int
    capacity: int


class SwapState(BaseModel):
    """Swap of two shifts: `to` works that of `by`, and `by` that of `to`.

    It holds while it is `accepted`. `answered_by` is the person who accepted or refused it last.
    """

    swap_id: str
    by: str
    by_since: Instant
    by_until: Instant
    to: str
    to_since: Instant
    to_until: Instant
    status: Literal["proposed", "accepted", "refused"]
    proposed_at: Instant
    answered_by: str | None = None
    answered_at: Instant | None = None


class Presence(BaseModel):
    """Agents and their presence, and the newest signings and swaps of shifts, newest first."""

    people: list[PresentPerson]
    signings: list[Signing]
    swaps: list[SwapState] = Field(default_factory=list)


class PresenceQuery(Query):
    """Presence of all agents, or of one person or team, with their newest signings and swaps."""

    NAME = "presence"
    SERVICES = (Service.ROUTING,)
    RESULT = Presence
    staff: Ref | None = None
    team: Ref | None = None
    limit: Annotated[int, Field(ge=1, le=500), A_NUMBER] = 100
