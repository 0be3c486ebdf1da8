"""Lives of complaints while parts of their cluster are killed or replaced, one after another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import nats.errors
from nats.aio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from shared.client.failures import AmendsError
from shared.client.fast_forward import fast_forward
from shared.contract import subjects
from shared.runtime.connections import temporal
from shared.runtime.connections.places import TemporalPlace
from tests.cluster.counting import count, timelines
from tests.cluster.parts import Cluster
from tests.lives import LIVES
from tests.outside import Outside

MIX = ("straight", "second_alternative", "withdrawn", "straight", "reopened")
"""Lives of the complaints, in turn."""

UNDER_WAY_FACTS, UNDER_WAY_SECONDS = 10, 20.0
"""Number of facts that the newest lives have when a part dies, or seconds after which it dies."""

PATIENCE = 20.0
LEADER = "the leader"
"""Name that means the node that leads the stream of facts at that moment."""

Tell = Callable[[str], None]
Step = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Result:
    """Result: complaints, their facts, the steps against the cluster, and every fault by kind."""

    lives: int
    facts: int
    done: list[str]
    faults: dict[str, list[str]]

    @property
    def whole(self) -> bool:
        return not any(self.faults.values())

    def __str__(self) -> str:
        counted = ", ".join(f"{len(found)} {kind}" for kind, found in self.faults.items())
        return f"{self.lives} lives, {self.facts} facts, {len(self.done)} parts: {counted}"


class Mover:
    """Moves clocks although Temporal may be away for a while."""

    def __init__(self, address: str) -> None:
        self._place = TemporalPlace(address)

    async def __call__(self, complaint: str, delta: timedelta) -> None:
        async with asyncio.timeout(120):
            while True:
                try:
                    client = await temporal.connect(self._place, data_converter=pydantic_data_converter)
                    await fast_forward(client, complaint, delta)
                except (RPCError, OSError, AmendsError):
                    await asyncio.sleep(0.5)
                else:
                    return


async def leader(admin: Client) -> str:
    """Node that leads the stream of facts, once there is one."""
    async with asyncio.timeout(120):
        while True:
            with suppress(TimeoutError, nats.errors.Error):
                info = await admin.jetstream(timeout=5).stream_info(subjects.EVENTS_STREAM)
                if info.cluster and info.cluster.leader:
                    return info.cluster.leader
            await asyncio.sleep(0.5)


class Waves:
    """Start lives in waves, one wave for each part: so there are fresh lives under every step."""

    def __init__(self, lives: int, waves: int) -> None:
        self.size = -(-lives // waves)
        self._open = [asyncio.Event() for _ in range(waves)]

    async def turn_of(self, number: int) -> None:
        """Wait until the life of this number may begin."""
        await self._open[number // self.size].wait()

    def begin(self, wave: int) -> None:
        self._open[wave].set()


async def said(admin: Client) -> int:
    """Number of facts that the stream holds; the request is repeated while its node is down."""
    while True:
        with suppress(TimeoutError, nats.errors.Error):
            js = admin.jetstream(timeout=2)
            info = await js.stream_info(subjects.EVENTS_STREAM, subjects_filter=f"{subjects.EVENT}.>")
            return sum((info.state.subjects or {}).values())
        await asyncio.sleep(0.2)


async def one_after_another(
    admin: Client, names: Sequence[str], step: Step, waves: Waves, tell: Tell
) -> list[str]:
    """Do `step` to each part once, each time in the middle of lives that have just begun."""
    done: list[str] = []
    for wave, name in enumerate(names):
        before = await said(admin)
        waves.begin(wave)
        with suppress(TimeoutError):
            async with asyncio.timeout(UNDER_WAY_SECONDS):
                while await said(admin) < before + waves.size * UNDER_WAY_FACTS:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        victim = await leader(admin) if name == LEADER else name
        tell(f"{victim}, after {await said(admin)} facts")
        await step(victim)
        tell(f"{victim} is back")
        done.append(victim)
    return done


async def play(
    cluster: Cluster, lives: int, names: Sequence[str], step: Step, tell: Tell, name: str = "life"
) -> Result:
    """Live so many lives while `step` is done to each part; then count."""
    admin, publisher, agent = [await cluster.connect(user) for user in ("admin", "publisher", "agent")]
    outside, move = Outside(publisher, agent, patience=PATIENCE), Mover(cluster.temporal_address)
    expected: dict[str, str] = {}
    before, waves = set(await timelines(admin)), Waves(lives, len(names))

    async def live(number: int) -> None:
        await waves.turn_of(number)
        life, outcome = LIVES[MIX[number % len(MIX)]]
        complaint = await outside.submit(external_id=f"{name}-{number}")
        expected[complaint] = outcome
        await life(outside, complaint, move)
        await outside.until(complaint, "closed", seconds=240)

    try:
        living = asyncio.gather(*(live(number) for number in range(lives)), return_exceptions=True)
        done = await one_after_another(admin, names, step, waves, tell)
        outcomes = await living
        everything = await timelines(admin)
        found = {complaint: facts for complaint, facts in everything.items() if complaint not in before}
        stuck = [f"stuck: {error!r}"[:300] for error in outcomes if error is not None]
        return Result(lives, sum(map(len, found.values())), done, count(found, expected) | {"stuck": stuck})
    finally:
        for client in (admin, publisher, agent):
            await client.close()
