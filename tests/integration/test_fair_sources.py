"""Ten complaints of a small source behind hundreds of a large one do not wait for all of these."""

import asyncio

from nats.aio.client import Client as NatsClient
from nats.js.api import ConsumerConfig, DeliverPolicy
from temporalio.client import Client

from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.ids import complaint_workflow_id
from tests.integration.crowds import OPENED_SECONDS, until_waiting
from tests.outside import Outside
from tests.patience import PATIENCE
from tests.thorough import THOROUGH

LARGE, SMALL = 1000 if THOROUGH > 1 else 300, 10
AMONG = 50
"""Place by which all of the small source are started."""


async def many(outside: Outside, source: str, count: int) -> list[str]:
    return list(await asyncio.gather(*(outside.submit(source=source) for _ in range(count))))


async def places(temporal: Client, outside: Outside, wanted: list[str], others: list[str]) -> list[int]:
    """Places of these complaints among the others, in the order in which their workflows were started.

    Cases may open in another order: a task of a workflow that Temporal or a worker loses comes again late.
    """
    for one in wanted:
        await outside.until(one, "triaged", seconds=OPENED_SECONDS)
    ids, known = ({complaint_workflow_id(one) for one in some} for some in (wanted, [*wanted, *others]))
    order: list[str] = []
    while not ids <= {*order}:  # Temporal's list follows its workflows
        found = [one async for one in temporal.list_workflows() if one.id in known]
        order = [one.id for one in sorted(found, key=lambda one: one.start_time)]
    return sorted(order.index(one) + 1 for one in ids)


async def test_the_ten_are_among_the_first_fifty_after_an_outage(
    crowded_stack: Stack, crowd: Outside
) -> None:
    await crowded_stack.kill("temporal", restart=False)
    large = await many(crowd, "large.example", LARGE)
    small = await many(crowd, "small.example", SMALL)
    await until_waiting(crowd, LARGE + SMALL)
    # Routing is away while Temporal returns: a poll that was lost in between would delay whom it was for.
    await crowded_stack.kill("routing", restart=False)
    await crowded_stack.revive("temporal")
    await crowded_stack.revive("routing")
    assert crowded_stack.ready
    temporal = await Client.connect(crowded_stack.ready.temporal_address)
    found = await places(temporal, crowd, small, large)
    assert found[-1] <= AMONG, found


async def test_the_ten_are_triaged_among_the_first_fifty_where_all_wait_in_the_stream(
    crowded_stack: Stack, crowd: Outside, crowded_admin: NatsClient
) -> None:
    """Intake takes turns, and so does routing after it; neither looks at the order of the stream."""
    await crowded_stack.kill("intake", restart=False)
    large = await many(crowd, "large.example", LARGE)
    small = await many(crowd, "small.example", SMALL)
    new = ConsumerConfig(deliver_policy=DeliverPolicy.NEW)
    facts = await crowded_admin.jetstream(timeout=PATIENCE).subscribe(
        subjects.every("triaged"), ordered_consumer=True, config=new
    )
    await crowded_stack.revive("intake")
    order: list[str] = []
    while not {*small} <= {*order}:
        complaint = (await facts.next_msg(timeout=OPENED_SECONDS)).subject.rsplit(".", 1)[1]
        if complaint in {*large, *small}:  # one of the test before may have been under way
            order.append(complaint)
    await facts.unsubscribe()
    assert len(order) <= AMONG, sorted(order.index(one) + 1 for one in small)
