"""The last fact of each of some complaints: one direct read of the stream per complaint, no query."""

import asyncio
import json

import nats.errors
from nats.aio.client import Client

from services.console.facts import SeenFact, read_fact
from shared.contract import subjects

AT_ONCE = 32
DIRECT_GET = f"$JS.API.DIRECT.GET.{subjects.EVENTS_STREAM}"


async def last_facts(client: Client, complaint_ids: list[str]) -> dict[str, SeenFact]:
    """By complaint id. A complaint whose last fact cannot be read is left out: this only decorates a list."""
    gate = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(_last_fact(client, one, gate) for one in complaint_ids))
    return {fact.complaint_id: fact for fact in found if fact is not None}


async def _last_fact(client: Client, complaint_id: str, gate: asyncio.Semaphore) -> SeenFact | None:
    wanted = json.dumps({"last_by_subj": subjects.timeline(complaint_id)}).encode()
    async with gate:
        try:
            message = await client.request(DIRECT_GET, wanted, timeout=2)
        except nats.errors.Error:
            return None
    return read_fact(message.data)
