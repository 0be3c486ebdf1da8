"""Submissions durably accepted per second, beside pull + one SQLite insert per batch + acknowledge."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local.stack import Stack
from deploy.nats.provision import consumer_config
from shared.contract.consumers import INTAKE_SUBMISSIONS, Durable
from shared.contract.subjects import EVENT, EVENTS_STREAM, SUBMIT_STREAM, streams
from tests.bench.figures import Comparison, Count, Figure, quantile
from tests.bench.latency import submit_to_received
from tests.bench.side_process import side_process

ASIDE = ("routing", "followup", "temporal")
"""Processes that are stopped: they would take part of the machine, and submissions do not need them."""

MOST_MILLISECONDS = 250.0
"""Limit from publishing until every consumer can receive `received`."""

BARE = Durable("bench-submissions", INTAKE_SUBMISSIONS.service, "BENCH_SUBMIT", ("bench.submit.>",))
LOOK_SECONDS = 0.01
FACTS_PER_SUBMISSION = 3
Tell = Callable[[str], None]


async def measure(stack: Stack, runs: int, count: int, tell: Tell) -> list[Figure]:
    """Alternate intake and the bare consumer on one NATS server. The first run of each warms up."""
    assert stack.ready
    seed = stack.ready.credentials.admin
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=seed)
    waits = await submit_to_received(client)
    for part in ASIDE:
        await stack.kill(part, restart=False)
    speed = Comparison("submissions durably accepted", "per second", 0.5)
    bench = Flood(stack, client)
    await bench.provision_bare()
    bare = (
        "tests.bench.bare_intake",
        *bench.access,
        BARE.stream,
        BARE.name,
        str(stack.layout.root / "bare.db"),
    )
    async with side_process(*bare):
        await bench.compare(speed, count // 4)
        speed.forget()
        for run in range(1, runs + 1):
            await bench.compare(speed, count)
            ours, theirs = speed.ours[-1], speed.bare[-1]
            tell(f"submissions, run {run} of {runs}: {ours:,.0f} per second, {theirs:,.0f} bare")
    await client.close()
    return [speed, *_latencies(waits)]


def _latencies(waits: list[float]) -> list[Count]:
    name = "from publishing to `received`, at 200 per second"
    return [
        Count(name, f"ms, p{share:.0%}"[:-1], quantile(waits, share) * 1000, MOST_MILLISECONDS)
        for share in (0.5, 0.99)
    ]


class Flood:
    """Publishes submissions from a process of its own and waits until all are taken."""

    def __init__(self, stack: Stack, client: Client) -> None:
        assert stack.ready
        self.access = (stack.ready.nats_url, stack.ready.credentials.admin)
        self._js: JetStreamContext = client.jetstream(timeout=30)
        self._runs = 0

    async def provision_bare(self) -> None:
        """Create the same stream and the same durable as intake's, under other names."""
        own = next(stream for stream in streams() if stream.name == SUBMIT_STREAM)
        await self._js.add_stream(replace(own, name=BARE.stream, subjects=list(BARE.filters)))
        await self._js.add_consumer(BARE.stream, consumer_config(BARE))

    async def compare(self, figure: Comparison, count: int) -> None:
        """Run intake once and the bare consumer once."""
        said = await self._said()
        figure.ours.append(await self.run("complaints.v1.submit.web", INTAKE_SUBMISSIONS, count))
        said = await self._said() - said
        assert said == count * FACTS_PER_SUBMISSION, f"{count} submissions led to {said} facts"
        figure.bare.append(await self.run("bench.submit.web", BARE, count))

    async def run(self, subject: str, durable: Durable, count: int) -> float:
        """Submissions per second, from the first publish until all are recorded and acknowledged."""
        self._runs += 1
        flood = ("tests.bench.flood", *self.access, subject, f"flood{self._runs}", str(count))
        async with side_process(*flood) as publisher:
            started = time.perf_counter()
            publisher.tell("go")
            await publisher.hear("done")
            await self._taken(durable)
            return count / (time.perf_counter() - started)

    async def _taken(self, durable: Durable) -> None:
        """Wait until the work queue is empty: all that was in it is acknowledged."""
        while True:
            info = await self._js.stream_info(durable.stream)
            if not info.state.messages:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _said(self) -> int:
        """Number of facts. A probe that shows whether the stream stores lies in it for a second, too."""
        info = await self._js.stream_info(EVENTS_STREAM, subjects_filter=f"{EVENT}.>")
        return sum((info.state.subjects or {}).values())
