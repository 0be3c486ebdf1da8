"""Lost, doubled or wrong facts after the run: read from the stream itself, not from the services."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from shared.contract import subjects

SERVICES = ("intake", "routing", "followup")
Fact = dict[str, Any]

PATIENCE = 180.0


async def timelines(admin: Client) -> dict[str, list[Fact]]:
    """Every fact that the stream holds, by complaint, in order.

    A request that reaches JetStream while it has no leader gets no answer, so it is sent again.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await _read(admin.jetstream(timeout=5))
            except (TimeoutError, nats.errors.Error):
                await asyncio.sleep(1)


async def _read(js: JetStreamContext) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    info = await js.stream_info(subjects.EVENTS_STREAM, subjects_filter=f"{subjects.EVENT}.>")
    total = sum((info.state.subjects or {}).values())
    reader = await js.subscribe(f"{subjects.EVENT}.>", ordered_consumer=True, stream=subjects.EVENTS_STREAM)
    try:
        for _ in range(total):
            message = await reader.next_msg(timeout=10)
            found[message.subject.rsplit(".", 1)[1]].append(json.loads(message.data))
    finally:
        await reader.unsubscribe()
    return found


def faults(complaint: str, facts: list[Fact], outcome: str) -> list[str]:
    """Faults of one complaint's timeline; nothing if it is whole."""
    if not facts:
        return [f"lost: {complaint} has no facts"]
    ids = Counter(str(fact["id"]) for fact in facts)
    found = [f"doubled: {complaint} fact {one}" for one, count in ids.items() if count > 1]
    for service in SERVICES:
        own = [fact["data"]["seq"] for fact in facts if fact["source"] == f"amends/{service}"]
        if sorted(own) != list(range(1, len(own) + 1)):
            kind = "doubled" if len(set(own)) < len(own) else "lost"
            found.append(f"{kind}: {complaint} facts of {service} are {own}")
        elif own != sorted(own):
            found.append(f"broken: {complaint} facts of {service} are out of order: {own}")
    ends = [fact["data"]["outcome"] for fact in facts if fact["type"] == "complaints.event.closed.v1"]
    if ends != [outcome]:
        kind = "doubled" if len(ends) > 1 else "lost" if not ends else "broken"
        found.append(f"{kind}: {complaint} ended as {ends} and not as {outcome}")
    return found


def count(found: Mapping[str, list[Fact]], expected: Mapping[str, str]) -> dict[str, list[str]]:
    """All faults of all complaints, by kind: `lost`, `doubled`, `broken`."""
    wrong: dict[str, list[str]] = {"lost": [], "doubled": [], "broken": []}
    for complaint, outcome in expected.items():
        for fault in faults(complaint, list(found.get(complaint, [])), outcome):
            wrong[fault.split(":", 1)[0]].append(fault)
    for complaint in set(found) - set(expected):
        wrong["doubled"].append(f"doubled: {complaint} was never submitted")
    return wrong
