"""Several messages to one stream with one acknowledgement: an atomic batch of JetStream, all or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from nats.aio.client import Client
from nats.js.api import Header

MOST_TOGETHER = 900
"""The server takes at most 1000 messages in an atomic batch."""

MOST_BYTES = 4 * 1024 * 1024
"""A batch is held whole until its last message is there."""

BATCH_ID, BATCH_SEQUENCE, BATCH_COMMIT = "Nats-Batch-Id", "Nats-Batch-Sequence", "Nats-Batch-Commit"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message on its way to a stream, which drops a second one with the same `id`."""

    subject: str
    body: bytes
    id: str
    headers: Mapping[str, str] = field(default_factory=dict)


def batches(all_outgoing: Sequence[OutgoingMessage]) -> Iterator[list[OutgoingMessage]]:
    """In order, in batches that a server takes."""
    batch: list[OutgoingMessage] = []
    size = 0
    for outgoing in all_outgoing:
        if batch and (len(batch) == MOST_TOGETHER or size + len(outgoing.body) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(outgoing)
        size += len(outgoing.body)
    if batch:
        yield batch


async def store_together(
    client: Client, stream: str, all_outgoing: Sequence[OutgoingMessage], timeout: float
) -> bool:
    """At most `MOST_TOGETHER`, at least one; False if the server refused them, and then none is stored."""
    batch = uuid4().hex
    for number, outgoing in enumerate(all_outgoing[:-1], start=1):
        await client.publish(outgoing.subject, outgoing.body, headers=_part(outgoing, batch, number))
    last = all_outgoing[-1]
    headers = _part(last, batch, len(all_outgoing)) | {BATCH_COMMIT: "1"}
    answer = await client.request(last.subject, last.body, timeout=timeout, headers=headers)
    stored = orjson.loads(answer.data)
    return "error" not in stored and stored.get("stream") == stream


def _part(outgoing: OutgoingMessage, batch: str, number: int) -> dict[str, str]:
    return {
        **outgoing.headers,
        Header.MSG_ID.value: outgoing.id,
        BATCH_ID: batch,
        BATCH_SEQUENCE: str(number),
    }
