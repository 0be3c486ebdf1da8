"""Record histories for the replay tests: `python -m tests.replay.record` runs every life on a real stack.

Until 0.1.0 a change of a workflow records its histories anew. From then on run it when a release is made,
into a folder of its own, and replace no file: complaints sleep for months while code changes, so every
history that was ever recorded must replay.
"""

import asyncio
import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.local.stack import Stack
from shared.client.fast_forward import fast_forward
from tests.lives import GRUMBLES, LIVES
from tests.outside import Outside

HISTORIES = Path(__file__).parent / "histories"
EPOCH = "2026-11"


async def main(only: list[str]) -> None:
    """Run the lives (or those named) and store the history of each of their workflows."""
    with tempfile.TemporaryDirectory() as directory:
        stack = Stack(Path(directory), with_board=False)
        ready = await stack.start()
        try:
            client = await Client.connect(ready.temporal_address, data_converter=pydantic_data_converter)
            seeds = ready.credentials
            outside = await Outside.connect(ready.nats_url, seeds.publisher, seeds.agent)
            for name in only or [*LIVES, *GRUMBLES]:
                await (record_grumble if name in GRUMBLES else record)(client, outside, name)
            await outside.close()
        finally:
            await stack.stop()


async def record(client: Client, outside: Outside, name: str) -> None:
    """Record one life from submission to `closed`: its histories as files."""

    async def move(complaint: str, delta: timedelta) -> object:
        return await fast_forward(client, complaint, delta)

    life, outcome = LIVES[name]
    complaint = await outside.submit()
    await life(outside, complaint, move)
    closed = await outside.until(complaint, "closed")
    assert closed["data"]["outcome"] == outcome, (name, closed)
    await store_all(client, complaint, name)


async def record_grumble(client: Client, outside: Outside, name: str) -> None:
    """Record one grumble until its timer has ended, and the complaint that it became until it is closed."""

    async def move(complaint: str, delta: timedelta) -> object:
        return await fast_forward(client, complaint, delta)

    complaint = await outside.submit(kind="complaints.grumbled.v1")
    await outside.until(complaint, "notice")
    await until_runs(client, f"grumble/{complaint}")
    await GRUMBLES[name](outside, complaint, move)
    await store_all(client, complaint, name)


async def until_runs(client: Client, workflow_id: str) -> None:
    """Wait until this workflow is started."""
    async with asyncio.timeout(20):
        while not await client.count_workflows(f"WorkflowId = '{workflow_id}'"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def store_all(client: Client, complaint: str, name: str) -> None:
    """Every workflow that the complaint had."""
    ids = [f"grumble/{complaint}", f"complaint/{complaint}"]
    ids += [f"followup/{complaint}/1", f"followup/{complaint}/2", f"task/{complaint}/task-1"]
    begun = []
    async for execution in client.list_workflows():
        if execution.id in ids:
            await store(client, execution.id, name)
        if execution.id.startswith(f"task/{complaint}/task-1/"):
            begun.append(execution.id)
    if begun:  # the first starts the task, the last ends it
        await store(client, begun[-1], f"{name}.plan-first")
        await store(client, begun[0], f"{name}.plan-last")


async def store(client: Client, workflow_id: str, name: str) -> None:
    """Store the history as JSON, once the workflow has ended."""
    handle = client.get_workflow_handle(workflow_id)
    await handle.result()
    history = await handle.fetch_history()
    kind, _, rest = workflow_id.partition("/")
    cycle = rest.partition("/")[2]
    last = f"-{cycle}" if kind == "followup" else ""
    file = HISTORIES / EPOCH / f"{name}.{kind}{last}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"workflow_id": workflow_id, "history": json.loads(history.to_json())}
    file.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{file.name}: {len(history.events)} events", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
