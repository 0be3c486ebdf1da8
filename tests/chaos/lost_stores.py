"""Lives under way in different stages, and what must be true of them after a store was lost and rebuilt."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import nats
import orjson

from deploy.local.stack import Stack
from services.console.connection.place import find
from services.console.connection.temporal import temporal_client
from shared.client.fast_forward import fast_forward
from shared.runtime.messages.timeline import read_part
from tests.amends_command import Ran, amends
from tests.lives import RATINGS, answered, asked, called, carried_out, offered, owner_of, resolved, settled
from tests.outside import OPTIONS, STANDARD, Outside, name_of
from tests.patience import until

STAGES = (
    "fresh",
    "answered",
    "paused",
    "breached",
    "offered",
    "agreed",
    "resolved",
    "due",
    "again",
    "closed",
)
GRUMBLED = "complaints.grumbled.v1"

NUMBERS = itertools.count(1)
"""Numbers of commands, over all connections: an id belongs to one command for ever."""


@dataclass
class Lives:
    """Complaints, one in each stage, an open grumble, and the facts of each as published, byte for byte."""

    named: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    grumble: str = ""
    before: dict[str, list[bytes]] = field(default_factory=dict)


@asynccontextmanager
async def outside_of(stack: Stack) -> AsyncIterator[Outside]:
    ready = stack.ready
    assert ready
    system = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    system._numbers = NUMBERS
    try:
        yield system
    finally:
        await system.close()


async def run(stack: Stack, *words: str) -> Ran:
    return await amends(*words, "--dir", str(stack.layout.root))


async def move(stack: Stack, complaint: str, delta: timedelta) -> None:
    await fast_forward(await temporal_client(find(stack.layout.root)), complaint, delta)


async def begun(stack: Stack) -> Lives:
    """Every stage once, at rest."""
    lives = Lives()
    async with outside_of(stack) as outside:
        await asyncio.gather(*(_to(stack, outside, lives, stage) for stage in STAGES))
        lives.grumble = await outside.submit(kind=GRUMBLED, title="排队有点久", narrative="周末排队有点久。")
        await outside.until(lives.grumble, "grumbled")
    await at_rest(stack)
    lives.before = await stood(stack, lives)
    return lives


async def _to(stack: Stack, outside: Outside, lives: Lives, stage: str) -> None:
    async def moving(complaint: str, delta: timedelta) -> None:
        await move(stack, complaint, delta)

    complaint = lives.named[stage] = await outside.submit(hints={"category": "product"})
    owner = await owner_of(outside, complaint)
    if stage == "fresh":
        return
    if stage == "breached":
        await moving(complaint, timedelta(hours=25))
        return
    if stage in ("resolved", "due", "again", "closed"):
        await resolved(outside, complaint)
        if stage != "resolved":
            await called(outside, complaint, moving, 1)
        if stage in ("again", "closed"):
            await asked(outside, complaint, satisfied=stage == "closed")
            await outside.until(complaint, "reopened" if stage == "again" else "closed")
        return
    await answered(outside, complaint, owner)
    if stage == "paused":
        await outside.do("pause", complaint, owner, reason="等客户寄回商品")
    if stage in ("offered", "agreed"):
        await outside.do("prepare_options", complaint, owner, options=OPTIONS)
    if stage == "offered":
        made = await outside.do(
            "offer", complaint, owner, option_id="refund", standards=[STANDARD], text="方案"
        )
        lives.offers[complaint] = made["offer_id"]
    if stage == "agreed":
        await offered(outside, complaint, owner, "refund", "accepted")


async def stood(stack: Stack, lives: Lives) -> dict[str, list[bytes]]:
    """Facts of each, as bytes, in the order of the stream."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    try:
        everything = [*lives.named.values(), lives.grumble]
        return {one: [body for _, body in await read_part(client, one, 0, 500)] for one in everything}
    finally:
        await client.close()


async def at_rest(stack: Stack) -> None:
    """Nothing is on its way any more, and nothing could be forgotten."""
    await until(lambda: run(stack, "reconcile"), lambda ran: ran.status == 0)


async def assert_sound(stack: Stack, lives: Lives) -> None:
    """Reconciled and verified; the same facts, byte for byte; what is new comes after them, without gaps."""
    compared = await run(stack, "reconcile", "--json")
    assert (compared.status, compared.document["findings"]) == (0, [])
    assert compared.document["looked_at"] >= len(lives.named)
    judged = await run(stack, "verify", "--all", "--json")
    assert (judged.status, judged.document["wrong"]) == (0, [])
    for complaint, facts in (await stood(stack, lives)).items():
        before = lives.before[complaint]
        assert sorted(facts[: len(before)]) == sorted(before)
        assert_numbered(facts)


def assert_numbered(facts: list[bytes]) -> None:
    """Each service's numbers are 1, 2, 3 …, in the order of the stream."""
    numbers: dict[str, list[int]] = {}
    for body in facts:
        event = orjson.loads(body)
        numbers.setdefault(event["source"], []).append(event["data"]["seq"])
    for source, seen in numbers.items():
        assert seen == list(range(1, len(seen) + 1)), source


async def to_their_ends(stack: Stack, lives: Lives) -> None:
    """Continue every life from its stage, to `closed`."""
    async with outside_of(stack) as outside:
        await asyncio.gather(*(_end(stack, outside, lives, stage) for stage in STAGES))
        states = {}
        for stage, complaint in lives.named.items():
            states[stage] = (await outside.until_closed(complaint))["outcome"]
        assert states == dict.fromkeys(STAGES, "satisfied")
        for complaint in lives.named.values():
            names = [name_of(event) for event in await outside.facts(complaint)]
            assert names.count("closed") == 1


async def _end(stack: Stack, outside: Outside, lives: Lives, stage: str) -> None:
    async def moving(complaint: str, delta: timedelta) -> None:
        await move(stack, complaint, delta)

    complaint = lives.named[stage]
    owner = (await outside.query("complaint", complaint_id=complaint))["owner"]
    if stage == "closed":
        return
    if stage == "paused":
        await outside.do("resume", complaint, owner, reason="收到了")
    if stage in ("fresh", "breached", "again"):
        await answered(outside, complaint, owner)
    if stage in ("fresh", "breached", "again", "answered", "paused"):
        await settled(outside, complaint, owner)
    if stage == "offered":
        offer = lives.offers[complaint]
        await outside.do("answer", complaint, "customer", offer_id=offer, answer="accepted")
    if stage in ("offered", "agreed"):
        await carried_out(outside, complaint, owner)
    times = 2 if stage == "again" else 1
    await outside.until(complaint, "callback_scheduled", times=times)
    if stage == "resolved":
        await called(outside, complaint, moving, 1)
    await outside.do("record_satisfaction", complaint, "customer", resolved=True, overall=5, **RATINGS)
