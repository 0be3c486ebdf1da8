"""Reading of everything in the stream of the quarantine: misfits and the dead letters, without the bytes."""

from collections.abc import AsyncIterator

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig

from shared.contract.subjects import QUARANTINE_STREAM, Service, inbox_prefix

BATCH = 256
FETCH_WITHIN = 5.0
INBOX = f"{inbox_prefix(Service.INTAKE)}.".encode()
HEADERS = ConsumerConfig(ack_policy=AckPolicy.NONE, headers_only=True, inactive_threshold=30.0)
"""Consumer of the reader's own, which the server deletes after 30 seconds without a fetch."""


async def every_copy(client: Client) -> AsyncIterator[Msg]:
    """Every quarantined message and dead letter, the oldest first, without its bytes."""
    reading = await client.jetstream().pull_subscribe(
        ">", stream=QUARANTINE_STREAM, config=HEADERS, inbox_prefix=INBOX
    )
    try:
        left = (await reading.consumer_info()).num_pending or 0
        while left > 0:
            for message in await reading.fetch(min(BATCH, left), timeout=FETCH_WITHIN):
                left -= 1
                yield message
    finally:
        await reading.unsubscribe()
