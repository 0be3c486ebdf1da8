"""Many open complaints whose clocks run: delay of breaches, memory, and cost of a further complaint.

No clock is moved: a complaint that was received almost 24 hours ago falls due soon.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import psutil

from deploy.local.stack import Stack
from tests.bench.figures import Change, Count, Figure, quantile
from tests.bench.lives import Tell
from tests.bench.opening import Opening

FEW = 100
"""Number of open complaints when the cost of a further complaint is measured first."""

ONE_MORE = 40
"""Number of measurements, one after another."""

IN_FLIGHT = 256
DUE_EVERY = 15
"""Distance among the complaints opened last: every so many-th falls due within the run."""

WINDOW_SECONDS = 80.0
"""Seconds over which the due instants of those are spread."""

SPARE = 1.3
"""Factor by which the rest may be opened slower, so that all is open at the first instant."""

SPARE_SECONDS = 15.0
LAST_WAIT_SECONDS = 60.0
RULE = timedelta(hours=24)

MOST_SECONDS_LATE = 2.0
MOST_MEGABYTES = 400.0
"""Limit of routing: its cache of workflows (`AMENDS_WORKFLOW_CACHE_MB`), and 150 for the process."""
MOST_GROWTH = 1.2
WORKING = ("nats", "temporal", "intake", "routing")


@dataclass(frozen=True)
class Cost:
    """Milliseconds for opening a complaint: median until it has an owner, mean of processor time."""

    wait: float
    processor: float


async def measure(stack: Stack, count: int, tell: Tell) -> list[Figure]:
    """Open a few, then the rest, wait for the breaches, and open some more."""
    assert stack.ready
    await stack.kill("followup", restart=False)
    async with Opening(stack.ready) as opening:
        bench = Clocks(stack, opening, tell)
        await bench.open_many("few", FEW)
        bench.memory(FEW)
        few = await bench.one_more("at-few")
        late = await bench.breaches(count - FEW - ONE_MORE)
        many = await bench.one_more("at-many")
        return [*_lateness(late), bench.memory(count), *_growth(few, many, count)]


class Clocks:
    """Steps of the measurement on one stack."""

    def __init__(self, stack: Stack, opening: Opening, tell: Tell) -> None:
        self._processes = {part: psutil.Process(stack.pid(part)) for part in WORKING}
        self._opening = opening
        self._signal = tell

    async def open_many(self, prefix: str, count: int) -> float:
        """Open complaints that fall due tomorrow; how many per second."""
        return await self._open_all(iter([(f"{prefix}-{number}", None) for number in range(count)]), count)

    async def one_more(self, prefix: str) -> Cost:
        """Cost of a further complaint while nothing else goes on."""
        before = self._processor_seconds()
        waits = [await self._opening.open(f"{prefix}-{n}", datetime.now(UTC)) for n in range(ONE_MORE)]
        spent = self._processor_seconds() - before
        return Cost(median(waits) * 1000, spent / ONE_MORE * 1000)

    async def breaches(self, count: int) -> list[float]:
        """Open the rest, then wait for those that fall due; delay of each breach, in seconds."""
        first = count // 10
        rate = await self.open_many("first", first)
        rest = count - first
        start = datetime.now(UTC) + timedelta(seconds=rest / rate * SPARE + SPARE_SECONDS)
        due = _instants(rest, start)
        self._signal(f"{first:,} opened at {rate:.0f} per second; opening {rest:,} more, {len(due)} due soon")
        names = [f"rest-{number}" for number in range(rest)]
        rate = await self._open_all(iter([(name, due.get(name)) for name in names]), rest)
        quiet = (start - datetime.now(UTC)).total_seconds()
        passed = sum(instant < datetime.now(UTC) for instant in due.values())
        self._signal(
            f"all open, at {rate:.0f} per second; the first falls due in {quiet:.0f} s, {passed} already did"
        )
        self.memory(count)
        limit = quiet + WINDOW_SECONDS + LAST_WAIT_SECONDS
        return await self._opening.lateness_of_all(list(due), limit)

    def memory(self, count: int) -> Count:
        """Memory of routing at this moment."""
        megabytes = {part: one.memory_info().rss / 1e6 for part, one in self._processes.items()}
        self._signal("memory: " + ", ".join(f"{part} {size:.0f} MB" for part, size in megabytes.items()))
        name = f"memory of routing with {count:,} open complaints"
        return Count(name, "MB", megabytes["routing"], MOST_MEGABYTES)

    async def _open_all(self, complaints: Iterator[tuple[str, datetime | None]], count: int) -> float:
        async def work() -> None:
            for name, due in complaints:
                await self._opening.open(name, due - RULE if due else datetime.now(UTC))

        started = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
        return count / (time.perf_counter() - started)

    def _processor_seconds(self) -> float:
        times = [process.cpu_times() for process in self._processes.values()]
        return sum(one.user + one.system for one in times)


def _instants(count: int, start: datetime) -> dict[str, datetime]:
    """Due instants within the run, by complaint: spread evenly, also among those opened early and late."""
    numbers = range(0, count, DUE_EVERY)
    step = timedelta(seconds=WINDOW_SECONDS / len(numbers))
    return {f"rest-{number}": start + place * step for place, number in enumerate(numbers)}


def _lateness(late: list[float]) -> list[Count]:
    name = f"lateness of a breach, of {len(late)}"
    return [
        Count(name, f"s, p{share:.0%}"[:-1], quantile(late, share), MOST_SECONDS_LATE)
        for share in (0.5, 0.99)
    ]


def _growth(few: Cost, many: Cost, count: int) -> list[Change]:
    name = f"opening one more at {count:,} open, beside {FEW}"
    return [
        Change(name, "ms until assigned, median", few.wait, many.wait, MOST_GROWTH),
        Change(name, "ms of processors", few.processor, many.processor, MOST_GROWTH),
    ]
