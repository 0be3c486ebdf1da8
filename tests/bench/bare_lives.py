"""Lives of nothing: the bare workflows, driven straight through the Temporal client."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Self

from temporalio.client import Client

from tests.bench.bare_worker import queue_of
from tests.bench.bare_workflows import COMMANDS, FOLLOWUP, ROUTING, BareComplaint, BareFollowUp
from tests.bench.fair_flush import Terms
from tests.bench.keyed_values import KeyedValues


class BareLives:
    """Two bare workers, each in its own process like our services; call it with a name for one life."""

    def __init__(self, address: str, terms: Mapping[str, Terms] | None = None) -> None:
        """`terms`, by worker, let the workers store and publish as much as our services do."""
        self._address = address
        self._terms = terms or {}
        self.pids: dict[str, int] = {}
        self._opened: KeyedValues[None] = KeyedValues()
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._client = await Client.connect(self._address)
        for which in ("routing", "followup"):
            await self._start(which)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._held.aclose()

    async def __call__(self, name: str) -> None:
        """Run both workflows from start to end; each command waits for its reply."""
        complaint = await self._client.start_workflow(
            BareComplaint.run,
            name,
            id=f"bare/{name}",
            task_queue=self._queue(ROUTING),
        )
        await self._opened.wait_for(complaint.id)
        for number in range(COMMANDS):
            await complaint.execute_update(BareComplaint.command, f"{name}-{number}")
        followup = await self._client.start_workflow(
            BareFollowUp.run,
            name,
            id=f"bare-followup/{name}",
            task_queue=self._queue(FOLLOWUP),
        )
        await self._opened.wait_for(followup.id)
        await followup.execute_update(BareFollowUp.command, name)
        await complaint.signal(BareComplaint.hear, name)
        await complaint.result()

    @staticmethod
    def workflow_ids(name: str) -> tuple[str, str]:
        """Workflow ids of one life."""
        return f"bare/{name}", f"bare-followup/{name}"

    def _queue(self, name: str) -> str:
        return queue_of(name, storing=bool(self._terms))

    async def _start(self, which: str) -> None:
        more = self._terms[which].words() if which in self._terms else []
        command = (sys.executable, "-m", "tests.bench.bare_worker", which, self._address, *more)
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        self.pids[f"bare {which}"] = process.pid
        ready = asyncio.Event()
        reading = asyncio.create_task(self._read(process, ready))
        self._held.push_async_callback(_end, process, reading)
        await ready.wait()

    async def _read(self, process: Process, ready: asyncio.Event) -> None:
        assert process.stdout
        async for line in process.stdout:
            word = line.decode().strip()
            if word == "ready":
                ready.set()
            else:
                self._opened.set(word, None)


async def _end(process: Process, reading: asyncio.Task[None]) -> None:
    assert process.stdin
    process.stdin.close()
    await process.wait()
    await reading
