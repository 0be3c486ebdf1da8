"""Complaints per second through their whole life, beside bare workflows of the same shape."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Protocol

from temporalio.client import Client

from deploy.local.stack import Stack
from tests.bench.bare_lives import BareLives
from tests.bench.figures import Comparison, Count, Figure
from tests.bench.histories import Cost, costs
from tests.bench.processor import Processor
from tests.bench.straight_lives import StraightLives

IN_FLIGHT = 100
LOOKED_AT = 20
"""Of so many lives per run the histories are counted."""

MOST_EVENTS = {"routing": 60, "followup": 20}

MOST_MILLISECONDS = {"routing": 60.0, "all": 150.0}
"""Of processor time for one life."""

Tell = Callable[[str], None]


class Lives(Protocol):
    """One life per call; what it returns names its workflows."""

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
    """Alternate our lives and bare ones on one stack. The first, shorter run of each warms up."""
    assert stack.ready
    speed = Comparison("complaints through their whole life", "per second", 0.6)
    client = await Client.connect(stack.ready.temporal_address)
    async with StraightLives(stack.ready) as ours, BareLives(stack.ready.temporal_address) as bare:
        await per_second(ours, "warm", IN_FLIGHT // 2)
        await per_second(bare, "warm", IN_FLIGHT // 2)
        spent: list[dict[str, float]] = []
        processor = Processor(stack)
        for run in range(runs):
            processor.spent()
            rate, lived = await per_second(ours, f"life-{run}", count)
            spent.append({part: took / count * 1000 for part, took in processor.spent().items()})
            speed.ours.append(rate)
            tell(f"lives, run {run + 1} of {runs}: {rate:.2f} per second, {_words(spent[-1])}")
            rate, lived_bare = await per_second(bare, f"life-{run}", count)
            speed.bare.append(rate)
            tell(f"lives, run {run + 1} of {runs}: {rate:.2f} per second bare")
        counts = await _events(client, lived[:LOOKED_AT], lived_bare[:LOOKED_AT], tell)
    return [speed, *counts, *_processor_time(spent)]


def _processor_time(spent: list[dict[str, float]]) -> list[Count]:
    """Milliseconds per life: of routing, and of everything together."""
    runs = [{**one, "all": sum(one.values())} for one in spent]
    return [
        Count(f"processor time of a life, {part}", "ms, median", median(one[part] for one in runs), most)
        for part, most in MOST_MILLISECONDS.items()
    ]


def _words(spent: dict[str, float]) -> str:
    parts = ", ".join(f"{part} {milliseconds:.0f}" for part, milliseconds in spent.items())
    return f"{sum(spent.values()):.0f} ms of processors each ({parts})"


async def _events(client: Client, ours: list[str], bare: list[str], tell: Tell) -> list[Count]:
    """History events in routing and in followup; says so if the bare lives do not have our shape."""
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
