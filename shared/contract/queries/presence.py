"""Presence of the staff: who is at work now, and who signed on or off."""

from typing import Annotated

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


class Presence(BaseModel):
    """Agents and their presence, and the newest signings, newest first."""

    people: list[PresentPerson]
    signings: list[Signing]


class PresenceQuery(Query):
    """Presence of all agents, or of one person or team, with their newest signings."""

    NAME = "presence"
    SERVICES = (Service.ROUTING,)
    RESULT = Presence
    staff: Ref | None = None
    team: Ref | None = None
    limit: Annotated[int, Field(ge=1, le=500), A_NUMBER] = 100
