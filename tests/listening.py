"""Receive the facts of one complaint from outside, in order, and move its clock."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import nats
from nats.aio.subscription import Subscription
from nats.js.api import ConsumerConfig
from temporalio.client import Client as TemporalClient
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.local.ready import Ready
from deploy.local.stack import Stack
from shared.client.fast_forward import fast_forward
from shared.contract import subjects
from tests.outside import Json, Outside, name_of
from tests.patience import PATIENCE


@dataclass
class Telling:
    """Facts of one complaint, as they are published."""

    subscription: Subscription
    heard: list[Json] = field(default_factory=list)

    async def says(self, *expected: str) -> list[Json]:
        """Wait for the next facts, which must be exactly these, in this order; return their data."""
        came: list[Json] = []
        for _ in expected:
            message = await self.subscription.next_msg(timeout=PATIENCE)
            came.append(json.loads(message.data))
        assert [name_of(event) for event in came] == list(expected)
        self.heard += came
        return [event["data"] for event in came]

    def nothing_more(self) -> None:
        """Assert that every published fact was expected."""
        assert self.subscription.pending_msgs == 0


def ready_of(stack: Stack) -> Ready:
    """Addresses of a started stack."""
    assert stack.ready is not None
    return stack.ready


@asynccontextmanager
async def listening(stack: Stack, complaint_id: str) -> AsyncIterator[Telling]:
    """Receive a complaint's facts as the stream has them: its id is known before it is sent."""
    ready = ready_of(stack)
    client = await nats.connect(ready.nats_url, nkeys_seed=ready.credentials.admin)
    try:
        subscription = await client.jetstream().subscribe(
            subjects.timeline(complaint_id),
            stream=subjects.EVENTS_STREAM,
            ordered_consumer=True,
            config=ConsumerConfig(name=f"test-{complaint_id}"),
        )
        yield Telling(subscription)
    finally:
        await client.close()


@asynccontextmanager
async def outside(stack: Stack) -> AsyncIterator[Outside]:
    """Outside system of this stack."""
    ready = ready_of(stack)
    system = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    try:
        yield system
    finally:
        await system.close()


async def forward(stack: Stack, complaint_id: str, delta: timedelta) -> datetime:
    """Move the complaint's clock; returns what it shows then."""
    address = ready_of(stack).temporal_address
    client = await TemporalClient.connect(address, data_converter=pydantic_data_converter)
    return (await fast_forward(client, complaint_id, delta)).now


def spoken(**more: Any) -> Json:
    """Submission in these tests: about a product, with a small loss."""
    return {
        "title": "手机频繁死机",
        "narrative": "买了三天就频繁死机，希望退款。",
        "hints": {"category": "product"},
    } | more
