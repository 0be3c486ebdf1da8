"""Links that work once, by which a complainant confirms a restatement: what the door asks routing.

The generated contract leaves these messages out: they travel between our own parts. The token is all that
the link has; only routing can make and read one.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.values import Instant, Interest, Text

LINK_PATH = "/confirm"
"""Path of the door's page."""

TOKEN = "t"
"""Name of the parameter with the token."""

LinkStatus = Literal[
    "open", "used", "expired", "replaced", "over", "unknown", "unavailable", "confirmed", "corrected"
]
"""Status of a link: `replaced` by a newer restatement; `over`: the complaint takes no answer any more;
`unknown`: the token is not ours. `confirmed` and `corrected` are what this very request did.
"""


class LinkAsked(BaseModel):
    """Request about a token; with `confirmed` it answers the restatement, once."""

    token: Annotated[str, Field(max_length=200)]
    confirmed: bool | None = None
    text: Text | None = None


class LinkAnswer(BaseModel):
    """Status of a link, and what may be confirmed by it; nothing of a complaint if the token is not ours."""

    status: LinkStatus
    complaint_id: str | None = None
    interests: list[Interest] = Field(default_factory=list)
    until: Instant | None = None
