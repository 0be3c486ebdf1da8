"""Intake is killed in a flood of bad submissions: what it had in hand comes again half a minute later."""

import asyncio

import pytest
from nats.aio.client import Client

from deploy.local.stack import Stack
from tests.bench.bad_flood import BAD, flood, put_aside, until_taken

pytestmark = pytest.mark.nightly


async def test_intake_killed_in_a_flood_quarantines_each_bad_submission_exactly_once(
    stack: Stack, admin: Client
) -> None:
    before = await put_aside(admin)
    async with flood(stack, BAD) as publisher:
        publisher.tell("go")
        while await put_aside(admin) < before + BAD // 4:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await stack.kill("intake")
        killed_at = await put_aside(admin) - before
        await publisher.hear("done")
        await stack.wait_ready("intake")
        await until_taken(admin)

    assert BAD // 4 <= killed_at < BAD
    assert await put_aside(admin) == before + BAD
