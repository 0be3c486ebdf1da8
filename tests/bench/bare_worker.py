"""One bare worker in a process of its own: `python -m tests.bench.bare_worker routing|followup ADDRESS`.

Says each opened workflow on standard output, and ends when its standard input does.
"""

import asyncio
import sys

from temporalio.client import Client
from temporalio.worker import Worker

from tests.bench.bare_workflows import FOLLOWUP, ROUTING, BareComplaint, BareFollowUp, nothing, opened

QUEUES: dict[str, tuple[str, type]] = {
    "routing": (ROUTING, BareComplaint),
    "followup": (FOLLOWUP, BareFollowUp),
}


async def main(which: str, address: str) -> None:
    """Work until nobody wants it any more."""
    queue, definition = QUEUES[which]
    client = await Client.connect(address)
    async with Worker(client, task_queue=queue, workflows=[definition], activities=[nothing, opened]):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
