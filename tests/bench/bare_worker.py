"""Bare worker in a process of its own: `python -m tests.bench.bare_worker routing|followup ADDRESS …`.

With further arguments (`fair_flush.Terms`) its activities store and publish as much as those of the
services, else nothing.

Prints each opened workflow on standard output, and ends when its standard input does.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from tests.bench.bare_workflows import FOLLOWUP, ROUTING, BareComplaint, BareFollowUp, nothing, opened
from tests.bench.fair_flush import FairFlush, Terms

QUEUES: dict[str, tuple[str, type]] = {
    "routing": (ROUTING, BareComplaint),
    "followup": (FOLLOWUP, BareFollowUp),
}


def queue_of(queue: str, *, storing: bool) -> str:
    """Workers that store and publish have queues of their own."""
    return f"{queue}-storing" if storing else queue


async def main(which: str, address: str, *terms: str) -> None:
    """Work until the bench closes the standard input."""
    queue, definition = QUEUES[which]
    client = await Client.connect(address)
    activities: list[Callable[..., Any]] = [nothing, opened]
    if terms:
        fair = await FairFlush.connect(Terms.from_words(list(terms)))
        activities = [fair.flush, fair.first]
    queue = queue_of(queue, storing=bool(terms))
    async with Worker(client, task_queue=queue, workflows=[definition], activities=activities):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
