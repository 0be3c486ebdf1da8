"""Ten thousand bad submissions at once: how long good submissions wait because of them."""

import asyncio
import secrets
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import nats
import psutil
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_id
from tests.bench.figures import Count, Figure
from tests.bench.keyed_values import KeyedValues
from tests.bench.lives import Tell
from tests.bench.side_process import SideProcess, side_process
from tests.bench.submission_body import SOURCE, body

BAD = 10_000
GOOD_PER_SECOND = 40
LONGEST_DELAY_SECONDS = 1.0
MOST_MEGABYTES = 250.0
SETTLED_SECONDS = 250


@dataclass
class Watched:
    """Measurements while good submissions were sent: the time that each took, and the memory of intake.

    `durable` is the instant at which each complaint's submission was known to be stored.
    """

    waits: list[float]
    durable: dict[str, datetime]
    megabytes: float


async def good_ones(stack: Stack, client: Client, done: asyncio.Event, most: float = float("inf")) -> Watched:
    """Submit good complaints steadily until `done`, at most so many; seconds from publishing to receiving
    `received`.
    """
    arrivals: KeyedValues[float] = KeyedValues()
    durable: dict[str, datetime] = {}

    async def hear(message: Msg) -> None:
        arrivals.set(message.subject.rsplit(".", 1)[1], time.perf_counter())

    async def one(name: str) -> float:
        published, complaint = time.perf_counter(), complaint_id(SOURCE, name)
        await client.jetstream(timeout=30).publish(subjects.submit("web"), body(name))
        durable[complaint] = datetime.now(UTC)
        return await arrivals.wait_for(complaint) - published

    subscription = await client.subscribe(subjects.every("received"), cb=hear)
    mark, waiting, megabytes = secrets.token_hex(4), [], 0.0
    while not done.is_set() or len(waiting) < GOOD_PER_SECOND:
        if len(waiting) < most:
            waiting.append(asyncio.create_task(one(f"good-{mark}-{len(waiting)}")))
        megabytes = max(megabytes, psutil.Process(stack.pid("intake")).memory_full_info().uss / 1e6)
        await asyncio.sleep(1 / GOOD_PER_SECOND)
    waits = await asyncio.gather(*waiting)
    await subscription.unsubscribe()
    return Watched(list(waits), durable, megabytes)


async def put_aside(client: Client) -> int:
    return (await client.jetstream(timeout=10).stream_info(subjects.QUARANTINE_STREAM)).state.messages


async def until_taken(client: Client) -> None:
    """Until intake has let go of every submission."""
    async with asyncio.timeout(SETTLED_SECONDS):
        while (await client.jetstream().stream_info(subjects.SUBMIT_STREAM)).state.messages:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def flood(stack: Stack, count: int) -> AbstractAsyncContextManager[SideProcess]:
    """Publisher of so many bad submissions, in a process of its own."""
    assert stack.ready
    ready, mark = stack.ready, secrets.token_hex(4)
    arguments = (ready.nats_url, ready.credentials.admin, subjects.submit("web"), f"bad-{mark}", str(count))
    return side_process("tests.bench.flood", *arguments, "bad")


async def undisturbed(stack: Stack, client: Client) -> Watched:
    """Good submissions of one second, while all is quiet."""
    at_once = asyncio.Event()
    at_once.set()
    return await good_ones(stack, client, at_once)


async def flooded(stack: Stack, client: Client, bad: int = BAD, good: float = float("inf")) -> Watched:
    """Good submissions amid the flood, until all bad submissions are quarantined.

    On a slow machine a flood takes minutes, so a test says how many good submissions there are at most.
    """
    done = asyncio.Event()
    async with flood(stack, bad) as publisher, asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(good_ones(stack, client, done, good))
        publisher.tell("go")
        await publisher.hear("done")
        await until_taken(client)
        done.set()
    return watching.result()


async def measure(stack: Stack, tell: Tell) -> list[Figure]:
    """Longest delay by the flood, and the memory of intake."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    quiet, amid = await undisturbed(stack, client), await flooded(stack, client)
    tell(f"{len(amid.waits)} good ones amid {BAD:,} bad ones; {await put_aside(client):,} put aside")
    await client.close()
    delay = max(amid.waits) - max(quiet.waits)
    return [
        Count(f"delay of good submissions by {BAD:,} bad ones", "s, longest", delay, LONGEST_DELAY_SECONDS),
        Count("memory of intake in the flood", "MB", amid.megabytes, MOST_MEGABYTES),
    ]
