"""Ten complaints of a small source behind a thousand of a large one do not wait for all of these."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest
from nats.aio.client import Client

from deploy.local.stack import Stack
from tests.integration.test_burst import triaged, until_waiting
from tests.outside import Outside

LARGE, SMALL = 1000, 10
AMONG = 50
"""Place by which all of the small source are triaged."""


@pytest.fixture
async def outside(own_stack: Stack) -> AsyncIterator[Outside]:
    assert own_stack.ready
    seeds = own_stack.ready.credentials
    outside = await Outside.connect(own_stack.ready.nats_url, seeds.publisher, seeds.agent)
    yield outside
    await outside.close()


@pytest.fixture
async def own_admin(own_stack: Stack) -> AsyncIterator[Client]:
    assert own_stack.ready
    client = await nats.connect(own_stack.ready.nats_url, nkeys_seed=own_stack.ready.credentials.admin)
    yield client
    await client.close()


async def many(outside: Outside, source: str, count: int) -> list[str]:
    return list(await asyncio.gather(*(outside.submit(source=source) for _ in range(count))))


async def places(own_admin: Client, wanted: list[str], most: int) -> list[int]:
    """Places of these complaints in the order in which cases were opened."""
    order = [fact["complaint_id"] for fact in await triaged(own_admin, most)]
    return [order.index(one) + 1 for one in wanted if one in order]


@pytest.mark.timeout(240)
async def test_the_ten_are_among_the_first_fifty_after_an_outage(
    own_stack: Stack, outside: Outside, own_admin: Client
) -> None:
    await own_stack.kill("temporal", restart=False)
    await many(outside, "large.example", LARGE)
    small = await many(outside, "small.example", SMALL)
    await until_waiting(outside, LARGE + SMALL)
    # Routing is away while Temporal returns: a poll that was lost in between would delay whom it was for.
    await own_stack.kill("routing", restart=False)
    await own_stack.revive("temporal")
    await own_stack.revive("routing")
    found = await places(own_admin, small, AMONG)
    assert len(found) == SMALL, found
