"""Permissions of clients: what each may submit, command and query, by its entry in the register."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.contract.clients import ANY, CAPABILITIES, kind_of_text
from shared.contract.commands import ActorRef
from shared.contract.errors import Refusal, refuse
from shared.contract.quarantine import Misfit, Reason
from shared.contract.queries import Query, TextQuery
from shared.contract.subjects import HOUSE
from shared.runtime import refusals
from shared.runtime.clients.following import Following
from shared.runtime.clients.register import Client

MINUTE = 60.0
Asked = TypeVar("Asked", bound=Query)


@dataclass
class ClientBucket:
    """Requests that one client has left; it fills again within a minute."""

    room: float
    at: float


class ClientPermissions:
    """Answers for the clients of a register. The house's own administrator may do everything."""

    def __init__(self, following: Following, clock: Callable[[], float] = time.monotonic) -> None:
        self._following = following
        self._clock = clock
        self._buckets: dict[str, ClientBucket] = {}

    def foreign(self, name: str, source: str) -> Misfit | None:
        """Reason why this client may not submit for this source, if it may not."""
        client = self._following.get(name)
        if name == HOUSE or (client and client.may_speak_for(source)):
            return None
        return Misfit(Reason.FOREIGN_SOURCE, refusals.FOREIGN_SOURCE.filled(name=name), "source")

    def flooding(self, name: str) -> Misfit | None:
        """Reason why one more submission of this client is too many, if it is; otherwise it is counted."""
        client = self._following.get(name)
        if client is None or client.per_minute is None or self._room(f"{name} submits", client.per_minute):
            return None
        words = refusals.SUBMITS_TOO_MUCH.filled(name=name, limit=client.per_minute)
        return Misfit(Reason.RATE_LIMITED, words)

    def no_command(self, name: str, actor: str) -> Refusal | None:
        """Reason why this client may send no command as this actor, if it may not."""
        if name == HOUSE:
            return None
        client = self._following.get(name)
        if client is None or not CAPABILITIES[client.kind].commands:
            return refuse(refusals.NO_COMMANDS, name=name)
        return self._too_many(client) or self._not_as(client, actor)

    def asked_as_itself(self, name: str, query: Asked) -> Asked:
        """Query with the actor of a client that has only one actor: leaving it out must not show more."""
        client = self._following.get(name)
        sole = client.actors[0] if client and len(client.actors) == 1 else ANY
        if sole == ANY or "actor" not in type(query).model_fields or getattr(query, "actor", None):
            return query
        return query.model_copy(update={"actor": ActorRef(id=sole)})

    def no_query(self, name: str, query: Query) -> Refusal | None:
        """Reason why this client may not send this query, if it may not."""
        if name == HOUSE:
            return None
        client = self._following.get(name)
        if client is None or query.NAME not in CAPABILITIES[client.kind].queries:
            return refuse(refusals.NO_QUERY, name=name, query=query.NAME)
        if refusal := self._too_many(client):
            return refusal
        if isinstance(query, TextQuery) and (refusal := _not_read(client, query.text_ref)):
            return refusal
        asker = getattr(query, "actor", None)
        return self._not_as(client, asker.id) if isinstance(asker, ActorRef) else None

    def _not_as(self, client: Client, actor: str) -> Refusal | None:
        if client.may_name(actor):
            return None
        return refuse(refusals.NOT_THIS_ACTOR, name=client.name, actor=actor)

    def _too_many(self, client: Client) -> Refusal | None:
        """Refusal for a client with a limit that it has used up."""
        if client.per_minute is None:
            return None
        limit = client.per_minute
        if self._room(f"{client.name} asks", limit):
            return None
        return refuse(refusals.TOO_MANY_REQUESTS, limit=limit)

    def _room(self, what: str, limit: int) -> bool:
        """Whether there is room for one more within a minute; it is taken."""
        now = self._clock()
        bucket = self._buckets.setdefault(what, ClientBucket(limit, now))
        bucket.room = min(limit, bucket.room + (now - bucket.at) * limit / MINUTE)
        bucket.at = now
        if bucket.room < 1:
            return False
        bucket.room -= 1
        return True


def _not_read(client: Client, ref: str) -> Refusal | None:
    """Refusal for a client that may not read the text. It does not reveal whether the text exists."""
    kind = kind_of_text(ref)
    if kind in CAPABILITIES[client.kind].texts:
        return None
    return refuse(refusals.NOT_THIS_TEXT, name=client.name, kind=kind)


NOBODY = ClientPermissions(Following(None))
"""Without a register, only the house's own administrator may speak."""
