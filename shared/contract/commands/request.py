"""Command on the wire: the request of an actor, and its replies."""

from typing import Any, Literal

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from shared.contract.errors import Refusal
from shared.contract.values import Ref

MAX_COMMAND_BYTES = 256 * 1024


class ActorRef(BaseModel):
    """Actor of the request. The service looks the role up in the roster and does not trust the sender for
    it.
    """

    id: Ref


class CommandRequest(BaseModel):
    """Request of a command. A repeated `command_id` gets the first reply again and has no further effect."""

    command_id: Ref
    complaint_id: str
    actor: ActorRef
    data: dict[str, Any] = Field(default_factory=dict)
    _via: str | None = PrivateAttr(None)

    @property
    def via(self) -> str | None:
        """Client that sent the request. The service takes it from the subject; no sender can set it."""
        return self._via

    def sent_by(self, client: str) -> "CommandRequest":
        """Copy of this request, marked as sent by this client."""
        sent = self.model_copy()
        sent._via = client
        return sent


class RequestOfMany(CommandRequest):
    """Request of a command that may be about many complaints: its list, or `all`, is enough."""

    @model_validator(mode="before")
    @classmethod
    def _first(cls, given: Any) -> Any:
        data = given.get("data") if isinstance(given, dict) else None
        if not isinstance(data, dict) or given.get("complaint_id") is not None:
            return given
        listed = data.get("complaint_ids")
        if isinstance(listed, list) and listed:
            return given | {"complaint_id": listed[0]}
        return given | {"complaint_id": ""} if data.get("all") is True else given


class PersonRequest(BaseModel):
    """Request of a command about a person. It names no complaint; its `command_id` is used once for all
    commands of this kind.
    """

    command_id: Ref
    actor: ActorRef
    data: dict[str, Any] = Field(default_factory=dict)
    _via: str | None = PrivateAttr(None)

    @property
    def via(self) -> str | None:
        """Client that sent the request, by the subject."""
        return self._via

    def sent_by(self, client: str) -> "PersonRequest":
        """Copy of this request, marked as sent by this client."""
        sent = self.model_copy()
        sent._via = client
        return sent


class AcceptedForPerson(BaseModel):
    """Reply to a command about a person that was carried out: it is durable. It names no complaint and no
    stage.
    """

    ok: Literal[True] = True
    events: list[str]
    allowed: list[str]
    result: dict[str, Any] = Field(default_factory=dict)


class Accepted(BaseModel):
    """Reply to a command that was carried out: the named facts are durable and published.

    `allowed` are the verbs that the answering service accepts now. The query `complaint` has those of all
    services.
    """

    ok: Literal[True] = True
    complaint_id: str
    stage: str
    events: list[str]
    allowed: list[str]
    result: dict[str, Any] = Field(default_factory=dict)


class Refused(BaseModel):
    """Reply to a command that was not carried out, with the reason."""

    ok: Literal[False] = False
    error: Refusal


CommandReply = Accepted | Refused
PersonReply = AcceptedForPerson | Refused
