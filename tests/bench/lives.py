"""Complaints per second through their whole life, beside bare workflows of the same shape."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from statistics import median
from typing import Protocol

from temporalio.client import Client

from deploy.local.stack import Stack
from tests.bench.bare_lives import BareLives
from tests.bench.fair_terms import terms_of
from tests.bench.figures import Comparison, Count, Figure
from tests.bench.histories import Cost, costs
from tests.bench.processor import Processor
from tests.bench.straight_lives import StraightLives

IN_FLIGHT = 100
LOOKED_AT = 20
"""Number of lives per run whose histories are counted."""

MOST_EVENTS = {"routing": 60, "followup": 20}

MOST_MILLISECONDS = {"routing": 60.0, "all": 150.0}
"""Limits of processor time for one life."""

Tell = Callable[[str], None]


class Lives(Protocol):
    """Runner of one life per call; its result names the workflows of the life."""

    def __call__(self, name: str) -> Awaitable[str | None]: ...


async def per_second(lives: Lives, prefix: str, count: int) -> tuple[float, list[str]]:
    """Run so many lives, `IN_FLIGHT` at a time; lives per second, and what each returned."""
    names = iter([f"{prefix}-{number}" for number in range(count)])
    lived: list[str] = []

    async def live() -> None:
        for name in names:
            workflows_of = await lives(name)
            lived.append(workflows_of or name)

    started = time.perf_counter()
    await asyncio.gather(*(live() for _ in range(min(IN_FLIGHT, count))))
    return count / (time.perf_counter() - started), lived


async def measure(stack: Stack, runs: int, count: int, tell: Tell) -> list[Figure]:
    """Alternate our lives and two kinds of bare lives. The first, shorter run of each warms up."""
    assert stack.ready
    speed = Comparison("complaints through their whole life", "per second", 0.6)
    fair = Comparison("the same, beside bare lives that store and publish as much", "per second", 0.8)
    ready = stack.ready
    client = await Client.connect(ready.temporal_address)
    async with AsyncExitStack() as held:
        ours = await held.enter_async_context(StraightLives(ready))
        _, warm = await per_second(ours, "warm", IN_FLIGHT // 2)
        terms = await terms_of(stack, warm[0])
        bare = await held.enter_async_context(BareLives(ready.temporal_address))
        storing = await held.enter_async_context(BareLives(ready.temporal_address, terms))
        await per_second(bare, "warm", IN_FLIGHT // 2)
        await per_second(storing, "fair-warm", IN_FLIGHT // 2)
        processor, costs_of = Processor(stack, others=storing.pids), Spent(count, tell)
        for run in range(runs):
            processor.spent()
            rate, lived = await per_second(ours, f"life-{run}", count)
            costs_of.add("ours", rate, processor.spent())
            speed.ours.append(rate)
            fair.ours.append(rate)
            rate, lived_bare = await per_second(bare, f"life-{run}", count)
            costs_of.add("bare", rate, processor.spent())
            speed.bare.append(rate)
            rate, _ = await per_second(storing, f"fair-{run}", count)
            costs_of.add("fair", rate, processor.spent())
            fair.bare.append(rate)
        counts = await _events(client, lived[:LOOKED_AT], lived_bare[:LOOKED_AT], tell)
    return [speed, fair, *counts, *costs_of.figures()]


class Spent:
    """Milliseconds of processor time per life, by process, of each kind of lives."""

    def __init__(self, count: int, tell: Tell) -> None:
        self._count = count
        self._tell = tell
        self._runs: dict[str, list[dict[str, float]]] = {"ours": [], "bare": [], "fair": []}

    def add(self, kind: str, rate: float, seconds: Mapping[str, float]) -> None:
        """Add a run: its rate, and the processor time of each process."""
        each = {part: took / self._count * 1000 for part, took in seconds.items()}
        each = {part: took for part, took in each.items() if took >= 0.5}
        self._runs[kind].append({**each, "all": sum(each.values())})
        parts = ", ".join(f"{part} {took:.0f}" for part, took in each.items())
        self._tell(f"lives, {kind}: {rate:.2f} per second; {sum(each.values()):.0f} ms each ({parts})")

    def figures(self) -> list[Count]:
        """Processor time of routing and of all; beside it that of the bare lives that store and publish."""
        beside = median(one["all"] for one in self._runs["fair"])
        return [
            Count(
                f"processor time of a life, {part}",
                "ms, median",
                median(one[part] for one in self._runs["ours"]),
                most,
                beside if part == "all" else None,
            )
            for part, most in MOST_MILLISECONDS.items()
        ]


async def _events(client: Client, ours: list[str], bare: list[str], tell: Tell) -> list[Count]:
    """History events in routing and in followup; reports it if the bare lives do not have our shape."""
    counts = []
    for place, (service, most) in enumerate(MOST_EVENTS.items()):
        own = await costs(client, [StraightLives.workflow_ids(name)[place] for name in ours])
        other = await costs(client, [BareLives.workflow_ids(name)[place] for name in bare])
        _compare(service, own, other, tell)
        counts.append(
            Count(
                f"history events of a complaint in {service}",
                "median",
                median(one.events for one in own),
                most,
                median(one.events for one in other),
            )
        )
    return counts


def _compare(service: str, ours: list[Cost], bare: list[Cost], tell: Tell) -> None:
    shapes = [_shape(ours), _shape(bare)]
    words = ", ".join(f"{count:g} {name}" for name, count in shapes[0].items())
    if shapes[0] == shapes[1]:
        tell(f"{service}: both have {words}")
    else:
        tell(f"{service}: the shapes differ: ours has {words}; bare {shapes[1]}")


def _shape(costs: list[Cost]) -> dict[str, float]:
    return {name: median(cost.shape[name] for cost in costs) for name in costs[0].shape}
