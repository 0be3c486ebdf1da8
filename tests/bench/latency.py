"""Time in which a submission becomes a fact, at a steady rate."""

import asyncio
import time

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract.ids import complaint_id
from tests.bench.keyed_values import KeyedValues
from tests.bench.submission_body import SOURCE, body

PER_SECOND = 200
SUBMISSIONS = 600


async def submit_to_received(client: Client) -> list[float]:
    """Seconds from publishing to receiving `received`, one value per submission."""
    arrivals: KeyedValues[float] = KeyedValues()

    async def hear(message: Msg) -> None:
        arrivals.set(message.subject.rsplit(".", 1)[1], time.perf_counter())

    subscription = await client.subscribe("complaints.v1.event.received.*", cb=hear)
    loop = asyncio.get_running_loop()
    first = loop.time()

    async def one(number: int) -> float:
        await asyncio.sleep(first + number / PER_SECOND - loop.time())
        name = f"latency-{number}"
        published = time.perf_counter()
        await client.jetstream(timeout=30).publish("complaints.v1.submit.web", body(name))
        return await arrivals.wait_for(complaint_id(SOURCE, name)) - published

    waits = await asyncio.gather(*(one(number) for number in range(SUBMISSIONS)))
    await subscription.unsubscribe()
    return waits
