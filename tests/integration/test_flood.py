"""Thousands of bad submissions at once: good submissions do not wait for them, and none of them is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from statistics import median

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy

from deploy.local.stack import Stack
from services.intake.service import AT_ONCE, BATCH
from shared.contract import subjects
from shared.contract.quarantine import HEADER_ARRIVED
from tests.bench.bad_flood import MOST_MEGABYTES, flooded, put_aside
from tests.patience import PATIENCE
from tests.thorough import THOROUGH

BAD = 10_000 if THOROUGH > 1 else 3_000
GOOD = 80
"""So many at most, however long the flood lasts: each is a complaint that the stack then has to open."""


async def test_good_submissions_do_not_wait_for_thousands_of_bad_submissions(
    crowded_stack: Stack, crowded_admin: Client
) -> None:
    """Seconds are for the bench. Here the order counts, which a busy machine does not change: a good
    submission is taken before bad submissions that came later, except those in work beside it.
    """
    admin = crowded_admin
    before = await put_aside(admin)
    received, invalid = subjects.every("received"), f"{subjects.QUARANTINE}.>"
    async with _stored(admin, received) as facts, _stored(admin, invalid) as copies:
        amid = await flooded(crowded_stack, admin, BAD, GOOD)
        assert await put_aside(admin) == before + BAD
        async with asyncio.timeout(PATIENCE):
            while len(copies) < BAD or amid.durable.keys() - set(map(_complaint, facts)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    taken = {_complaint(one): one.metadata.timestamp for one in facts}
    bad = [(_arrived(one), one.metadata.timestamp) for one in copies]
    passed_by = [
        sum(durable < arrived and stored < taken[complaint] for arrived, stored in bad)
        for complaint, durable in amid.durable.items()
    ]
    assert median(passed_by) <= BATCH * AT_ONCE
    assert amid.megabytes < MOST_MEGABYTES


@asynccontextmanager
async def _stored(client: Client, subject: str) -> AsyncIterator[list[Msg]]:
    """Messages on this subject from now on, as their stream has stored them."""
    found: list[Msg] = []

    async def hear(message: Msg) -> None:
        found.append(message)

    new = ConsumerConfig(deliver_policy=DeliverPolicy.NEW)
    subscription = await client.jetstream(timeout=10).subscribe(
        subject, cb=hear, ordered_consumer=True, config=new
    )
    yield found
    await subscription.unsubscribe()


def _complaint(fact: Msg) -> str:
    return fact.subject.rsplit(".", 1)[1]


def _arrived(copy: Msg) -> datetime:
    return datetime.fromisoformat((copy.headers or {})[HEADER_ARRIVED])
