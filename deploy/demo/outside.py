"""Outside system: it submits, commands, queries and reads facts, with credentials of its own."""

import json
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from deploy.demo.record import Record
from deploy.local.ready import Ready
from shared.contract import subjects
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.values import CUSTOMER

ANSWER_SECONDS = 30.0
FACTS_WAITING = 100_000


class OutsideWorld:
    """Connections as four kinds of clients, as an async context. `record` receives every fact."""

    def __init__(self, ready: Ready, record: Record) -> None:
        self._ready = ready
        self._record = record
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        seeds = self._ready.credentials
        self._publisher = await self._connect(seeds.publisher)
        self._agent = await self._connect(seeds.agent)
        self._customer = await self._connect(seeds.customer)
        self._admin = await self._connect(seeds.admin)
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    async def submit(self, channel: str, body: bytes) -> None:
        """Publish, and wait until the server has it: from then on it is durable."""
        headers = {"content-type": CONTENT_TYPE}
        await self._publisher.request(subjects.submit(channel), body, timeout=ANSWER_SECONDS, headers=headers)

    async def command(
        self, verb: str, complaint_id: str, command_id: str, actor: str, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Send a command; returns the reply, accepted or refused."""
        request = {
            "command_id": command_id,
            "complaint_id": complaint_id,
            "actor": {"id": actor},
            "data": data,
        }
        client = self._customer if actor == CUSTOMER else self._agent
        return await self._ask(subjects.command(verb), request, client)

    async def query(self, name: str, **wanted: Any) -> dict[str, Any]:
        """Result of a query; `ValueError` with the refusal if there is none."""
        reply = await self._ask(subjects.query(name), wanted, self._agent)
        if not reply["ok"]:
            raise ValueError(f"the query {name} was refused: {reply['error']['message']}")
        return dict(reply["result"])

    async def facts_published(self) -> int:
        """Number of facts in the stream. Probes of the health checks are none."""
        found = await self._admin.jetstream().stream_info(
            subjects.EVENTS_STREAM, subjects_filter=f"{subjects.EVENT}.>"
        )
        return sum((found.state.subjects or {}).values())

    async def quarantined(self) -> Counter[str]:
        """Number of quarantined messages, by reason."""
        stream = await self._admin.jetstream().stream_info(
            subjects.QUARANTINE_STREAM, subjects_filter=subjects.quarantine("*")
        )
        return Counter({name.rsplit(".", 1)[1]: n for name, n in (stream.state.subjects or {}).items()})

    async def _connect(self, seed: str) -> Client:
        client = await nats.connect(self._ready.nats_url, nkeys_seed=str(Path(seed)), name="amends-demo")
        self._closing.push_async_callback(client.close)
        return client

    async def _listen(self) -> None:
        """Receive every fact since the beginning, in the order of the stream."""

        async def take(message: Msg) -> None:
            self._record.receive(json.loads(message.data))

        await self._admin.jetstream().subscribe(
            f"{subjects.EVENT}.>",
            stream=subjects.EVENTS_STREAM,
            ordered_consumer=True,
            config=ConsumerConfig(name=f"demo-{uuid4().hex[:12]}"),
            cb=take,
            pending_msgs_limit=FACTS_WAITING,
        )

    async def _ask(self, subject: str, body: dict[str, Any], client: Client) -> dict[str, Any]:
        message = await client.request(subject, json.dumps(body).encode(), timeout=ANSWER_SECONDS)
        return dict(json.loads(message.data))
