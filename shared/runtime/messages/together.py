"""Several messages to one stream with one acknowledgement: an atomic batch of JetStream, all or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from nats.aio.client import Client
from nats.js.api import Header

MOST_TOGETHER = 900
"""Most messages in an atomic batch; the server takes 1000."""

MOST_BYTES = 4 * 1024 * 1024
"""Most bytes of a batch, which the server holds whole until its last message is there."""

BATCH_ID, BATCH_SEQUENCE, BATCH_COMMIT = "Nats-Batch-Id", "Nats-Batch-Sequence", "Nats-Batch-Commit"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Message on its way to a stream, which drops a second message with the same `id`."""

    subject: str
    body: bytes
    id: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the body and of the headers."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers.items())


def batches(
    all_outgoing: Sequence[OutgoingMessage], most_bytes: int = MOST_BYTES
) -> Iterator[list[OutgoingMessage]]:
    """Messages in order, in batches that a server takes."""
    batch: list[OutgoingMessage] = []
    size = 0
    for outgoing in all_outgoing:
        if batch and (len(batch) == MOST_TOGETHER or size + len(outgoing.body) > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(outgoing)
        size += len(outgoing.body)
    if batch:
        yield batch


async def store_together(
    client: Client, stream: str, all_outgoing: Sequence[OutgoingMessage], timeout: float
) -> bool:
    """Store at least one and at most `MOST_TOGETHER` messages; False if the server refused them, and none is
    stored.
    """
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
