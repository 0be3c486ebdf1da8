"""Stack for tests that submit hundreds of complaints, which would delay the tests on the shared stack."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest
from nats.aio.client import Client

from deploy.local.stack import Stack
from tests.listening import outside, ready_of
from tests.outside import Outside
from tests.patience import PATIENCE
from tests.thorough import THOROUGH

OPENED_SECONDS = 600 if THOROUGH > 1 else 240
"""Seconds in which a crowd of complaints is received, or opened."""


@pytest.fixture(scope="session")
async def crowded_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Start a stack whose Temporal and routing may be killed. Its tests run one after the other."""
    running = Stack(tmp_path_factory.mktemp("crowded"), with_board=False, patience=PATIENCE)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def crowd(crowded_stack: Stack) -> AsyncIterator[Outside]:
    """Connect a system outside once no complaint waits that an earlier test submitted."""
    async with outside(crowded_stack) as system:
        await until_waiting(system, 0)
        yield system


@pytest.fixture
async def crowded_admin(crowded_stack: Stack) -> AsyncIterator[Client]:
    """Connect the administrator to the NATS of this stack."""
    ready = ready_of(crowded_stack)
    client = await nats.connect(ready.nats_url, nkeys_seed=ready.credentials.admin)
    yield client
    await client.close()


async def until_waiting(outside: Outside, wanted: int) -> dict[int, int]:
    """Wait until so many complaints wait to be opened; how many of them of each severity."""
    async with asyncio.timeout(OPENED_SECONDS):
        while True:
            found = (await outside.query("backlog"))["waiting"]
            if sum(one["count"] for one in found) == wanted:
                return {one["severity"]: one["count"] for one in found}
            await asyncio.sleep(0.1)
