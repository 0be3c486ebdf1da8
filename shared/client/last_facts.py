"""Last fact of each of some complaints: one direct read of the stream per complaint, no query."""

import asyncio
import json
from typing import Any

import nats.errors
from nats.aio.client import Client

from shared.client.facts import PublishedFact, read_fact
from shared.contract import subjects

AT_ONCE = 32
DIRECT_GET = f"$JS.API.DIRECT.GET.{subjects.EVENTS_STREAM}"


async def last_facts(client: Client, complaint_ids: list[str]) -> dict[str, PublishedFact]:
    """Last fact by complaint id. A complaint whose last fact cannot be read is left out of this additional
    list.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    wanted = (subjects.timeline(one) for one in complaint_ids)
    found = await asyncio.gather(*(last_fact_of(client, subject, gate) for subject in wanted))
    return {fact.complaint_id: fact for fact in found if fact is not None}


async def recent_facts(client: Client, count: int) -> list[PublishedFact]:
    """Newest facts of the whole stream, in the order of publishing; fewer if some cannot be read.

    Between facts there are gaps, at probes that health sent to the stream. So the search goes back further
    a few times.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    newest = await place_of_last(client)
    found: list[PublishedFact] = []
    for window in (count, 2 * count, 4 * count, 8 * count):
        places = range(max(1, newest - window + 1), newest + 1)
        facts = await asyncio.gather(*(_direct(client, {"seq": place}, gate) for place in places))
        found = [fact for fact in facts if fact is not None] + found
        newest -= window
        if len(found) >= count or newest < 1:
            break
    return found[-count:]


async def place_of_last(client: Client) -> int:
    """Sequence number of the last fact in the stream; 0 if there is none."""
    wanted = {"last_by_subj": f"{subjects.EVENT}.>"}
    message = await client.request(DIRECT_GET, json.dumps(wanted).encode(), timeout=2)
    return int((message.headers or {}).get("Nats-Sequence", 0))


async def last_fact_of(client: Client, subject: str, gate: asyncio.Semaphore) -> PublishedFact | None:
    """Last fact on a subject, which may have wildcards; None if there is none."""
    return await _direct(client, {"last_by_subj": subject}, gate)


async def _direct(client: Client, wanted: dict[str, Any], gate: asyncio.Semaphore) -> PublishedFact | None:
    async with gate:
        try:
            message = await client.request(DIRECT_GET, json.dumps(wanted).encode(), timeout=2)
        except nats.errors.Error:
            return None
    return read_fact(message.data)
