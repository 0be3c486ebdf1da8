"""Ten complaints of a small source behind a thousand of a large one do not wait for all of these."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest
from temporalio.client import Client

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_workflow_id
from tests.integration.test_burst import OPENED_SECONDS, until_waiting
from tests.outside import Outside

LARGE, SMALL = 1000, 10
AMONG = 50
"""Place by which all of the small source are started."""


@pytest.fixture
async def outside(own_stack: Stack) -> AsyncIterator[Outside]:
    assert own_stack.ready
    seeds = own_stack.ready.credentials
    outside = await Outside.connect(own_stack.ready.nats_url, seeds.publisher, seeds.agent)
    yield outside
    await outside.close()


async def many(outside: Outside, source: str, count: int) -> list[str]:
    return list(await asyncio.gather(*(outside.submit(source=source) for _ in range(count))))


async def places(temporal: Client, outside: Outside, wanted: list[str]) -> list[int]:
    """Places of these complaints in the order in which their workflows were started.

    Cases may open in another order: a task of a workflow that Temporal or a worker loses comes again late.
    """
    for one in wanted:
        await outside.until(one, "triaged", seconds=OPENED_SECONDS)
    ids = {complaint_workflow_id(one) for one in wanted}
    order: list[str] = []
    while not ids <= {*order}:  # Temporal's list follows its workflows
        found = [one async for one in temporal.list_workflows()]
        order = [one.id for one in sorted(found, key=lambda one: one.start_time)]
    return sorted(order.index(one) + 1 for one in ids)


@pytest.mark.timeout(240)
async def test_the_ten_are_among_the_first_fifty_after_an_outage(own_stack: Stack, outside: Outside) -> None:
    await own_stack.kill("temporal", restart=False)
    await many(outside, "large.example", LARGE)
    small = await many(outside, "small.example", SMALL)
    await until_waiting(outside, LARGE + SMALL)
    # Routing is away while Temporal returns: a poll that was lost in between would delay whom it was for.
    await own_stack.kill("routing", restart=False)
    await own_stack.revive("temporal")
    await own_stack.revive("routing")
    assert own_stack.ready
    temporal = await Client.connect(own_stack.ready.temporal_address)
    found = await places(temporal, outside, small)
    assert found[-1] <= AMONG, found


@pytest.mark.timeout(240)
async def test_the_ten_are_triaged_among_the_first_fifty_where_all_wait_in_the_stream(
    own_stack: Stack, outside: Outside
) -> None:
    """Intake takes turns, and so does routing after it; neither looks at the order of the stream."""
    await own_stack.kill("intake", restart=False)
    await many(outside, "large.example", LARGE)
    small = await many(outside, "small.example", SMALL)
    assert own_stack.ready
    admin = await nats.connect(own_stack.ready.nats_url, nkeys_seed=own_stack.ready.credentials.admin)
    try:
        facts = await admin.jetstream().subscribe(subjects.every("triaged"), ordered_consumer=True)
        await own_stack.revive("intake")
        order: list[str] = []
        while not {*small} <= {*order}:
            message = await facts.next_msg(timeout=OPENED_SECONDS)
            order.append(message.subject.rsplit(".", 1)[1])
    finally:
        await admin.close()
    assert len(order) <= AMONG, sorted(order.index(one) + 1 for one in small)
