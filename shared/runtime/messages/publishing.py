"""Publishing facts: in order, each once, acknowledged by JetStream before anything else happens."""

import asyncio
from collections.abc import Sequence
from itertools import groupby

from nats.aio.client import Client
from nats.js.api import Header

from shared.contract import subjects
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.outgoing import Outgoing
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.messages.together import MOST_TOGETHER, OutgoingMessage, batches, store_together
from shared.runtime.probes.storing import Storing
from shared.runtime.tracing import tracing

TIMEOUT = 5.0

ANSWERED = ("resolved", "withdrawn", "referred", "reopened", "case_ended")
"""Facts to which another service responds with a fact as soon as it receives them."""


def headers_of(fact: Outgoing) -> dict[str, str]:
    """Headers of a fact: its content type, and the trace that it belongs to."""
    return {"content-type": CONTENT_TYPE, **tracing().headers(fact.complaint_id)}


class Publisher:
    """Publishes facts and quarantines messages. `connect` gives it the live connection."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self.storing = Storing()

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
        """Publish to a stream and wait until it is stored; a repeat of the id in its window is dropped."""
        with self.storing.watched(stream):
            await self._stream.publish(
                subject, payload, stream=stream, headers={**(headers or {}), Header.MSG_ID.value: message_id}
            )

    async def holds(self, complaint_id: str, fact_id: str) -> bool:
        """Whether the stream has the fact with this CloudEvent id."""
        return any(event["id"] == fact_id for event in await read_timeline(self.client, complaint_id))

    async def facts(self, facts: Sequence[Outgoing], *, again: bool) -> None:
        """Publish facts of one complaint in order; those from the first of `ANSWERED` on together.

        Together, because another service may respond at once (`withdrawn` with `closed`), and its response
        must not precede the others in the stream. The server takes fifty times as long for that as for the
        same facts one after another. So the rest go one by one, each once the previous fact is stored: at
        any interruption there is no gap, and the next attempt, with `again`, goes on from there.
        """
        answered = (place for place, fact in enumerate(facts) if fact.name in ANSWERED)
        first = len(facts) if again else next(answered, len(facts))
        await self.publish(facts[:first], again=again)
        if len(facts) - first > 1:
            await self.publish_all(facts[first:])
        else:
            await self.publish(facts[first:], again=again)

    async def publish(self, facts: Sequence[Outgoing], *, again: bool) -> None:
        """Publish facts in order.

        `again`: an earlier attempt may have published some of them, perhaps longer ago than the stream
        remembers ids. Facts that are in the stream are then looked up and left out.
        """
        if again and facts:
            complaints = dict.fromkeys(fact.complaint_id for fact in facts)
            said = {event["id"] for one in complaints for event in await read_timeline(self.client, one)}
            facts = [fact for fact in facts if fact.id not in said]
        for fact in facts:
            await self.put(fact.subject, fact.body, subjects.EVENTS_STREAM, fact.id, headers_of(fact))

    async def publish_all(self, facts: Sequence[Outgoing]) -> None:
        """Publish fresh facts of many complaints in order: with one acknowledgement, all or none.

        Where the server does not take them together (one of them is stored already), they go one by one.
        """
        for start in range(0, len(facts), MOST_TOGETHER):
            part = facts[start : start + MOST_TOGETHER]
            all_outgoing = [
                OutgoingMessage(fact.subject, fact.body, fact.id, headers_of(fact)) for fact in part
            ]
            if not await self._together(subjects.EVENTS_STREAM, all_outgoing):
                for _, own in groupby(part, key=lambda fact: fact.complaint_id):
                    await self.publish(list(own), again=True)

    async def put_all(self, stream: str, all_outgoing: Sequence[OutgoingMessage]) -> None:
        """Publish independent messages until all are stored: together, or else at once.

        The server refuses a batch with a message that it has already. Sent singly, only that message is
        dropped.
        """
        for batch in batches(all_outgoing):
            if len(batch) == 1 or not await self._together(stream, batch):
                await asyncio.gather(
                    *(self.put(one.subject, one.body, stream, one.id, dict(one.headers)) for one in batch)
                )

    async def _together(self, stream: str, all_outgoing: Sequence[OutgoingMessage]) -> bool:
        """Whether the server stored them. A refusal of the batch does not mean a fault of the stream."""
        try:
            stored = await store_together(self.client, stream, all_outgoing, TIMEOUT)
        except Exception as error:
            self.storing.failed(stream, error)
            raise
        if stored:
            self.storing.stored(stream)
        return stored
