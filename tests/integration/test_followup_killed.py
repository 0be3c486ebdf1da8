"""Followup killed at bad moments: nothing is lost, nothing is said twice."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nats.errors import Error
from temporalio import activity
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.worker import Worker

from services.followup.activities import Activities
from services.followup.flushing import Flush, flush_of
from services.followup.followup import FollowUp
from services.followup.names import FLUSH
from services.followup.store import Store
from services.followup.workflow import FollowUpWorkflow
from shared.contract.commands import Accepted
from shared.contract.orders import UPDATE, StoredFacts
from shared.contract.subjects import Service
from shared.policy.loader import load_policy
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.probes.flushes import Flushes
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.covering import covering
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.workflows.temporal import make_worker
from tests.conftest import NatsServer
from tests.integration.followup_service import FollowUpService, own_complaint, verdict
from tests.patience import until
from tests.temporal import TemporalServer
from tests.unit.followups import opening, report
from tests.unit.followups import verdict as verdict_order

AT_ONCE = 12
STRAIGHT = ["callback_scheduled", "satisfaction_recorded", "notice", "closed"]


@pytest.fixture
async def service(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> AsyncIterator[FollowUpService]:
    running = await FollowUpService.prepare(nats_server, temporal_server, tmp_path)
    await running.start()
    yield running
    await running.stop()


async def test_a_followup_survives_its_worker_and_what_came_meanwhile_is_taken(
    service: FollowUpService,
) -> None:
    before, meanwhile = own_complaint(), own_complaint()
    await service.resolve(before)
    await service.until(before, "callback_scheduled")
    await service.kill()
    await service.resolve(meanwhile)
    await service.start()
    await service.until(meanwhile, "callback_scheduled")
    for complaint in (before, meanwhile):
        await until(lambda one=complaint: _answered(service, one))
        assert await service.names(complaint) == STRAIGHT


async def _send(service: FollowUpService, complaint: str) -> dict[str, Any] | None:
    """The reply to a verdict, or None if the service dies before it replies."""
    try:
        return await service.command(complaint, "record_satisfaction", "customer", "c1", **verdict())
    except (Error, TimeoutError):
        return None


async def _answered(service: FollowUpService, complaint: str) -> bool:
    """Whether the command is accepted now; all that may be said against it is `unavailable`."""
    reply = await _send(service, complaint)
    assert reply is None or reply["ok"] or reply["error"]["code"] == "unavailable", reply
    return reply is not None and bool(reply["ok"])


async def test_commands_that_were_under_way_when_it_was_killed_are_done_once(
    service: FollowUpService,
) -> None:
    complaints = [own_complaint() for _ in range(AT_ONCE)]
    for complaint in complaints:
        await service.resolve(complaint)
    for complaint in complaints:
        await service.until(complaint, "callback_scheduled")
    sending = [asyncio.create_task(_send(service, complaint)) for complaint in complaints]
    await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
    await service.kill()
    for task in sending:
        task.cancel()
    await asyncio.gather(*sending, return_exceptions=True)
    await service.start()
    for complaint in complaints:
        await until(lambda one=complaint: _answered(service, one))
        facts = await service.facts(complaint)
        assert [fact["data"]["seq"] for fact in facts] == [1, 2, 3, 4]
        assert await service.names(complaint) == STRAIGHT


def activities(database: Database, publisher: Publisher) -> Activities:
    """The activity of a worker, which writes notices as the service does."""
    pack = load_policy("default").pack
    texts = Texts(Service.FOLLOWUP, database, MasterKey(secrets.token_bytes(32)), covering(pack)[0])
    return Activities(Store(database), publisher, texts, pack, Flushes(Service.FOLLOWUP))


class Predecessor:
    """The flush of a worker that comes after another, which died after it had written something else."""

    def __init__(self, real: Activities, left_behind: Flush) -> None:
        self.real = real
        self.left_behind: Flush | None = left_behind

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> StoredFacts:
        if flush.facts[0].name != "callback_scheduled" and self.left_behind:
            await self.real.flush(self.left_behind)
            self.left_behind = None
        return await self.real.flush(flush)


async def test_facts_published_by_a_dead_worker_hold_against_the_decisions_of_the_next(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    opens = opening(complaint_id=own_complaint())
    database, publisher = Database(f"sqlite:///{tmp_path}/followup.db"), Publisher()
    migrations.upgrade("followup", database)
    connection = await nats_server.connect("followup")
    publisher.connect(connection)
    temporal, queue = await temporal_server.connect(), own_complaint()
    flushes = Predecessor(activities(database, publisher), _satisfied(opens))
    worker: Worker = make_worker(temporal, queue, [FollowUpWorkflow], [flushes.flush])
    async with worker:
        handle = await temporal.start_workflow(
            FollowUpWorkflow.run, opens, id=f"test/{opens.complaint_id}", task_queue=queue
        )
        dissatisfied = verdict_order(overall=1)
        dissatisfied.command_id = "later"
        # Refused; or, where the workflow ends in the same moment, Temporal says that it has ended.
        with pytest.raises((WorkflowUpdateFailedError, RPCError)):
            await handle.execute_update(UPDATE, dissatisfied, id="later", result_type=Accepted)
        await handle.result()
    said = await read_timeline(connection, opens.complaint_id)
    assert [event["type"].split(".")[2] for event in said] == STRAIGHT
    assert said[-1]["data"]["outcome"] == "satisfied"
    await connection.close()
    database.close()


class Forerunner:
    """The flush of a worker whose predecessor wrote, right after the opening, that the callback is due."""

    def __init__(self, real: Activities, left_behind: Flush) -> None:
        self.real = real
        self.left_behind = left_behind

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> StoredFacts:
        stood = await self.real.flush(flush)
        if flush.facts and flush.facts[0].name == "callback_scheduled":
            await self.real.flush(self.left_behind)
        return stood


async def test_a_command_is_not_refused_for_what_a_dead_worker_did_and_its_workflow_does_not_know(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    opens = opening(complaint_id=own_complaint(), at=datetime.now(UTC))
    database, publisher = Database(f"sqlite:///{tmp_path}/followup.db"), Publisher()
    migrations.upgrade("followup", database)
    connection = await nats_server.connect("followup")
    publisher.connect(connection)
    temporal, queue = await temporal_server.connect(), own_complaint()
    flushes = Forerunner(activities(database, publisher), _due(opens))
    reached = report(1, "reached")
    async with make_worker(temporal, queue, [FollowUpWorkflow], [flushes.flush]):
        handle = await temporal.start_workflow(
            FollowUpWorkflow.run, opens, id=f"test/{opens.complaint_id}", task_queue=queue
        )
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(UPDATE, reached, id="c1", result_type=Accepted)
        cause = refused.value.cause
        assert isinstance(cause, ApplicationError)
        assert cause.details[1] == 1
        told = reached.model_copy(update={"on_record": 2})
        reply = await handle.execute_update(UPDATE, told, id="c1@2", result_type=Accepted)
        await handle.terminate()
    assert reply.events == ["callback_reported"]
    said = await read_timeline(connection, opens.complaint_id)
    assert [event["type"].split(".")[2] for event in said] == [
        "callback_scheduled",
        "callback_due",
        "callback_reported",
    ]
    await connection.close()
    database.close()


def _due(opens: Any) -> Flush:
    """What the dead worker wrote by a clock that ran ahead: the first callback is due."""
    followup = FollowUp(opens)
    followup.apply(followup.open(opens.at))
    due = followup.next_due
    assert due
    facts = followup.look_at_clock(due)
    followup.apply(facts)
    return flush_of(opens, followup.progress, facts, {})


def _satisfied(opens: Any) -> Flush:
    """What the dead worker wrote: the verdict of a satisfied complainant, accepted as `verdict`."""
    followup = FollowUp(opens)
    followup.apply(followup.open(opens.at))
    facts = followup.decide(verdict_order(), opens.at)
    assert isinstance(facts, list)
    followup.apply(facts)
    reply = Accepted(complaint_id=opens.complaint_id, stage="closed", events=[], allowed=[])
    return flush_of(opens, followup.progress, facts, {"verdict": reply})
