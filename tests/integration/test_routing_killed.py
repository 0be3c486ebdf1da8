"""A worker of routing that dies after it has written, before Temporal heard of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.worker import Worker

from services.routing.activities import Activities, commit
from services.routing.case import Case
from services.routing.choosing import Choosing, batched
from services.routing.flushing import Flush, Start
from services.routing.names import FLUSH
from services.routing.policies import Policies
from services.routing.rules.state import Opening
from services.routing.staffing.live import LivePeople
from services.routing.store import Store
from services.routing.view import view
from services.routing.workflow import ComplaintWorkflow
from shared.contract.commands import Accepted, ActorRef, CommandRequest, Resume
from shared.contract.ids import complaint_id
from shared.contract.orders import UPDATE, Order, StoredFacts
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, Actor
from shared.policy.loader import load_policy
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.probes.flushes import Flushes
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.storage.group_commit import Batcher
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.workflows.commanding import Commanding
from shared.runtime.workflows.temporal import make_worker
from shared.triage.finding import finder_of
from tests.conftest import NatsServer
from tests.temporal import TemporalServer
from tests.unit.cases import received

PAUSE = Order(command_id="first", verb="pause", actor=Actor(id="lead-1", role="lead"), data={"reason": "r"})
WITHDRAW = Order(
    command_id="first", verb="withdraw", actor=Actor(id=CUSTOMER, role=CUSTOMER), data={"reason": "r"}
)


class Predecessor:
    """The flush of the worker that comes after another, which had written an order more and died.

    `at_once`: when the next worker takes over, what it wrote stands there already; else it appears while
    the next one is about to write for itself.
    """

    def __init__(self, real: Activities, order: Order, *, at_once: bool) -> None:
        self.real = real
        self.order = order
        self.at_once = at_once
        self.left_behind: Flush | None = None

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> StoredFacts:
        if self.left_behind is not None:
            await self.real.flush_case(self.left_behind)
            return await self.real.flush_case(flush)
        self.left_behind = self._written(flush)
        stood = await self.real.flush_case(flush)
        if self.at_once:
            await self.real.flush_case(self.left_behind)
        return stood

    def _written(self, opened: Flush) -> Flush:
        """What the dead worker went on to write, after the very same opening."""
        case = Case.rebuilt(self.opening, opened.facts)
        reply = case.decide(self.order, datetime.now(UTC))
        assert isinstance(reply, Accepted), reply
        facts = case.take_new_facts()
        return Flush(
            state=view(case.state), seq=case.state.seq, facts=facts, replies={self.order.command_id: reply}
        )

    opening: Opening


@dataclass
class Bench:
    """One workflow of routing whose worker has a dead predecessor."""

    complaint: str
    client: Client
    database: Database
    texts: Texts
    publisher: Publisher
    handle: WorkflowHandle[ComplaintWorkflow, None]

    async def facts(self) -> list[dict[str, Any]]:
        return await read_timeline(self.publisher.client, self.complaint)


@asynccontextmanager
async def succeeding(
    nats_server: NatsServer, temporal_server: TemporalServer, path: Path, order: Order, *, at_once: bool
) -> AsyncIterator[Bench]:
    """A workflow that was started when its worker had died after `order`."""
    complaint = complaint_id("tests", str(path))
    start = Start(complaint_id=complaint, received=received(datetime.now(UTC)))
    policy, database, publisher = load_policy("default"), Database(f"sqlite:///{path}/r.db"), Publisher()
    migrations.upgrade("routing", database)
    connection = await nats_server.connect("routing")
    publisher.connect(connection)
    store, texts = Store(database), Texts(Service.ROUTING, database, MasterKey(b"k" * 32))
    async with Batcher(partial(commit, policy, store, texts, None)) as save, batched(database) as choose:
        live = LivePeople(Policies(database), policy, Choosing(database))
        real = Activities(policy, store, texts, publisher, save, choose, live, Flushes(Service.ROUTING))
        flushes = Predecessor(real, order, at_once=at_once)
        opened = await real.open_case(start)
        flushes.opening = Opening(complaint_id=complaint, received=start.received, **dict(opened))
        temporal = await temporal_server.connect()
        worker: Worker = make_worker(
            temporal, complaint, [ComplaintWorkflow], [real.open_case, flushes.flush]
        )
        async with worker:
            handle: WorkflowHandle[ComplaintWorkflow, None] = await temporal.start_workflow(
                ComplaintWorkflow.run, start, id=f"test/{complaint}", task_queue=complaint
            )
            yield Bench(complaint, temporal, database, texts, publisher, handle)
            await handle.terminate()
    await connection.close()
    database.close()


async def test_facts_published_by_a_dead_worker_hold_against_the_decisions_of_the_next(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    async with succeeding(nats_server, temporal_server, tmp_path, WITHDRAW, at_once=False) as bench:
        late = WITHDRAW.model_copy(update={"command_id": "second"})
        with pytest.raises(WorkflowUpdateFailedError):
            await bench.handle.execute_update(UPDATE, late, id="second", result_type=Accepted)
        repeated = await bench.handle.execute_update(UPDATE, WITHDRAW, id="first", result_type=Accepted)
        settled = await bench.handle.query(ComplaintWorkflow.settled)
        said = await bench.facts()
    names = [event["type"].split(".")[2] for event in said]
    assert "withdrawn" in repeated.events
    assert names.count("withdrawn") == 1
    assert [event["data"]["seq"] for event in said] == list(range(1, len(said) + 1))
    assert settled.seq == len(said)


async def test_a_command_is_not_refused_for_what_a_dead_worker_did_and_its_workflow_does_not_know(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    async with succeeding(nats_server, temporal_server, tmp_path, PAUSE, at_once=True) as bench:
        roster = {person.id: person for person in load_policy("default").pack.staff}

        async def find(_: str) -> str:
            return bench.handle.id

        obey = Commanding(
            Service.ROUTING,
            bench.database,
            bench.texts,
            bench.client,
            find,
            roster,
            Interests(bench.publisher, load_policy("default").pack),
            publisher=bench.publisher,
            finder=finder_of(load_policy("default").pack),
        )
        request = CommandRequest(
            command_id="second",
            complaint_id=bench.complaint,
            actor=ActorRef(id="lead-1"),
            data={"reason": "here it is"},
        )
        reply = await obey(request, Resume(reason="here it is"))
        again = await obey(request, Resume(reason="here it is"))
        settled = await bench.handle.query(ComplaintWorkflow.settled)
        said = await bench.facts()
    assert isinstance(reply, Accepted), reply
    assert again == reply
    names = [event["type"].split(".")[2] for event in said]
    assert (names.count("paused"), names.count("resumed")) == (1, 1)
    assert [event["data"]["seq"] for event in said] == list(range(1, len(said) + 1))
    assert settled.seq == len(said)
