"""Intake on a real nats-server, in this process so that tests can stop it between any two steps."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.intake.service import Intake, assembled
from shared.contract import subjects
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.contract.ids import complaint_id
from shared.contract.subjects import Service
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.service_settings import ServiceSettings, settings_of
from tests.conftest import NatsServer
from tests.patience import PATIENCE, until
from tests.unit.submissions import CUSTOMER, submission

NOBODY = "127.0.0.1:9"
"""Address without a Temporal: intake does its work all the same."""

SOURCE = "crm.example/cases"
Found = TypeVar("Found")


class Crash(Exception):
    """Crash of the process at this place."""


def new_submission(**changes: Any) -> tuple[str, dict[str, Any]]:
    """Submission that no other test sends, of a customer and an order of its own, and its id."""
    external = secrets.token_hex(8)
    own = {"customer": CUSTOMER | {"ref": f"cust-{external}"}, "order_ref": f"order-{external}"}
    return complaint_id(SOURCE, external), submission(external, **(own | changes))


async def seen(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """Result of `look`, as soon as it finds something."""
    found = await until(look, lambda one: one is not None, every=0.02)
    assert found is not None
    return found


@dataclass
class Door:
    """Intake from outside: its settings, and a client that may do everything."""

    settings: ServiceSettings
    admin: Client

    async def submit(self, message: Any, channel: str = "web", **headers: str) -> None:
        body = message if isinstance(message, bytes) else orjson.dumps(message)
        await self.admin.jetstream(timeout=PATIENCE).publish(
            subjects.submit(channel), body, stream=subjects.SUBMIT_STREAM, headers=headers or None
        )

    async def ask(self, subject: str, request: dict[str, Any]) -> dict[str, Any]:
        answer = await self.admin.request(subject, orjson.dumps(request), timeout=PATIENCE)
        reply: dict[str, Any] = orjson.loads(answer.data)
        return reply

    async def names(self, complaint: str) -> list[str]:
        """Names of a complaint's facts in the order of the stream."""
        found = await read_timeline(self.admin, complaint)
        return [str(event["type"]).split(".")[2] for event in found]

    async def idle(self) -> None:
        """Wait until intake has let go of every message: the queue of work holds none any more.

        What the consumer has pending is no answer: of a message just stored it may not know yet.
        """

        async def look() -> bool | None:
            info = await self.admin.jetstream().stream_info(subjects.SUBMIT_STREAM)
            return None if info.state.messages else True

        await seen(look)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Intake]:
        """Intake at work."""
        async with assembled(self.settings) as intake:
            await intake.broker.start()
            parts = [asyncio.create_task(part) for part in intake.background()]
            try:
                yield intake
            finally:
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)
                await intake.broker.stop()

    async def crash(self, until: Callable[[Intake, list[Msg]], Awaitable[Any]]) -> None:
        """Take what waits, go as far as `until` goes, and die before anything is acknowledged."""
        with suppress(Crash):
            async with assembled(self.settings) as intake:
                subscription = await intake.client.jetstream().pull_subscribe_bind(
                    INTAKE_SUBMISSIONS.name, subjects.SUBMIT_STREAM, inbox_prefix=b"_INBOX_intake."
                )
                messages = await subscription.fetch(100, timeout=PATIENCE)
                await until(intake, messages)
                for message in messages:  # as if ack_wait had passed
                    await message.nak()
                await intake.broker.stop()
                raise Crash

    @asynccontextmanager
    async def short_memory(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Shorten the memory of the stream of facts to a tenth of a second; yield a wait until it forgot."""
        js = self.admin.jetstream(timeout=PATIENCE)
        config = next(one for one in subjects.streams() if one.name == subjects.EVENTS_STREAM)
        await js.update_stream(config.evolve(duplicate_window=0.1))

        async def forgotten() -> None:
            probe = {"Nats-Msg-Id": secrets.token_hex(8)}

            async def look() -> bool | None:
                ack = await js.publish(subjects.event("promise_made", "probe"), b"{}", headers=probe)
                return None if ack.duplicate else True

            await look()
            await seen(look)

        try:
            yield forgotten
        finally:
            await js.update_stream(config)


@asynccontextmanager
async def front_door(nats: NatsServer, directory: Path, database_url: str) -> AsyncIterator[Door]:
    """Door with a database of its own."""
    key = directory / "master.key"
    key.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    settings = settings_of(Service.INTAKE)(
        nats_url=nats.url,
        nats_seed_file=nats.seeds["intake"],
        intake_database_url=database_url,
        master_key_file=key,
        temporal_address=NOBODY,
    )
    admin = await nats.connect("admin")
    try:
        yield Door(settings, admin)
    finally:
        await admin.close()


@pytest.fixture
def intake_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh database: SQLite, or the kind that a mark `each_database` asks for."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path}/intake.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def door(nats_server: NatsServer, tmp_path: Path, intake_url: str) -> AsyncIterator[Door]:
    """Door with a database of its own."""
    async with front_door(nats_server, tmp_path, intake_url) as opened:
        yield opened
