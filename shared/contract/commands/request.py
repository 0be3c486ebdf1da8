"""A command on the wire: who asks what, and what is answered."""

from typing import Any, Literal

from pydantic import BaseModel, Field, PrivateAttr

from shared.contract.errors import Refusal
from shared.contract.values import Ref

MAX_COMMAND_BYTES = 256 * 1024


class ActorRef(BaseModel):
    """Who asks. The role is looked up in the roster, never believed."""

    id: Ref


class CommandRequest(BaseModel):
    """The request. Repeating a `command_id` repeats the first reply and does nothing more."""

    command_id: Ref
    complaint_id: str
    actor: ActorRef
    data: dict[str, Any] = Field(default_factory=dict)
    _via: str | None = PrivateAttr(None)

    @property
    def via(self) -> str | None:
        """The client that sent it. The service learns it from the subject; no sender can write it."""
        return self._via

    def sent_by(self, client: str) -> "CommandRequest":
        """The same request, from this client."""
        sent = self.model_copy()
        sent._via = client
        return sent


class Accepted(BaseModel):
    """It was done: the facts named are durable and published.

    `allowed` are the verbs that the answering service takes now; the query `complaint` has those of all.
    """

    ok: Literal[True] = True
    complaint_id: str
    stage: str
    events: list[str]
    allowed: list[str]
    result: dict[str, Any] = Field(default_factory=dict)


class Refused(BaseModel):
    """It was not done, and why."""

    ok: Literal[False] = False
    error: Refusal


CommandReply = Accepted | Refused
