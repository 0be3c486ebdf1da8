"""Finds the oldest message of a durable that is not settled: taken and in hand, or still waiting."""

from datetime import datetime

import orjson
from nats.aio.client import Client
from nats.js.api import ConsumerInfo

from shared.contract.consumers import Durable
from shared.contract.subjects import SUBMIT_STREAM

TIMEOUT = 3.0
NOTHING = "0001-01-01"
"""Instant that nats-server writes where there is none."""


async def oldest(client: Client, durable: Durable, info: ConsumerInfo) -> datetime | None:
    """Instant at which the oldest message was stored; None if nothing is in work and nothing waits."""
    if not (info.num_pending or info.num_ack_pending):
        return None
    if durable.stream == SUBMIT_STREAM:
        return await _first_of(client, durable.stream)
    after = int((info.ack_floor.stream_seq if info.ack_floor else 0) or 0) + 1
    found = [await _next(client, durable.stream, subject, after) for subject in durable.filters]
    return min((one for one in found if one), default=None)


async def _first_of(client: Client, stream: str) -> datetime | None:
    """Instant of the first message of a work queue: a settled message is gone."""
    answer = await client.request(f"$JS.API.STREAM.INFO.{stream}", b"", timeout=TIMEOUT)
    first = str(orjson.loads(answer.data).get("state", {}).get("first_ts", NOTHING))
    return None if first.startswith(NOTHING) else datetime.fromisoformat(first)


async def _next(client: Client, stream: str, subject: str, after: int) -> datetime | None:
    wanted = orjson.dumps({"seq": after, "next_by_subj": subject})
    answer = await client.request(f"$JS.API.DIRECT.GET.{stream}", wanted, timeout=TIMEOUT)
    at = (answer.headers or {}).get("Nats-Time-Stamp")
    return datetime.fromisoformat(at) if at else None
