"""Burst of submissions while Temporal is not available: rate of intake, memory, and order of the opening."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import psutil
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from deploy.local.stack import Stack
from shared.contract.queries import BacklogQuery
from shared.contract.subjects import EVENTS_STREAM, SUBMIT_STREAM, every, query, submit
from tests.bench.figures import Count, Figure
from tests.bench.lives import Tell
from tests.bench.side_process import side_process
from tests.bench.submission_body import GRAVEST

MOST_MEGABYTES = 250.0
OPENING_AT_ONCE = 64
"""Number of complaints that may be opening when the queue begins to move."""

LOOK_SECONDS = 0.5
SERVICES = ("intake", "routing")


class Peak:
    """Maximum memory of each service, in megabytes, since it is watched."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.megabytes = dict.fromkeys(SERVICES, 0.0)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            for part in SERVICES:
                held = psutil.Process(self._stack.pid(part)).memory_info().rss / 1e6
                self.megabytes[part] = max(self.megabytes[part], held)
            await asyncio.sleep(LOOK_SECONDS)


async def measure(stack: Stack, count: int, opened: int, tell: Tell) -> list[Figure]:
    """`count` submissions while Temporal is down; then it returns, until `opened` have their case."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    peak = Peak(stack)
    await stack.kill("temporal", restart=False)
    async with peak.watched():
        await _take_in(stack, client, count, tell)
        tell(f"{count:,} stand in line; memory: {_said(peak)}")
        await stack.revive("temporal")
        started = time.perf_counter()
        await _until_waiting(client, count - opened)
        seconds = time.perf_counter() - started
        tell(f"{opened:,} of them opened in {seconds:.0f} s, {opened / seconds:.0f} per second")
    late = await _opened_too_early(client, opened)
    await client.close()
    return [
        Count("opened before graver ones", f"of {opened:,}", late, OPENING_AT_ONCE),
        *(
            Count(f"memory of {part} in a burst of {count:,}", "MB", peak.megabytes[part], MOST_MEGABYTES)
            for part in SERVICES
        ),
    ]


async def _take_in(stack: Stack, client: Client, count: int, tell: Tell) -> None:
    assert stack.ready
    access = (stack.ready.nats_url, stack.ready.credentials.admin)
    async with side_process("tests.bench.flood", *access, submit("web"), "burst", str(count), "burst") as one:
        started = time.perf_counter()
        one.tell("go")
        await one.hear("done")
        published = time.perf_counter() - started
        js = client.jetstream(timeout=30)
        while (await js.stream_info(SUBMIT_STREAM)).state.messages:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        taken = time.perf_counter() - started
        await _until_waiting(client, count)
    tell(f"{count:,} published in {published:.0f} s, on record at {count / taken:.0f} per second")


async def _until_waiting(client: Client, wanted: int) -> None:
    """Wait until the queue has the wanted length: longer while it grows, shorter while it shrinks."""
    before = None
    while True:
        answer = await client.request(query(BacklogQuery.NAME), b"{}", timeout=30)
        waiting = sum(one["count"] for one in json.loads(answer.data)["result"]["waiting"])
        if before is not None and min(before, waiting) <= wanted <= max(before, waiting):
            return
        before = waiting
        await asyncio.sleep(LOOK_SECONDS)


async def _opened_too_early(client: Client, count: int) -> int:
    """Number among the first `count` that are not of the gravest, while some of those waited."""
    js, seq, early = client.jetstream(timeout=30), 1, 0
    for _ in range(count):
        try:
            fact = await js.get_msg(EVENTS_STREAM, seq=seq, subject=every("triaged"), next=True)
        except NotFoundError:
            break
        seq = (fact.seq or seq) + 1
        early += json.loads(fact.data or b"{}")["data"]["severity"] < GRAVEST
    return early


def _said(peak: Peak) -> str:
    return ", ".join(f"{part} {size:.0f} MB" for part, size in peak.megabytes.items())
