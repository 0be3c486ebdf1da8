"""`python -m tests.bench [--json] [--only PART]`: measurements never fail a run."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from deploy.local.failure import StackFailure
from deploy.local.stack import Stack
from tests.bench import (
    assignment,
    bad_flood,
    burst,
    classification,
    clocks,
    lives,
    stall,
    submissions,
    worklist,
)
from tests.bench.figures import Figure
from tests.bench.report import print_json, print_table

PARTS = (
    "lives",
    "submissions",
    "classification",
    "assignment",
    "worklist",
    "clocks",
    "burst",
    "flood",
    "stall",
)
"""Parts of the bench. Clocks and burst take many minutes; only lives and submissions run by default."""


def main() -> int:
    """Exit status, always 0: the reader compares the figures with the limits."""
    given = _arguments()
    console = Console(stderr=given.json)
    started = time.monotonic()

    def tell(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - started:5.0f} s[/dim]  {line}", highlight=False)

    try:
        figures = asyncio.run(_measure(given, tell))
    except StackFailure as failure:
        print(failure, file=sys.stderr)
        return 0
    if given.json:
        print_json(figures)
    else:
        print_table(console, figures)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Amends.")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--only", choices=PARTS, help="measure only this")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts")
    parser.add_argument("--lives", type=int, default=200, help="complaints per run")
    parser.add_argument("--submissions", type=int, default=5000, help="submissions per run")
    parser.add_argument("--open", type=int, default=10_000, help="complaints open at once, for the clocks")
    parser.add_argument("--rows", type=int, default=100_000, help="open complaints, for the worklist")
    parser.add_argument("--burst", type=int, default=50_000, help="submissions while Temporal is away")
    parser.add_argument("--opened", type=int, default=2000, help="how many of them are then worked off")
    return parser.parse_args()


def _keep_byte_code(directory: Path) -> None:
    """For all processes of the bench, ours and bare: Python's usual way, but outside of the sources.

    Where keeping byte code is switched off, each process would compile its modules, and that would be
    measured.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(directory)


async def _measure(given: argparse.Namespace, tell: lives.Tell) -> list[Figure]:
    if given.only == "classification":
        return classification.measure()
    if given.only == "assignment":
        return assignment.measure()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as directory:
        _keep_byte_code(Path(directory) / "bytecode")
        if given.only == "worklist":
            return await worklist.measure(given.rows, tell)
        tell("starting the stack")
        stack = Stack(Path(directory), with_board=False)
        await stack.start()
        try:
            if given.only in (None, "lives"):
                figures += await lives.measure(stack, given.runs, given.lives, tell)
            if given.only in (None, "submissions"):
                figures += await submissions.measure(stack, given.runs, given.submissions, tell)
            if given.only == "burst":
                figures += await burst.measure(stack, given.burst, given.opened, tell)
            if given.only == "flood":
                figures += await bad_flood.measure(stack, tell)
            if given.only == "stall":
                figures += await stall.measure(stack, tell)
            if given.only == "clocks":
                figures += await clocks.measure(stack, given.open, tell)
        finally:
            await stack.stop()
    return figures


if __name__ == "__main__":
    sys.exit(main())
