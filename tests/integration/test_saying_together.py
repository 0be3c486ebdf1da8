"""The facts of one decision stand together in the stream, each once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.contract.events import Closed, Fact, FactHeader, Resumed, Withdrawn
from shared.contract.ids import complaint_id
from shared.contract.outgoing import Outgoing, outgoing
from shared.contract.subjects import Service, event
from shared.contract.values import Actor, Outcome, PolicyId, Stage
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import read_timeline
from tests.conftest import NatsServer
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DECIDED: list[Fact] = [Withdrawn(), *(Resumed(obligations=[], why="end") for _ in range(20))]


@pytest.fixture
async def publisher(nats_server: NatsServer) -> AsyncIterator[Publisher]:
    """What routing says its facts with."""
    client = await nats_server.connect("routing")
    one = Publisher()
    one.connect(client)
    yield one
    await client.close()


def message(complaint: str, service: Service, seq: int, fact: Fact) -> Outgoing:
    header = FactHeader(
        complaint_id=complaint,
        seq=seq,
        cycle=1,
        stage=Stage.FOLLOWING_UP,
        actor=Actor(id="customer", role="customer"),
        policy=PolicyId(id="default", hash="0"),
    )
    return outgoing(service, header, fact, NOW)


def decided(complaint: str) -> list[Outgoing]:
    """All facts of one decision of routing."""
    return [message(complaint, Service.ROUTING, seq, fact) for seq, fact in enumerate(DECIDED, 1)]


async def test_an_answer_to_a_fact_comes_after_the_facts_decided_with_it(
    nats_server: NatsServer, publisher: Publisher
) -> None:
    complaint = complaint_id("test", uuid4().hex)
    follower = await nats_server.connect("followup")
    told = Publisher()
    told.connect(follower)
    listener = await nats_server.connect("admin")
    # From the stream, as followup does: a bare subscription hears a batch before it is stored.
    heard = await listener.jetstream().pull_subscribe(event("withdrawn", complaint))

    async def close_at_once() -> None:
        await heard.fetch(1, timeout=PATIENCE)
        closed = message(complaint, Service.FOLLOWUP, 1, Closed(outcome=Outcome.WITHDRAWN))
        await told.facts([closed], again=False)

    closing = asyncio.create_task(close_at_once())
    await publisher.facts(decided(complaint), again=False)
    await closing
    events = await read_timeline(publisher.client, complaint)
    await follower.close()
    await listener.close()
    assert [event["source"] for event in events] == ["amends/routing"] * len(DECIDED) + ["amends/followup"]


async def test_facts_of_which_some_are_stored_are_published_once_each_and_in_order(
    publisher: Publisher,
) -> None:
    complaint = complaint_id("test", uuid4().hex)
    facts = decided(complaint)
    await publisher.facts(facts[:1], again=False)
    await publisher.facts(facts, again=False)
    events = await read_timeline(publisher.client, complaint)
    assert [event["id"] for event in events] == [fact.id for fact in facts]
