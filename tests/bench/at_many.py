"""Cost of everyday work among many open complaints: `python -m tests.bench.at_many DIRECTORY`.

`tests.bench.many` makes them. Measured: commands at random complaints, cold (their workflow is replayed)
and hot; one more complaint; a page of the worklist; the delay of warnings and breaches; memory; and the
time that each service needs to be ready again. Followup stays as the stack has it.
"""

import argparse
import asyncio
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console

from deploy.local.failure import StackFailure
from deploy.local.stack import Stack
from tests.bench.figures import Change, Count, Figure, quantile
from tests.bench.lives import Tell
from tests.bench.opening import BREACHED, WARNED, Opening
from tests.bench.processor import PARTS, Processor
from tests.bench.report import print_json, print_table
from tests.outside import Outside

COMMANDS = 1400
WARMED = 400
"""Commands sent before the measurement: the process grows by what it loads and compiles."""

AT_ONCE = 20
ONE_MORE = 40
PAGES = 40
DUE = 60
DUE_WITHIN = 20.0
RULE = timedelta(hours=24)
LAST_WAIT_SECONDS = 60.0

MOST_MILLISECONDS = 250.0
MOST_COLD = 1.3
MOST_FIRST = 2.5
MOST_PAGE = 50.0
MOST_LATE = 1.0
MOST_RESTART = 20.0
MOST_BYTES_CACHED = 100_000

Figures = list[Figure]


