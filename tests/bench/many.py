"""Many open complaints in a directory that stays: `python -m tests.bench.many DIRECTORY [--open 100000]`.

Opens complaints until so many are open, and goes on where an earlier run ended. It takes minutes for each
10,000, so run it beside other work (`nice -n 19`). `tests.bench.at_many` measures in the same directory.
"""

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.failure import StackFailure
from deploy.local.stack import Stack
from tests.bench.opening import Opening

IN_FLIGHT = 128
ROUND = 1000
"""Number of complaints after which it reports its speed, and stores how far it came."""

OPENED = "opened"


def main() -> int:
    """0 once so many are open; 1 if the stack does not start."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.many", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--open", type=int, default=100_000, help="complaints that are open in the end")
    given = parser.parse_args()
    try:
        asyncio.run(make(given.directory, given.open))
    except StackFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


async def make(directory: Path, wanted: int) -> None:
    """Open what is missing, in rounds; followup stays out of it."""
    stack = Stack(directory, with_board=False)
    ready = await stack.start()
    try:
        async with Opening(ready) as opening:
            while (there := opened(directory)) < wanted:
                count = min(ROUND, wanted - there)
                started = time.perf_counter()
                (directory / OPENED).write_text(str(there + count))
                await open_all(opening, there, count)
                rate = count / (time.perf_counter() - started)
                print(f"{there + count:,} open, {rate:.0f} per second", flush=True)
    finally:
        await stack.stop()


def opened(directory: Path) -> int:
    """Number of complaints that earlier rounds opened; an interrupted round opened some of its own."""
    file = directory / OPENED
    return int(file.read_text()) if file.exists() else 0


def name_of(number: int) -> str:
    """External id of a complaint."""
    return f"many-{number}"


async def open_all(opening: Opening, first: int, count: int) -> None:
    """Open so many, `IN_FLIGHT` at a time, until each has an owner."""
    numbers = iter(range(first, first + count))

    async def work() -> None:
        for number in numbers:
            await opening.open(name_of(number), datetime.now(UTC))

    await asyncio.gather(*(work() for _ in range(min(IN_FLIGHT, count))))


if __name__ == "__main__":
    sys.exit(main())
