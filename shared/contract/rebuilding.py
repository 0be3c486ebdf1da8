"""Messages between `amends rebuild` and the services after the loss of a store; not part of the public
contract.
"""

from typing import Literal

from pydantic import BaseModel, Field

What = Literal["workflows", "facts", "rows"]
"""Work of a service: start open workflows again, hand over its stored facts, or make its rows again."""


class RebuildAsked(BaseModel):
    """Request for the next page; `after` is that of the page before, empty for the first page."""

    what: What
    after: str = ""


class Rebuilt(BaseModel):
    """Page of a rebuild: how many complaints it looked at and rebuilt, and the facts that it hands over.

    `after` is the start of the next page, absent on the last page. `unable` are complaints that cannot be
    rebuilt.
    """

    ok: Literal[True] = True
    looked_at: int = 0
    rebuilt: int = 0
    facts: list[str] = Field(default_factory=list)
    unable: list[str] = Field(default_factory=list)
    after: str | None = None


class NotRebuilt(BaseModel):
    """Reply for a page that failed: ask for it again. `error` is a class of failure."""

    ok: Literal[False] = False
    error: str
