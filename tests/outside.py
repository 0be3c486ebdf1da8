"""Outside system, as the tests need it: it knows the contract's subjects and shapes, not our code."""

import asyncio
import itertools
import json
import uuid
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import NoRespondersError

from shared.contract.ids import complaint_id
from tests.patience import PATIENCE

Json = dict[str, Any]

STANDARD = "after-sales-7"
OPTIONS = [
    {"option_id": "voucher", "remedy": "voucher", "amount": {"value": "50.00", "currency": "CNY"}},
    {"option_id": "refund", "remedy": "refund", "amount": {"value": "199.00", "currency": "CNY"}},
]


class Outside:
    """Submits complaints, sends commands and asks queries with the credentials of the ready file."""

    def __init__(self, publisher: Client, agent: Client, patience: float = 10.0) -> None:
        self._publisher = publisher
        self._agent = agent
        self._patience = patience
        self._numbers = itertools.count(1)

    @classmethod
    async def connect(
        cls, url: str, publisher_seed: str, agent_seed: str, patience: float = 10.0
    ) -> "Outside":
        """Two connections: one that may only submit, one that may command and ask."""
        publisher = await nats.connect(url, nkeys_seed=publisher_seed, max_reconnect_attempts=-1)
        agent = await nats.connect(url, nkeys_seed=agent_seed, max_reconnect_attempts=-1)
        return cls(publisher, agent, patience)

    async def close(self) -> None:
        await self._publisher.close()
        await self._agent.close()

    async def submit(
        self,
        *,
        channel: str = "web",
        external_id: str | None = None,
        kind: str = "complaints.submitted.v1",
        source: str = "test/shop",
        **data: Any,
    ) -> str:
        """Publish a complaint, acknowledged by JetStream; its id. Sent again if the server was away."""
        external_id = external_id or uuid.uuid4().hex
        content = {
            "language": "zh",
            "customer": {"ref": f"customer-{external_id}", "name": "王小明", "phone": "13800138000"},
            "title": "手机频繁死机",
            "narrative": "买了三天就频繁死机，希望退款。",
            "remedy_sought": "refund",
            **data,
        }
        event = {
            "specversion": "1.0",
            "type": kind,
            "source": source,
            "id": external_id,
            "data": content,
        }
        async with asyncio.timeout(max(PATIENCE, self._patience * 3)):
            while True:
                try:
                    stream = self._publisher.jetstream(timeout=self._patience)
                    await stream.publish(f"complaints.v1.submit.{channel}", json.dumps(event).encode())
                    return complaint_id(source, external_id)
                except (TimeoutError, nats.errors.Error):
                    await asyncio.sleep(0.2)

    async def command(self, verb: str, complaint: str, actor: str, **data: Any) -> Json:
        """Send a command until a service answers, always with the same id; return the reply."""
        request = {
            "command_id": f"{complaint}-{next(self._numbers)}",
            "complaint_id": complaint,
            "actor": {"id": actor},
            "data": data,
        }
        return await self.ask(f"complaints.v1.command.{verb}", request)

    async def do(self, verb: str, complaint: str, actor: str, **data: Any) -> Json:
        """Send a command that must be accepted; return its result."""
        reply = await self.command(verb, complaint, actor, **data)
        assert reply["ok"], f"{verb} by {actor} on {complaint}: {reply['error']}"
        result: Json = reply["result"]
        return result

    async def query(self, name: str, **fields: Any) -> Json:
        """Send a query that must be answered; return its result."""
        reply = await self.ask(f"complaints.v1.query.{name}", fields)
        assert reply["ok"], f"{name}: {reply['error']}"
        result: Json = reply["result"]
        return result

    async def facts(self, complaint: str) -> list[Json]:
        """Timeline of a complaint; empty while no service knows it."""
        reply = await self.ask("complaints.v1.query.timeline", {"complaint_id": complaint})
        return list(reply["result"]["events"]) if reply["ok"] else []

    async def until(self, complaint: str, fact: str, *, times: int = 1, seconds: float = PATIENCE) -> Json:
        """Wait until a fact was published so many times; return the latest. A failure names all facts."""
        names: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    found = await self.facts(complaint)
                    names = [name_of(event) for event in found]
                    said = [event for event in found if name_of(event) == fact]
                    if len(said) >= times:
                        return said[times - 1]
                    await asyncio.sleep(0.05)
        except TimeoutError as error:
            raise AssertionError(
                f"{complaint}: no {fact} x{times} within {seconds} s; facts: {names}"
            ) from error

    async def until_allowed(self, complaint: str, verb: str, seconds: float = PATIENCE) -> Json:
        """State of a complaint once the query, too, knows that this verb may be sent."""
        async with asyncio.timeout(seconds):
            while True:
                state = await self.query("complaint", complaint_id=complaint)
                if verb in state["allowed"]:
                    return state
                await asyncio.sleep(0.05)

    async def until_closed(self, complaint: str, seconds: float = PATIENCE) -> Json:
        """State of a complaint once the query, too, knows that it is closed."""
        async with asyncio.timeout(seconds):
            while True:
                state = await self.query("complaint", complaint_id=complaint)
                if state["stage"] == "closed":
                    return state
                await asyncio.sleep(0.05)

    async def ask(self, subject: str, request: Json) -> Json:
        """Ask until there is an answer other than `unavailable`: parts may be down for a while."""
        async with asyncio.timeout(max(PATIENCE, self._patience * 3)):
            while True:
                try:
                    answer = await self._agent.request(
                        subject, json.dumps(request).encode(), timeout=self._patience
                    )
                except (TimeoutError, NoRespondersError, nats.errors.Error):
                    await asyncio.sleep(0.2)
                    continue
                reply: Json = json.loads(answer.data)
                if reply["ok"] or reply["error"]["code"] != "unavailable":
                    return reply
                await asyncio.sleep(0.2)


def name_of(event: Json) -> str:
    """Name of the fact in a CloudEvent."""
    return str(event["type"]).removeprefix("complaints.event.").removesuffix(".v1")
