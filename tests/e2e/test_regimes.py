"""A stack under several regimes: a deadline for each, on its own calendar, and the chain of the hotline."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from deploy.local.stack import Stack
from shared.clocks.amounts import Budget
from shared.clocks.budget import due
from shared.policy.loader import load_policy
from tests.listening import forward, outside
from tests.lives import owner_of
from tests.outside import Json, Outside, name_of

PACK = "uk-disp,uk-psd,cn-12345"
WINDOW = "disp_summary_resolution"
"""Ends without a breach: a window that is no duty is never the binding deadline."""


@pytest.fixture(scope="module")
async def regulated(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A stack of its own, under three regimes."""
    running = Stack(tmp_path_factory.mktemp("regulated"), policy=PACK, with_board=False)
    await running.start()
    yield running
    await running.stop()


def _said(facts: list[Json], name: str, obligation: str) -> list[Json]:
    return [one for one in facts if name_of(one) == name and one["data"].get("obligation") == obligation]


async def _answered(system: Outside) -> str:
    complaint = await system.submit()
    owner = await owner_of(system, complaint)
    await system.do("respond", complaint, owner, kind="plan", text="我们正在核实。")
    return complaint


async def test_every_regime_sets_its_deadlines_and_the_binding_deadline_is_named(regulated: Stack) -> None:
    async with outside(regulated) as system:
        complaint = await _answered(system)
        state = await system.query("complaint", complaint_id=complaint)
        worklist = await system.query("worklist")
    assert state["policy"]["id"] == PACK
    assert {one["regime"] for one in state["obligations"]} >= {"house", "uk-disp", "uk-psd", "cn-12345"}
    duties = [one for one in state["obligations"] if one["obligation"] != WINDOW]
    running = [one for one in duties if one["status"] == "running"]
    first = min(running, key=lambda one: datetime.fromisoformat(one["due"]))
    assert state["binding"] == {name: first[name] for name in ("obligation", "regime", "due")}
    assert [one["binding"] for one in worklist["items"] if one["complaint_id"] == complaint] == [
        state["binding"]
    ]


async def test_the_hotlines_chain_of_reminders_passes_in_skipped_time(regulated: Stack) -> None:
    async with outside(regulated) as system:
        complaint = await _answered(system)
        state = await system.query("complaint", complaint_id=complaint)
        await forward(regulated, complaint, timedelta(days=40))
        facts = await system.facts(complaint)
    calendar = load_policy(PACK).calendars["cn"]
    answer_by = due(datetime.fromisoformat(state["received_at"]), _days(13), calendar)
    written_at = due(answer_by, _days(1), calendar)
    [breached] = _said(facts, "deadline_breached", "hotline_answer")
    [warned] = _said(facts, "deadline_warned", "hotline_answer")
    written, criticism = _said(facts, "escalated", "hotline_answer")
    assert _time(breached) == answer_by
    assert warned["data"]["reminder"] == "phone_reminder"
    assert _time(warned) < answer_by
    assert (written["data"]["why"], _time(written)) == ("written_reminder", written_at)
    assert len(written["data"]["copied_to"]) == 1
    assert criticism["data"]["why"] == "written_criticism"
    assert _time(criticism) == due(written_at, _days(5), calendar)


def _days(number: int) -> Budget:
    return Budget.model_validate({"clock": "business_days", "amount": number})


def _time(event: Json) -> datetime:
    return datetime.fromisoformat(event["time"])
