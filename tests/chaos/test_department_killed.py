"""Routing is killed with -9 around a department's task: no urge is lost, and none comes twice."""

from datetime import timedelta

from deploy.local.stack import Stack
from tests.chaos.test_kill import Mover
from tests.lives import answered, owner_of
from tests.outside import Outside


async def test_each_urge_comes_once_although_routing_is_killed(own_stack: Stack) -> None:
    assert own_stack.ready
    ready = own_stack.ready
    system = await Outside.connect(
        ready.nats_url, ready.credentials.publisher, ready.credentials.agent, patience=40
    )
    complaint = await system.submit()
    owner = await owner_of(system, complaint)
    await answered(system, complaint, owner)
    task = (await system.do("open_task", complaint, owner, unit="quality", text="请检测"))["task_id"]
    await own_stack.kill("routing")
    await Mover(ready.temporal_address)(complaint, timedelta(days=8))
    await own_stack.kill("routing")
    await system.do("finish_task", complaint, "quality-1", task_id=task, text="完好")
    state = await system.query("complaint", complaint_id=complaint)
    await system.do("countersign_task", complaint, state["owner"], task_id=task, accepted=True)
    facts = [one["data"] for one in await system.facts(complaint) if one["type"].endswith("task_urged.v1")]
    assert {"reminder", "silence", "overdue"} <= {one["why"] for one in facts}
    assert len({one["key"] for one in facts}) == len(facts)
    await system.close()
