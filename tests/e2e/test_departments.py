"""Departments on a real stack: their workflow, their texts, their silence; feedback, published in time."""

import asyncio
from datetime import datetime, timedelta

import pytest

from deploy.local.stack import Stack
from tests.listening import forward, outside
from tests.lives import answered, owner_of
from tests.outside import Outside

DAY = timedelta(days=1)


async def reads(system: Outside, actor: str, ref: str) -> bool:
    asked = {"text_ref": ref, "actor": {"id": actor}, "purpose": "task"}
    reply = await system.ask("complaints.v1.query.text", asked)
    if not reply["ok"]:
        assert reply["error"]["code"] == "unknown_actor", reply
    return bool(reply["ok"])


async def test_a_department_reads_the_record_while_it_has_the_task(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        record = (await system.until(complaint, "received"))["data"]["text_refs"]["narrative"]
        assert not await reads(system, "quality-1", record)
        task = (await system.do("open_task", complaint, owner, unit="quality", text="请检测"))["task_id"]
        opened = await system.until(complaint, "task_opened")
        refs = [record, opened["data"]["text_ref"]]
        assert set(refs) <= set(opened["data"]["reads"])
        assert [await reads(system, "quality-1", ref) for ref in refs] == [True, True]
        await system.do("finish_task", complaint, "quality-1", task_id=task, text="完好")
        await system.do("countersign_task", complaint, owner, task_id=task, accepted=True)
        assert [await reads(system, "quality-1", ref) for ref in refs] == [False, False]


async def test_a_silent_department_is_urged_and_no_other_deadline_moves(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        await answered(system, complaint, owner)
        before = await system.query("complaint", complaint_id=complaint)
        await system.do("open_task", complaint, owner, unit="quality", text="请检测")
        await forward(stack, complaint, 8 * DAY)
        facts = await system.facts(complaint)
        urged = [one["data"] for one in facts if one["type"].endswith("task_urged.v1")]
        assert len({one["key"] for one in urged}) == len(urged), "each urge came once"
        assert {"reminder", "silence", "overdue"} <= {one["why"] for one in urged}
        assert {tuple(one["to"]) for one in urged} <= {("quality-1",), ("quality-1", "quality-2")}
        after = await system.query("complaint", complaint_id=complaint)
        due = [{one["obligation"]: one["due"] for one in state["obligations"]} for state in (before, after)]
        assert due[0] == {name: at for name, at in due[1].items() if name in due[0] and name != "silence"} | {
            "silence": due[0]["silence"]
        }


@pytest.mark.parametrize("trigger", [3, 4])
async def test_grave_feedback_is_published_within_a_minute(stack: Stack, trigger: int) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        began = asyncio.get_running_loop().time()
        raised = await system.do("raise_feedback", complaint, owner, trigger=trigger, text="有人受伤")
        fact = await system.until(complaint, "feedback_raised")
        took = asyncio.get_running_loop().time() - began
        print(f"trigger {trigger}: {took * 1000:.0f} ms from the command to the fact")
        assert took < 60
        assert len(raised["to"]) == 2
        within = datetime.fromisoformat(fact["data"]["due"]) - datetime.fromisoformat(fact["time"])
        assert within <= timedelta(seconds=60)
        for person in raised["to"]:
            await system.do("acknowledge_feedback", complaint, person, feedback_id=raised["feedback_id"])
        met = [one for one in await system.facts(complaint) if one["type"].endswith("deadline_met.v1")]
        assert raised["feedback_id"] in {one["data"]["obligation"] for one in met}
