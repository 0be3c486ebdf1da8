"""What `amends rebuild` and services say to each other after a store was lost; not for anybody outside."""

from typing import Literal

from pydantic import BaseModel, Field

What = Literal["workflows", "facts", "rows"]
"""What a service does: start open workflows again, hand over its facts on record, or make its rows again."""


class RebuildAsked(BaseModel):
    """A request for the next page; `after` is what the page before said, empty for the first."""

    what: What
    after: str = ""


class Rebuilt(BaseModel):
    """One page: how many complaints it looked at and rebuilt, the facts that it hands over.

    `after` is where the next page begins, absent behind the last. `unable` are those that cannot be rebuilt.
    """

    ok: Literal[True] = True
    looked_at: int = 0
    rebuilt: int = 0
    facts: list[str] = Field(default_factory=list)
    unable: list[str] = Field(default_factory=list)
    after: str | None = None


class NotRebuilt(BaseModel):
    """The page could not be done: ask for it again. `error` is a class of failure."""

    ok: Literal[False] = False
    error: str
