"""The files that one command and one submission pass through, from the subject to the published facts.

`docs/architecture.md` has the numbers, and why the rest is left. Change both together.
"""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from nats.aio.client import Client

from services.intake.service import assembled
from services.routing.service import run
from shared.contract import subjects
from shared.contract.events import FactHeader
from shared.contract.outgoing import outgoing
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, Stage
from shared.policy.loader import load_policy
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.service_settings import settings_of
from tests.conftest import NatsServer, bare_nats
from tests.hops import Hops
from tests.integration.intake_service import front_door, new_submission, seen
from tests.patience import PATIENCE
from tests.temporal import TemporalServer
from tests.unit.cases import received

RESPOND, SUBMISSION = 110, 80
"""Counted were 107 and 74; the rest is room for what runs beside and for other calendars."""

LOOKS = (
    "services/routing/admission/",
    "services/routing/staffing/queueing.py",
    "services/routing/staffing/live.py",
    "services/routing/choosing.py",
)
"""Files of the looks at both queues, which come by the clock: one may fall into what is counted."""


@asynccontextmanager
async def routing(nats: NatsServer, temporal: TemporalServer, directory: Path) -> AsyncIterator[None]:
    """Routing at work in this process."""
    key = directory / "master.key"
    key.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    settings = settings_of(Service.ROUTING)(
        nats_url=nats.url,
        nats_seed_file=nats.seeds["routing"],
        routing_database_url=f"sqlite:///{directory}/routing.db",
        master_key_file=key,
        temporal_address=temporal.address,
    )
    running = asyncio.create_task(run(settings))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def opened(admin: Client) -> tuple[str, str]:
    """A complaint that routing has opened, and its owner."""
    complaint, _ = new_submission()
    now = datetime.now(UTC)
    header = FactHeader(
        complaint_id=complaint,
        seq=1,
        cycle=1,
        stage=Stage.RECORDED,
        actor=SYSTEM,
        policy=load_policy("default").identity,
    )
    fact = outgoing(Service.INTAKE, header, received(now), now)
    await admin.jetstream().publish(fact.subject, fact.body, stream=subjects.EVENTS_STREAM)

    async def owner() -> str | None:
        facts = await read_timeline(admin, complaint)
        owners = [one["data"]["owner"] for one in facts if one["type"] == "complaints.event.assigned.v1"]
        return owners[0] if owners else None

    return complaint, await seen(owner)


async def responded(admin: Client, complaint: str, owner: str) -> dict[str, Any]:
    request = {
        "command_id": "1",
        "complaint_id": complaint,
        "actor": {"id": owner},
        "data": {"kind": "plan", "text": "我们正在核实。"},
    }
    reply = await admin.request(subjects.command("respond"), orjson.dumps(request), timeout=PATIENCE)
    found: dict[str, Any] = orjson.loads(reply.data)
    return found


async def test_a_response_passes_through_no_code_of_submissions_or_of_other_verbs(
    temporal_server: TemporalServer, tmp_path: Path
) -> None:
    """The server is this test's own: what other tests left there would be worked on meanwhile."""
    hops = Hops()
    async with bare_nats(tmp_path) as nats:
        admin = await nats.connect("admin")
        with hops.watch():
            async with routing(nats, temporal_server, tmp_path):
                complaint, owner = await opened(admin)
                with hops.counting() as files:
                    reply = await responded(admin, complaint, owner)
        await admin.close()
    assert reply["events"][0] == "responded"
    passed = [one for one in files if not one.startswith(LOOKS)]
    assert [one for one in passed if "submission" in one or "migrat" in one] == []
    assert len(passed) <= RESPOND, "\n".join(passed)


async def test_a_complaint_passes_through_no_code_of_grumbles(tmp_path: Path) -> None:
    hops = Hops()
    database = f"sqlite:///{tmp_path}/intake.db"
    with hops.watch():
        async with (
            bare_nats(tmp_path) as nats,
            front_door(nats, tmp_path, database) as door,
            assembled(door.settings) as intake,
        ):
            complaint, message = new_submission()
            taking = asyncio.create_task(intake.submissions.run(intake.client))

            async def there() -> bool | None:
                return len(await read_timeline(door.admin, complaint)) >= 3 or None

            with hops.counting() as files:
                await door.submit(message)
                await seen(there)
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
            await intake.broker.stop()
    assert [one for one in files if "grumbles" in one] == []
    assert len(files) <= SUBMISSION, "\n".join(files)
