"""Followup as a process of its own between a real NATS and a real Temporal, and its neighbours' voices."""

import asyncio
import base64
import os
import secrets
import signal
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from nats.aio.client import Client as NatsClient
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from temporalio.client import Client as TemporalClient
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from deploy.local.ports import free_port
from shared.contract import subjects
from shared.contract.consumers import FOLLOWUP_EVENTS
from shared.contract.events import Fact, FactHeader, Resolved
from shared.contract.ids import complaint_id, followup_workflow_id
from shared.contract.outgoing import outgoing
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, Contact, PolicyId, Stage
from shared.policy.loader import load_policy
from shared.runtime.messages.timeline import read_timeline
from tests import forked
from tests.conftest import NatsServer
from tests.patience import PATIENCE, until
from tests.temporal import TemporalServer

Event = dict[str, Any]


def own_complaint() -> str:
    """Id of a complaint that no other test knows."""
    return complaint_id("tests", secrets.token_hex(8))


@dataclass
class FollowUpService:
    """Service, with clients that act as routing, as an agent's system and as an administrator."""

    nats: NatsServer
    temporal_server: TemporalServer
    directory: Path
    temporal: TemporalClient
    routing: NatsClient
    agent: NatsClient
    seq: int = 0
    process: asyncio.subprocess.Process | None = None
    port: int = field(default_factory=lambda: free_port(set()))

    @classmethod
    async def prepare(cls, nats: NatsServer, temporal: TemporalServer, directory: Path) -> "FollowUpService":
        (directory / "master.key").write_bytes(base64.b64encode(secrets.token_bytes(32)))
        clients = await nats.connect("routing"), await nats.connect("agent")
        return cls(nats, temporal, directory, await temporal.connect(), *clients)

    async def start(self, policy: str = "default") -> None:
        """Start the process under this policy and wait until it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
        environment |= {
            "AMENDS_NATS_URL": self.nats.url,
            "AMENDS_NATS_SEED_FILE": str(self.nats.seeds["followup"]),
            "AMENDS_CLIENTS_FILE": str(self.nats.clients),
            "AMENDS_TEMPORAL_ADDRESS": self.temporal_server.address,
            "AMENDS_FOLLOWUP_DATABASE_URL": f"sqlite+aiosqlite:///{self.directory}/followup.db",
            "AMENDS_MASTER_KEY_FILE": str(self.directory / "master.key"),
            "AMENDS_TIME_SKIPPING": "true",
            "AMENDS_POLICY": policy,
            "AMENDS_HEALTH_PORT": str(self.port),
        }
        with (self.directory / "followup.log").open("ab") as log:
            self.process = await forked.start("services.followup", environment, output=log)
        await until(self._is_ready)

    async def start_again(self, policy: str) -> None:
        """End the process as an operator would, and start it under another policy."""
        await self._end(signal.SIGTERM)
        await self.start(policy)

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End it as an operator would, and let go of the clients."""
        await self._end(signal.SIGTERM)
        await self.routing.close()
        await self.agent.close()

    async def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(how)
            await self.process.wait()

    async def _is_ready(self) -> bool:
        return await asyncio.to_thread(_answers, self.port)

    async def say(self, complaint: str, fact: Fact, at: datetime, cycle: int = 1) -> bytes:
        """Publish a fact as routing does; returns the message."""
        self.seq += 1
        header = FactHeader(
            complaint_id=complaint,
            seq=self.seq,
            cycle=cycle,
            stage=Stage.FOLLOWING_UP,
            actor=SYSTEM,
            policy=PolicyId(id="default", hash=load_policy("default").identity.hash),
        )
        message = outgoing(Service.ROUTING, header, fact, at).body
        await self.say_again(complaint, fact.NAME, message)
        return message

    async def say_again(self, complaint: str, name: str, message: bytes) -> None:
        """Publish a message as it is, without an id by which the stream would know it."""
        stream = self.routing.jetstream()
        await stream.publish(subjects.event(name, complaint), message, stream=subjects.EVENTS_STREAM)

    async def resolve(self, complaint: str, at: datetime | None = None, cycle: int = 1) -> bytes:
        """Publish that the complaint is resolved by agreement; `agent-1` handled it."""
        fact = Resolved(
            outcome="agreed", owner="agent-1", language="zh", customer_ref="cust-1", contact=Contact()
        )
        return await self.say(complaint, fact, at or datetime.now(UTC), cycle)

    async def command(self, complaint: str, verb: str, actor: str, command_id: str, **data: Any) -> Event:
        """Send a command as an agent's system does; the reply."""
        request = {"command_id": command_id, "complaint_id": complaint, "actor": {"id": actor}, "data": data}
        answer = await self.agent.request(subjects.command(verb), orjson.dumps(request), timeout=PATIENCE / 3)
        reply: Event = orjson.loads(answer.data)
        return reply

    async def query(self, name: str, **request: Any) -> Event:
        """Ask a query as an agent's system does; the reply."""
        answer = await self.agent.request(subjects.query(name), orjson.dumps(request), timeout=PATIENCE)
        reply: Event = orjson.loads(answer.data)
        return reply

    async def heard_everything(self) -> None:
        """Wait until the service has taken every fact that was published so far.

        What the consumer has pending is no answer: of a fact just stored it may not know yet.
        """
        admin = await self.nats.connect("admin")
        stream = admin.jetstream()
        last = max([await _last(stream, subject) for subject in FOLLOWUP_EVENTS.filters])

        async def taken() -> bool:
            info = await stream.consumer_info(FOLLOWUP_EVENTS.stream, FOLLOWUP_EVENTS.name)
            return info.ack_floor is not None and info.ack_floor.stream_seq >= last

        await until(taken)
        await admin.close()

    async def facts(self, complaint: str) -> list[Event]:
        """Facts that followup has published of this complaint, in the order of the stream."""
        return [event for event in await self.timeline(complaint) if event["source"] == "amends/followup"]

    async def timeline(self, complaint: str) -> list[Event]:
        """All facts of this complaint in the order of the stream."""
        return await read_timeline(self.routing, complaint)

    async def names(self, complaint: str) -> list[str]:
        """Names of those facts."""
        return [event["type"].split(".")[2] for event in await self.facts(complaint)]

    def workflow(self, complaint: str, cycle: int = 1) -> WorkflowHandle[Any, Any]:
        """Handle of a follow-up."""
        return self.temporal.get_workflow_handle(followup_workflow_id(complaint, cycle))

    async def fast_forward(self, complaint: str, by: timedelta, cycle: int = 1) -> None:
        """Move the clock of a follow-up, as `amends fast-forward` does."""
        skipper = TimeSkipper(self.temporal, config=TimeSkippingConfig(enabled=False))
        async with asyncio.timeout(PATIENCE):
            await skipper.fast_forward(self.workflow(complaint, cycle), by)

    async def until(self, complaint: str, *names: str) -> list[Event]:
        """Wait until followup has published exactly these facts."""
        await until(lambda: self.names(complaint), lambda found: tuple(found) == names)
        return await self.facts(complaint)


def verdict(**changed: Any) -> Event:
    """Data of a satisfied complainant's verdict."""
    return {"resolved": True, "overall": 5, "outcome": 5, "process": 4, "treatment": 5} | changed


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def _last(stream: JetStreamContext, subject: str) -> int:
    """Sequence number of the last fact on a subject, 0 where there is none."""
    try:
        return int((await stream.get_last_msg(FOLLOWUP_EVENTS.stream, subject)).seq or 0)
    except NotFoundError:
        return 0
