"""Ten thousand bad submissions at once: nobody else waits for them, none is lost, none is put aside twice."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import nats
import psutil
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_id
from tests.bench.heard import Heard
from tests.bench.side_process import SideProcess, side_process
from tests.bench.submission_body import SOURCE, body

BAD = 10_000
GOOD_PER_SECOND = 40
LONGEST_DELAY_SECONDS = 1.0
MOST_MEGABYTES = 250
SETTLED_SECONDS = 60


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[Client]:
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    yield client
    await client.close()


@dataclass
class Watched:
    """What was seen while good submissions went in: how long each took, and how large intake became."""

    waits: list[float]
    megabytes: float


async def good_ones(stack: Stack, client: Client, done: asyncio.Event) -> Watched:
    """Submit good ones at a steady rate until `done`; seconds from publishing to hearing `received`."""
    heard: Heard[float] = Heard()

    async def hear(message: Msg) -> None:
        heard.say(message.subject.rsplit(".", 1)[1], time.perf_counter())

    async def one(name: str) -> float:
        published = time.perf_counter()
        await client.jetstream(timeout=30).publish(subjects.submit("web"), body(name))
        return await heard.of(complaint_id(SOURCE, name)) - published

    subscription = await client.subscribe(subjects.every("received"), cb=hear)
    mark, waiting, megabytes = secrets.token_hex(4), [], 0.0
    while not done.is_set() or len(waiting) < GOOD_PER_SECOND:
        waiting.append(asyncio.create_task(one(f"good-{mark}-{len(waiting)}")))
        megabytes = max(megabytes, psutil.Process(stack.pid("intake")).memory_info().rss / 1e6)
        await asyncio.sleep(1 / GOOD_PER_SECOND)
    waits = await asyncio.gather(*waiting)
    await subscription.unsubscribe()
    return Watched(waits, megabytes)


async def put_aside(client: Client) -> int:
    return (await client.jetstream(timeout=10).stream_info(subjects.QUARANTINE_STREAM)).state.messages


async def until_taken(client: Client) -> None:
    """Until intake has let go of every submission."""
    async with asyncio.timeout(SETTLED_SECONDS):
        while (await client.jetstream().stream_info(subjects.SUBMIT_STREAM)).state.messages:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def flood(stack: Stack, count: int) -> AbstractAsyncContextManager[SideProcess]:
    """The publisher of so many bad ones, in a process of its own."""
    assert stack.ready
    ready, mark = stack.ready, secrets.token_hex(4)
    arguments = (ready.nats_url, ready.credentials.admin, subjects.submit("web"), f"bad-{mark}", str(count))
    return side_process("tests.bench.flood", *arguments, "bad")


async def test_good_submissions_do_not_wait_for_ten_thousand_bad_ones(stack: Stack, admin: Client) -> None:
    over = asyncio.Event()
    over.set()
    quiet = await good_ones(stack, admin, over)
    before = await put_aside(admin)
    done = asyncio.Event()
    async with flood(stack, BAD) as publisher:
        watching = asyncio.create_task(good_ones(stack, admin, done))
        publisher.tell("go")
        await publisher.hear("done")
        await until_taken(admin)
        done.set()
        flooded = await watching

    assert await put_aside(admin) == before + BAD
    assert max(flooded.waits) - max(quiet.waits) < LONGEST_DELAY_SECONDS
    assert flooded.megabytes < MOST_MEGABYTES
