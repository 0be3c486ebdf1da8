"""`kill -9` of any one part of the stack heals by itself, and no complaint is lost by it."""

import asyncio
import json
import secrets
from contextlib import suppress

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error

from deploy.local.ready import Ready
from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_id
from tests.patience import PATIENCE

SOURCE = "heals.example"


def complaint(external_id: str) -> bytes:
    data = {"customer": {"ref": "cust-1"}, "title": "It does not work"}
    event = {"specversion": "1.0", "type": "complaints.submitted.v1", "source": SOURCE, "id": external_id}
    return json.dumps(event | {"data": data}).encode()


async def until_it_is_a_case(client: Client, wanted: str) -> None:
    """Ask routing for the complaint until it has opened a case for it."""
    body = json.dumps({"complaint_id": wanted}).encode()
    opened = False
    async with asyncio.timeout(PATIENCE):
        while not opened:
            with suppress(Error, TimeoutError):
                reply = await client.request(subjects.query("complaint"), body, timeout=2)
                opened = json.loads(reply.data)["ok"]
            await asyncio.sleep(0.1)


async def submit(ready: Ready, external_id: str) -> None:
    """Submit until the server says that it is durable: what a publisher has to do."""
    client = await nats.connect(ready.nats_url, nkeys_seed=ready.credentials.publisher)
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(Error, TimeoutError):
                await client.request(subjects.submit("web"), complaint(external_id), timeout=2)
                break
    await client.close()


@pytest.mark.parametrize("part", ["nats", "temporal", "intake", "routing", "followup"])
async def test_a_complaint_becomes_a_case_although_a_part_was_killed(stack: Stack, part: str) -> None:
    assert stack.ready
    external_id, before = secrets.token_hex(8), stack.pid(part)
    await stack.kill(part)
    if part == "nats":
        await stack.wait_ready(part)
    await submit(stack.ready, external_id)
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.agent)
    await until_it_is_a_case(client, complaint_id(SOURCE, external_id))
    await client.close()
    await stack.wait_ready(part)
    assert stack.pid(part) not in (None, before)
