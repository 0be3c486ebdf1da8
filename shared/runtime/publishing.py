"""Publishing facts: in order, each once, acknowledged by JetStream before anything else happens."""

from typing import Any

import orjson
from nats.aio.client import Client
from nats.js.api import Header
from pydantic import BaseModel

from shared.contract import subjects
from shared.contract.envelope import CONTENT_TYPE, CloudEvent
from shared.contract.events import TYPE_PREFIX
from shared.runtime.timeline import read_timeline

TIMEOUT = 5.0

FactEvent = CloudEvent[dict[str, Any]]


class Publisher:
    """Says facts and puts messages aside. `connect` gives it the live connection."""

    def __init__(self) -> None:
        self._client: Client | None = None

    def connect(self, client: Client) -> None:
        self._client = client
        self._stream = client.jetstream(timeout=TIMEOUT)

    @property
    def client(self) -> Client:
        if self._client is None:
            raise RuntimeError("the publisher was used before the broker was connected")
        return self._client

    async def put(
        self,
        subject: str,
        payload: bytes,
        stream: str,
        message_id: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Publish to a stream and wait until it is stored; a repeat of the id within the window is dropped."""
        await self._stream.publish(
            subject, payload, stream=stream, headers={**(headers or {}), Header.MSG_ID.value: message_id}
        )

    async def facts(self, events: list[FactEvent], *, again: bool) -> None:
        """Publish facts of one complaint in order.

        `again` says that an earlier try may have published some of them, perhaps longer ago than the
        stream remembers ids: then what already stands in the stream is looked up and left out.
        """
        if again and events:
            said = {event["id"] for event in await read_timeline(self.client, str(events[0].subject))}
            events = [event for event in events if event.id not in said]
        for event in events:
            await self.put(
                fact_subject(event),
                encode(event),
                subjects.EVENTS_STREAM,
                event.id,
                {"content-type": CONTENT_TYPE},
            )


def fact_subject(event: FactEvent) -> str:
    """Where a fact goes."""
    name = event.type.removeprefix(TYPE_PREFIX).removesuffix(".v1")
    return subjects.event(name, str(event.subject))


def encode(message: BaseModel) -> bytes:
    """A message as JSON, without absent fields."""
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))
