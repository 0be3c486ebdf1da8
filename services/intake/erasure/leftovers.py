"""Copies in the streams of submissions whose texts are erased.

There are two kinds. A submission that was taken lies in its block of the queue's file until no message
waits in that block. A submission that was quarantined is in the quarantine with its bytes.
"""

import asyncio
from collections.abc import Collection

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from services.intake.quarantined_copies import every_copy
from shared.contract.quarantine import HEADER_COMPLAINT
from shared.contract.subjects import QUARANTINE_STREAM, SUBMIT_STREAM

LOOK_AGAIN = 0.05
QUEUE_EMPTY_WITHIN = 4.0


async def copies(client: Client, complaints: Collection[str]) -> list[int]:
    """Sequence numbers of the copies of these complaints, in the quarantine and among the dead letters."""
    return [
        message.metadata.sequence.stream
        async for message in every_copy(client)
        if (message.headers or {}).get(HEADER_COMPLAINT) in complaints
    ]


async def destroy(client: Client, complaints: Collection[str]) -> int:
    """Overwrite the quarantined copies of these complaints, and wait until the queue was empty once; returns
    the number of copies.

    Raises `asyncio.TimeoutError` while submissions wait without a pause; then ask again later.
    """
    stream, destroyed = client.jetstream(), 0
    for number in await copies(client, complaints):
        try:
            # By default the server overwrites the bytes of a deleted message.
            await stream.delete_msg(QUARANTINE_STREAM, number)
        except NotFoundError:  # replayed, or deleted by another try
            continue
        destroyed += 1
    await _queue_seen_empty(client)
    return destroyed


async def _queue_seen_empty(client: Client) -> None:
    """Wait until the queue was empty once: then the server removes its blocks, and all that was taken from
    them.
    """
    stream = client.jetstream()
    async with asyncio.timeout(QUEUE_EMPTY_WITHIN):
        while (await stream.stream_info(SUBMIT_STREAM)).state.messages:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_AGAIN)
