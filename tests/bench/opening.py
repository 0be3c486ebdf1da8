"""Open complaints as a shop would, and note when each gets an owner and when its 24 hours are breached."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Self

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.local.ready import Ready
from shared.contract.ids import complaint_id
from shared.contract.subjects import every, submit
from shared.runtime.messages.settled import settled
from tests.bench.keyed_values import KeyedValues
from tests.bench.submission_body import SOURCE, body

OBLIGATION = "response_24h"
BREACHED, WARNED = "deadline_breached", "deadline_warned"
ACK_SECONDS = 30.0


class Opening:
    """Client that publishes and receives; names are the external ids of complaints."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready
        self._assigned: KeyedValues[float] = KeyedValues()
        self._late: KeyedValues[float] = KeyedValues()
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._client: Client = await nats.connect(
            self._ready.nats_url, nkeys_seed=self._ready.credentials.admin
        )
        self._held.push_async_callback(self._client.close)
        self._js = self._client.jetstream(timeout=ACK_SECONDS)
        await self._client.subscribe(every("assigned"), cb=self._hear_owner)
        await self._client.subscribe(every("deadline_breached"), cb=self._receive_clock_fact)
        await self._client.subscribe(every("deadline_warned"), cb=self._receive_clock_fact)
        await settled(self._client)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._held.aclose()

    async def open(self, name: str, received_at: datetime) -> float:
        """Seconds from publishing until the complaint has an owner."""
        published = time.perf_counter()
        await self._js.publish(submit("web"), body(name, received_at))
        return await self._assigned.wait_for(complaint_id(SOURCE, name)) - published

    async def lateness(self, name: str, fact: str = BREACHED) -> float:
        """Seconds between the instant of a fact about the 24 hours and receiving it; waits for it."""
        return await self._late.wait_for(f"{fact}.{complaint_id(SOURCE, name)}")

    async def lateness_of_all(self, names: list[str], seconds: float, fact: str = BREACHED) -> list[float]:
        """Waits at most so long; a fact that was not received by then is infinitely late."""
        waiting = [asyncio.create_task(self.lateness(name, fact)) for name in names]
        heard, missing = await asyncio.wait(waiting, timeout=seconds)
        for task in missing:
            task.cancel()
        return [task.result() for task in heard] + [float("inf")] * len(missing)

    async def _hear_owner(self, message: Msg) -> None:
        self._assigned.set(_complaint(message), time.perf_counter())

    async def _receive_clock_fact(self, message: Msg) -> None:
        now, event = datetime.now(UTC), json.loads(message.data)
        if event["data"]["obligation"] == OBLIGATION:
            due = datetime.fromisoformat(event["time"])
            self._late.set(".".join(message.subject.split(".")[-2:]), (now - due).total_seconds())


def _complaint(message: Msg) -> str:
    return message.subject.rsplit(".", 1)[1]
