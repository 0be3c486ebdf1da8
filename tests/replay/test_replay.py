"""Every history that was ever recorded still replays: months may lie between two steps of a complaint."""

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from services.followup.workflow import FollowUpWorkflow
from services.intake.grumbles.waiting import Waiting
from services.intake.names import PROMOTE
from services.intake.names import WORKFLOW as GRUMBLE
from services.intake.workflow import GrumbleWorkflow
from services.routing.flushing import Start
from services.routing.names import WORKFLOW
from services.routing.task_workflow import PlanTask, TaskWorkflow
from services.routing.workflow import ComplaintWorkflow
from shared.runtime.workflows.determinism import runner

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*/*.json"))


def stored(path: Path) -> WorkflowHistory:
    content = json.loads(path.read_text(encoding="utf-8"))
    return WorkflowHistory.from_json(content["workflow_id"], content["history"])


def replayer(*workflows: type, sandboxed: bool = False) -> Replayer:
    return Replayer(
        workflows=workflows,
        data_converter=pydantic_data_converter,
        workflow_runner=runner(sandboxed=sandboxed),
    )


def test_there_are_histories_of_every_shape() -> None:
    shapes = {path.name.split(".")[0] for path in HISTORIES}
    assert shapes >= {"unanswered", "answered"}
    assert shapes >= {"straight", "breached", "second_alternative", "reopened", "unreachable", "withdrawn"}
    assert shapes >= {"graver", "told_later"}
    assert shapes >= {"extended", "waited", "let_go", "approved", "merged", "with_department"}


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("sandboxed", [False, True], ids=["bare", "sandboxed"])
async def test_a_stored_history_replays(path: Path, sandboxed: bool) -> None:
    workflows = (ComplaintWorkflow, FollowUpWorkflow, GrumbleWorkflow, TaskWorkflow, PlanTask)
    result = await replayer(*workflows, sandboxed=sandboxed).replay_workflow(
        stored(path), raise_on_replay_failure=False
    )
    assert result.replay_failure is None


@workflow.defn(name=WORKFLOW)
class ForgetfulWorkflow:
    """What a careless change would be: the same workflow, but it sleeps before it opens the case."""

    @workflow.run
    async def run(self, start: Start) -> None:
        await workflow.sleep(1)
        await workflow.wait_condition(lambda: False)


async def test_a_changed_order_of_commands_fails_the_replay() -> None:
    path = next(path for path in HISTORIES if path.name == "straight.complaint.json")
    with pytest.raises(NondeterminismError):
        await replayer(ForgetfulWorkflow).replay_workflow(stored(path))


async def test_a_history_that_was_tampered_with_fails_the_replay() -> None:
    path = next(path for path in HISTORIES if path.name == "straight.complaint.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    markers = [e for e in content["history"]["events"] if "markerRecordedEventAttributes" in e]
    told = markers[0]["markerRecordedEventAttributes"]["details"]["data"]["payloads"][0]
    was = base64.b64decode(told["data"])
    assert b"open_case" in was
    told["data"] = base64.b64encode(was.replace(b"open_case", b"shut_case")).decode()
    history = WorkflowHistory.from_json(content["workflow_id"], content["history"])
    with pytest.raises(NondeterminismError):
        await replayer(ComplaintWorkflow).replay_workflow(history)


def test_no_history_holds_a_name_a_number_or_a_text() -> None:
    for path in HISTORIES:
        content = path.read_text(encoding="utf-8")
        for secret in ("王小明", "13800138000", "频繁死机", "今天内给您方案"):
            assert secret not in content, f"{path.name} holds {secret}"


MINUTE = timedelta(minutes=1)


@workflow.defn(name=GRUMBLE)
class HastyWorkflow:
    """What a careless change would be: a grumble becomes a complaint without any time to answer it."""

    @workflow.run
    async def run(self, waiting: Waiting) -> None:
        await workflow.execute_local_activity(
            PROMOTE, waiting, schedule_to_close_timeout=timedelta(seconds=5)
        )


async def test_a_grumble_without_its_timer_fails_the_replay() -> None:
    path = next(path for path in HISTORIES if path.name == "unanswered.grumble.json")
    with pytest.raises(NondeterminismError):
        await replayer(HastyWorkflow).replay_workflow(stored(path))
