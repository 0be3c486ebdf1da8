"""A worker of routing that dies after it has written, before Temporal heard of it."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.worker import Worker

from services.routing.activities import Activities, commit
from services.routing.case import Case
from services.routing.flushing import Flush, Start
from services.routing.rules.state import Opening
from services.routing.store import Store
from services.routing.view import view
from services.routing.workflow import FLUSH, ComplaintWorkflow
from shared.contract.commands import Accepted
from shared.contract.ids import complaint_id
from shared.contract.orders import UPDATE, Order, Stood
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, Actor
from shared.policy.loader import load_policy
from shared.runtime import migrations
from shared.runtime.database import Database
from shared.runtime.group_commit import Batcher
from shared.runtime.publishing import Publisher
from shared.runtime.temporal import make_worker
from shared.runtime.texts import MasterKey, Texts
from shared.runtime.timeline import read_timeline
from tests.conftest import NatsServer
from tests.temporal import TemporalServer
from tests.unit.cases import received

WITHDRAW = Order(
    command_id="first", verb="withdraw", actor=Actor(id=CUSTOMER, role=CUSTOMER), data={"reason": "r"}
)


class Predecessor:
    """The flush of the worker that comes after; the dead one had written a withdrawal by then."""

    def __init__(self, real: Activities) -> None:
        self.real = real
        self.left_behind: Flush | None = None

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> Stood:
        if self.left_behind is None:
            self.left_behind = self._withdrawn(flush)
        else:
            await self.real.flush_case(self.left_behind)
        return await self.real.flush_case(flush)

    def _withdrawn(self, opened: Flush) -> Flush:
        """What the dead worker went on to write, after the very same opening."""
        case = Case.rebuilt(self.opening, opened.facts)
        reply = case.decide(WITHDRAW, datetime.now(UTC))
        assert isinstance(reply, Accepted)
        facts = case.take_new_facts()
        return Flush(state=view(case.state), seq=case.state.seq, facts=facts, replies={"first": reply})

    opening: Opening


async def test_what_a_dead_worker_has_said_holds_whatever_the_next_one_decides(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    complaint = complaint_id("tests", str(tmp_path))
    start = Start(complaint_id=complaint, received=received(datetime.now(UTC)))
    policy, database, publisher = load_policy("default"), Database(f"sqlite:///{tmp_path}/r.db"), Publisher()
    migrations.upgrade("routing", database)
    connection = await nats_server.connect("routing")
    publisher.connect(connection)
    store, texts = Store(database), Texts(Service.ROUTING, database, MasterKey(b"k" * 32))
    async with Batcher(partial(commit, policy, store, texts)) as save:
        real = Activities(policy, store, texts, publisher, save)
        flushes = Predecessor(real)
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
            late = WITHDRAW.model_copy(update={"command_id": "second"})
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update(UPDATE, late, id="second", result_type=Accepted)
            repeated = await handle.execute_update(UPDATE, WITHDRAW, id="first", result_type=Accepted)
            settled = await handle.query(ComplaintWorkflow.settled)
            await handle.terminate()
    said = await read_timeline(connection, complaint)
    names = [event["type"].split(".")[2] for event in said]
    assert repeated.events[0] == "withdrawn"
    assert names.count("withdrawn") == 1
    assert [event["data"]["seq"] for event in said] == list(range(1, len(said) + 1))
    assert settled.seq == len(said)
    await connection.close()
    database.close()
