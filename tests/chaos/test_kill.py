"""Everything is killed with -9, one part after another, while fifty complaints live their lives."""

import asyncio
import contextlib
from collections import Counter
from datetime import timedelta

import nats
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from deploy.local.stack import Stack
from shared.client.failures import AmendsError
from shared.client.fast_forward import fast_forward
from tests.lives import LIVES
from tests.outside import Outside, name_of
from tests.patience import PATIENCE

COMPLAINTS = 50
VICTIMS = ("temporal", "intake", "routing", "followup", "nats")
"""Temporal goes first, while no clock was moved yet: a server that restarts waits for the timeout of a
workflow task that it had given out, and measures it by the moved clock, which stands hours ahead."""

MIX = ("straight", "second_alternative", "withdrawn", "straight", "reopened")
"""Which life the n-th complaint has, in turn."""

FACTS_PER_LIFE = 30


class Mover:
    """Moves clocks although Temporal may be away for a while."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def __call__(self, complaint: str, delta: timedelta) -> None:
        async with asyncio.timeout(2 * PATIENCE):
            while True:
                try:
                    client = await Client.connect(self._address, data_converter=pydantic_data_converter)
                    await fast_forward(client, complaint, delta)
                except (RPCError, RuntimeError, AmendsError):
                    await asyncio.sleep(0.5)
                else:
                    return


async def facts_said(stack: Stack) -> int:
    """How many facts the stream holds; None of our business how they came there."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    try:
        info = await client.jetstream().stream_info(
            "COMPLAINTS_EVENTS", subjects_filter="complaints.v1.event.>"
        )
        return sum((info.state.subjects or {}).values())
    finally:
        await client.close()


async def kill_one_after_another(stack: Stack) -> list[str]:
    """Kill each part once, spread over the lives: after each further sixth of the facts."""
    killed = []
    for number, victim in enumerate(VICTIMS, start=1):
        wanted = number * COMPLAINTS * FACTS_PER_LIFE // (len(VICTIMS) + 1)
        while True:
            with contextlib.suppress(Exception):  # nats may be the one that is down
                if await facts_said(stack) >= wanted:
                    break
            await asyncio.sleep(0.1)
        await stack.kill(victim)
        killed.append(victim)
        await stack.wait_ready(victim)
    return killed


def assert_whole(events: list[dict[str, object]], outcome: str) -> None:
    """Gapless per service, nothing twice, one end, and the right one."""
    ids = Counter(str(event["id"]) for event in events)
    assert not [i for i, count in ids.items() if count > 1]
    for service in ("intake", "routing", "followup"):
        own = [e["data"]["seq"] for e in events if e["source"] == f"amends/{service}"]  # type: ignore[index]
        assert own == list(range(1, len(own) + 1)), (service, own)
    callbacks = Counter(
        (e["data"]["cycle"], e["data"]["attempt"])  # type: ignore[index]
        for e in events
        if name_of(e) == "callback_due"
    )
    assert all(count == 1 for count in callbacks.values()), callbacks
    ends = [e["data"]["outcome"] for e in events if name_of(e) == "closed"]  # type: ignore[index]
    assert ends == [outcome]


async def test_fifty_complaints_end_as_they_would_have_although_every_part_is_killed(
    own_stack: Stack,
) -> None:
    assert own_stack.ready
    ready = own_stack.ready
    outside = await Outside.connect(
        ready.nats_url, ready.credentials.publisher, ready.credentials.agent, patience=15
    )
    move = Mover(ready.temporal_address)

    async def live(number: int) -> tuple[str, str]:
        life, outcome = LIVES[MIX[number % len(MIX)]]
        complaint = await outside.submit(external_id=f"chaos-{number}")
        await life(outside, complaint, move)
        await outside.until(complaint, "closed", seconds=2 * PATIENCE)
        return complaint, outcome

    killing = asyncio.create_task(kill_one_after_another(own_stack))
    ended = await asyncio.gather(*(live(number) for number in range(COMPLAINTS)))
    assert await killing == list(VICTIMS)
    for complaint, outcome in ended:
        assert_whole(await outside.facts(complaint), outcome)
    await outside.close()
