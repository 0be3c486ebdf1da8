"""Faults in rules, in a workflow on a real Temporal: what comes next goes on, also under repaired code."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer

from services.routing import case as case_module
from services.routing.flushing import FaultReport, Flush, Opened, SignalledFact, Start
from services.routing.names import FACT, FAULTS, FLUSH, OPEN, PEOPLE
from services.routing.rules.renewing import People, Question
from services.routing.rules.verbs import VERBS
from services.routing.workflow import ComplaintWorkflow
from shared.contract.commands import Accepted
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.ids import complaint_id
from shared.contract.orders import UPDATE, Order, StoredFacts
from shared.contract.values import Actor
from shared.runtime.workflows.determinism import runner
from shared.runtime.workflows.temporal import make_worker
from tests.temporal import TemporalServer
from tests.unit.cases import contact, play, received


class World:
    """Activities without a database: flushes succeed, reports are kept."""

    def __init__(self) -> None:
        self.reports: list[FaultReport] = []
        self.opened = play(datetime.now(UTC)).opening

    @activity.defn(name=OPEN)
    async def open_case(self, start: Start) -> Opened:
        own = self.opened
        return Opened(triage=own.triage, owner=own.owner, pinned=own.pinned, people=own.people)

    @activity.defn(name=PEOPLE)
    async def people(self, asked: Question) -> People:
        known = self.opened.people
        own = self.opened.pinned
        return People(
            owner=self.opened.owner,
            roster=known.roster,
            roles=known.roles,
            units=known.units,
            team=own.team,
            chain=own.chain,
        )

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> StoredFacts:
        return StoredFacts()

    @activity.defn(name=FAULTS)
    async def report(self, fault: FaultReport) -> None:
        self.reports.append(fault)


@asynccontextmanager
async def running(
    server: TemporalServer, name: str, world: World, received_at: datetime
) -> AsyncIterator[WorkflowHandle[Any, None]]:
    complaint, temporal = complaint_id("tests", name), await server.connect()
    start = Start(complaint_id=complaint, received=received(received_at))
    activities = [world.open_case, world.people, world.flush, world.report]
    async with make_worker(temporal, complaint, [ComplaintWorkflow], activities):
        handle: WorkflowHandle[Any, None] = await temporal.start_workflow(
            ComplaintWorkflow.run, start, id=f"test/{complaint}", task_queue=complaint
        )
        yield handle
    await handle.terminate()


def order(name: str, verb: str, **data: Any) -> Order:
    return Order(command_id=name, verb=verb, actor=Actor(id="agent-1", role="agent"), data=data)


def broken(*_: Any) -> Any:
    raise ZeroDivisionError("a fault")


async def test_a_command_a_clock_and_a_fact_with_faults_stop_nothing_and_the_history_replays_when_repaired(
    temporal_server: TemporalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    monkeypatch.setitem(VERBS, "respond", replace(VERBS["respond"], rule=broken))
    monkeypatch.setattr(case_module, "fire", broken)  # the 24 hours are over
    monkeypatch.setattr(case_module, "input_of_contact", broken)
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    async with running(temporal_server, str(tmp_path), world, long_ago) as handle:
        plan = order("first", "respond", kind="plan", text="t")
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(UPDATE, plan, id="first", result_type=Accepted)
        assert isinstance(refused.value.cause, ApplicationError)
        refusal = Refusal.model_validate_json(refused.value.cause.details[0])
        assert refusal.code == ErrorCode.INTERNAL
        told = SignalledFact(
            event_id="one", name="contact_added", at=datetime.now(UTC), data=contact().model_dump(mode="json")
        )
        await handle.signal(FACT, told)
        clear = order("second", "clarify", cause="defect", cause_side="defect", liability="company")
        reply = await handle.execute_update(UPDATE, clear, id="second", result_type=Accepted)
        assert reply.events[0] == "clarified"
        assert {one.step.partition("/")[0] for one in world.reports} == {"respond", "clock", "fact"}
        assert {one.kind for one in world.reports} == {"ZeroDivisionError"}
        history = await handle.fetch_history()
    monkeypatch.undo()
    await Replayer(
        workflows=[ComplaintWorkflow], data_converter=pydantic_data_converter, workflow_runner=runner()
    ).replay_workflow(history)