def main() -> int:
    """0; 1 if the stack does not start."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.at_many", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    given = parser.parse_args()
    console = Console(stderr=given.json)
    try:
        figures = asyncio.run(measure(given.directory, lambda line: console.print(line, highlight=False)))
    except StackFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    print_json(figures) if given.json else print_table(console, figures)
    return 0


async def measure(directory: Path, tell: Tell) -> Figures:
    """Start the stack, measure, stop it."""
    stack = Stack(directory, with_board=False)
    began = time.perf_counter()
    ready = await stack.start()
    tell(f"the stack is ready after {time.perf_counter() - began:.0f} s")
    try:
        seeds = ready.credentials
        outside = await Outside.connect(ready.nats_url, seeds.publisher, seeds.agent, patience=30)
        async with Opening(ready) as opening:
            bench = AtMany(stack, outside, opening, tell)
            figures = [
                *await bench.pages(),
                *await bench.commands(),
                *await bench.one_more(),
                *await bench.due(),
            ]
        await outside.close()
        figures += await bench.restarts()
    finally:
        await stack.stop()
    return figures


class AtMany:
    """Steps of the measurement on one stack."""

    def __init__(self, stack: Stack, outside: Outside, opening: Opening, tell: Tell) -> None:
        self._stack = stack
        self._outside = outside
        self._opening = opening
        self._tell = tell
        self._run = f"{time.time():.0f}"

    async def pages(self) -> Figures:
        """Page of the worklist: of all owners, of an owner, of a team, and far behind."""
        items = (await self._outside.query("worklist", limit=50))["items"]
        owner, team = items[0]["owner"], items[0]["team"]
        figures: Figures = []
        for name, fields in (("all", {}), ("an owner", {"owner": owner}), ("a team", {"team": team})):
            waits, cursor = [], None
            for _ in range(PAGES):
                began = time.perf_counter()
                at: dict[str, str] = {"cursor": cursor} if cursor else {}
                cursor = (await self._outside.query("worklist", limit=50, **fields, **at)).get("next_cursor")
                waits.append((time.perf_counter() - began) * 1000)
            figures.append(Count(f"a page of the worklist of {name}", "ms, p50", median(waits), MOST_PAGE))
            figures.append(
                Count(f"a page of the worklist of {name}", "ms, p99", quantile(waits, 0.99), MOST_PAGE)
            )
        return figures

    async def commands(self) -> Figures:
        """Same command three times for random complaints: at first their workflows are replayed."""
        chosen = await self._chosen()
        await self._command_each(chosen[:WARMED], "warming up")
        chosen = chosen[WARMED:]
        before = self._memory()["routing"]
        first, replayed = await self._command_each(chosen, "first")
        held = (self._memory()["routing"] - before) * 1_000_000 / len(chosen)
        second, cold = await self._command_each(chosen, "second")
        third, hot = await self._command_each(chosen, "third")
        self._tell(f"a replay costs {replayed - hot:.0f} ms of processors")
        name = "a command among many, at random"
        return [
            *(
                Count(f"{name}, {kind} touch", f"ms, {share}", quantile(waits, number), MOST_MILLISECONDS)
                for kind, waits in (("first", first), ("second", second), ("third", third))
                for share, number in (("p50", 0.5), ("p99", 0.99))
            ),
            Change(f"{name}, third → second touch", "ms of processors", hot, cold, MOST_COLD),
            Change(f"{name}, third → first touch", "ms of processors", hot, replayed, MOST_FIRST),
            Count("memory of a workflow in the cache", "bytes", held, MOST_BYTES_CACHED),
        ]

    async def one_more(self) -> Figures:
        """Opening one more, with nothing else going on."""
        processor = Processor(self._stack)
        waits = [await self._opening.open(f"{self._run}-{n}", datetime.now(UTC)) for n in range(ONE_MORE)]
        spent = processor.spent()
        self._tell(f"one more: {median(waits) * 1000:.0f} ms; {_each(spent, ONE_MORE)}")
        return [
            Count(
                "one more complaint, until it has an owner",
                "ms, p50",
                median(waits) * 1000,
                MOST_MILLISECONDS,
            )
        ]

    async def due(self) -> Figures:
        """Delay of the warnings and breaches that fall due within the run."""
        start = datetime.now(UTC) + timedelta(seconds=15)
        figures: Figures = []
        for kind, share in ((WARNED, 0.5), (BREACHED, 1.0)):
            names = [f"{self._run}-{kind}-{number}" for number in range(DUE)]
            instants = [start + timedelta(seconds=DUE_WITHIN / DUE * place) for place in range(DUE)]
            due = zip(names, instants, strict=True)
            await asyncio.gather(*(self._opening.open(name, at - RULE * share) for name, at in due))
            wait = (instants[-1] - datetime.now(UTC)).total_seconds() + LAST_WAIT_SECONDS
            late = await self._opening.lateness_of_all(names, wait, kind)
            figures += [
                Count(f"lateness of {kind}", f"s, {word}", quantile(late, number), MOST_LATE)
                for word, number in (("p50", 0.5), ("p99", 0.99))
            ]
            start = datetime.now(UTC) + timedelta(seconds=15)
        return figures

    async def restarts(self) -> Figures:
        """Until each part is ready again after a `kill -9`; and what each holds in memory."""
        memory = self._memory()
        self._tell("memory: " + ", ".join(f"{part} {size:.0f} MB" for part, size in memory.items()))
        figures: Figures = []
        for part in PARTS:
            await self._stack.kill(part, restart=False)
            began = time.perf_counter()
            await self._stack.revive(part)
            figures.append(Count(f"restart of {part}", "s", time.perf_counter() - began, MOST_RESTART))
        return figures

    async def _chosen(self) -> list[tuple[str, str]]:
        """Complaints with their owners, from pages at random places."""
        found: dict[str, str] = {}
        cursor = None
        while len(found) < 10 * COMMANDS:
            at: dict[str, str] = {"cursor": cursor} if cursor else {}
            page = await self._outside.query("worklist", by="complaint_id", limit=500, **at)
            found |= {one["complaint_id"]: one["owner"] for one in page["items"]}
            cursor = page.get("next_cursor")
            if cursor is None:
                break
        return random.sample(sorted(found.items()), min(COMMANDS, len(found)))

    async def _command_each(self, chosen: list[tuple[str, str]], kind: str) -> tuple[list[float], float]:
        """Milliseconds that each took, `AT_ONCE` at once, and of processors for each."""
        waits: list[float] = []
        todo = iter(chosen)
        processor = Processor(self._stack)

        async def work() -> None:
            for complaint, owner in todo:
                began = time.perf_counter()
                await self._outside.do("set_position", complaint, owner, text=f"Stand {kind}")
                waits.append((time.perf_counter() - began) * 1000)

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        spent = processor.spent()
        self._tell(f"commands, {kind}: {_each(spent, len(chosen))}")
        return waits, sum(spent.values()) / len(chosen) * 1000

    def _memory(self) -> dict[str, float]:
        return {part: psutil.Process(self._stack.pid(part)).memory_info().rss / 1e6 for part in PARTS}


def _each(spent: dict[str, float], count: int) -> str:
    parts = ", ".join(f"{part} {seconds / count * 1000:.1f}" for part, seconds in spent.items())
    return f"{sum(spent.values()) / count * 1000:.0f} ms of processors each ({parts})"


if __name__ == "__main__":
    sys.exit(main())
