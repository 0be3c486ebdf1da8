"""Another policy on a whole stack: nothing moves by itself; a dry run lists it, an order moves it."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from temporalio.client import Client

from deploy.local.stack import Stack
from shared.client.fast_forward import fast_forward
from shared.policy.assembling import PACKS
from tests.amends_command import Ran, amends
from tests.lives import owner_of
from tests.outside import Json, Outside, name_of
from tests.patience import until


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    """The default pack with five working days more for a resolution, and nothing about silence."""
    said = yaml.safe_load((PACKS / "default" / "obligations.yaml").read_text(encoding="utf-8"))
    kept = [one for one in said["obligations"] if one["id"] != "silence"]
    resolution = next(one for one in kept if one["id"] == "resolution")
    resolution["budget"]["amount"] = "20d"
    pack = {"id": "longer", "version": "1", "extends": "default", "obligations": kept}
    (tmp_path / "longer").mkdir()
    (tmp_path / "longer" / "pack.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    return tmp_path / "longer"


@asynccontextmanager
async def running(directory: Path, policy: str) -> AsyncIterator[Outside]:
    """A stack under a policy, in a directory that outlives it, and somebody outside of it."""
    stack = Stack(directory, policy=policy, with_board=False)
    ready = await stack.start()
    outside = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    try:
        yield outside
    finally:
        await outside.close()
        await stack.stop()


async def migrate(directory: Path, *words: str) -> Ran:
    return await amends("policy", "migrate", *words, "--dir", str(directory), "--json")


def _dues(state: Json) -> dict[str, str]:
    return {one["obligation"]: one["due"] for one in state["obligations"] if one["status"] == "running"}


async def test_a_complaint_keeps_its_policy_until_a_command_migrates_it(tmp_path: Path, longer: Path) -> None:
    directory = tmp_path / "stack"
    async with running(directory, "default") as outside:
        old, left = [await outside.submit() for _ in range(2)]
        for complaint in (old, left):
            await owner_of(outside, complaint)
        before = await outside.query("complaint", complaint_id=old)
    async with running(directory, str(longer)) as outside:
        assert await outside.query("complaint", complaint_id=old) == before
        await _is_only_listed(directory, outside, old)
        ran = await migrate(directory, old, "--actor", "lead-1", "--reason", "新的办结时限")
        assert ran.status == 0, ran.err
        await _has_moved(outside, old, before)
        untouched = await outside.query("complaint", complaint_id=left)
        assert untouched["policy"]["id"] == "default"
        again = await migrate(directory, "--all", "--dry-run")
        assert [one["complaint_id"] for one in again.document["complaints"]] == [left]
    async with running(directory, "default") as outside:
        ran = await migrate(directory, old, "--actor", "lead-1", "--reason", "改回原时限")
        assert ran.status == 0, ran.err
        after = await outside.query("complaint", complaint_id=old)
        assert {**_dues(after), "silence": ""} == {**_dues(before), "silence": ""}


async def _is_only_listed(directory: Path, outside: Outside, complaint: str) -> None:
    """Who gains and who loses, and nothing is changed."""
    facts = await outside.facts(complaint)
    ran = await migrate(directory, "--all", "--dry-run")
    assert ran.status == 0, ran.err
    listed = next(one for one in ran.document["complaints"] if one["complaint_id"] == complaint)
    moves = {move["obligation"]: move for move in listed["moves"]}
    assert moves["resolution"]["gained_seconds"] > timedelta(days=4).total_seconds()
    assert set(moves) == {"resolution", "silence"}
    assert (listed["from"]["id"], listed["to"]["id"]) == ("default", "longer")
    assert await outside.facts(complaint) == facts


async def _has_moved(outside: Outside, complaint: str, before: Json) -> None:
    facts = await outside.facts(complaint)
    names = [name_of(event) for event in facts]
    said = facts[names.index("policy_migrated")]["data"]
    assert {"deadline_moved", "deadline_cancelled"} <= set(names)
    assert (said["from"], said["to"]["id"]) == (before["policy"], "longer")
    assert (said["actor"]["id"], "pinned" in said) == ("lead-1", False)
    assert {event["data"]["policy"]["id"] for event in facts[: names.index("policy_migrated")]} == {"default"}
    after = await outside.query("complaint", complaint_id=complaint)
    assert _dues(after)["resolution"] > _dues(before)["resolution"]
    assert _dues(after)["response_24h"] == _dues(before)["response_24h"]


# --- on the stack that all tests share ------------------------------------------------------------


@pytest.fixture
async def outside(stack: Stack) -> AsyncIterator[Outside]:
    ready = stack.ready
    assert ready
    found = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    yield found
    await found.close()


async def test_a_complaint_under_the_policy_in_force_is_not_migrated(stack: Stack, outside: Outside) -> None:
    complaint = await outside.submit()
    await owner_of(outside, complaint)
    reply = await outside.command("migrate_policy", complaint, "lead-1", reason="r")
    assert reply["error"]["code"] == "not_allowed_now"
    would = await outside.query("migration", complaint_id=complaint)
    assert (would["from"], would["moves"]) == (would["to"], [])
    ran = await migrate(stack.layout.root, complaint, "--dry-run")
    assert (ran.status, ran.document["complaints"]) == (0, [])


@pytest.mark.parametrize("words", [[], ["Cabc", "--all"], ["Cabc"], ["Cabc", "--actor", "lead-1"]])
async def test_a_migration_is_named_ordered_and_explained(words: list[str]) -> None:
    assert (await amends("policy", "migrate", *words)).status == 2


async def agent_of(outside: Outside, complaint: str) -> str:
    """Owner once it is an agent: until one is free, the complaint waits in the queue under the lead."""
    await owner_of(outside, complaint)
    state = await until(
        lambda: outside.query("complaint", complaint_id=complaint), lambda found: not found["level"]
    )
    return str(state["owner"])


async def test_a_receipt_three_days_back_breaches_at_once_what_was_missed(outside: Outside) -> None:
    complaint = await outside.submit()
    owner = await agent_of(outside, complaint)
    received = (await outside.query("complaint", complaint_id=complaint))["received_at"]
    earlier = str(received).replace(received[:10], "2026-01-05")
    asked = await outside.command(
        "correct_receipt", complaint, owner, received_at=earlier, reason="客户上周已来电"
    )
    assert asked["error"]["code"] == "over_authority"
    await outside.do("correct_receipt", complaint, "lead-1", received_at=earlier, reason="客户上周已来电")
    facts = await outside.facts(complaint)
    names = [name_of(event) for event in facts]
    corrected = facts[names.index("receipt_corrected")]["data"]
    assert (corrected["was"], corrected["received_at"]) == (received, earlier)
    breached = {e["data"]["obligation"]: e["data"] for e in facts if name_of(e) == "deadline_breached"}
    assert {"response_24h", "resolution"} <= set(breached)
    assert all(one["late_registration"] for one in breached.values())
    assert await owner_of(outside, complaint, times=2) != owner
    state = await outside.query("complaint", complaint_id=complaint)
    assert state["received_at"] == earlier


async def test_a_whole_ladder_in_moved_time_fires_each_rung_once_and_touches_no_other_complaint(
    outside: Outside, temporal: Client
) -> None:
    complaint, other = [await outside.submit() for _ in range(2)]
    for one in (complaint, other):
        await owner_of(outside, one)
    for _ in range(4):
        await fast_forward(temporal, complaint, timedelta(hours=24, minutes=1))
    facts = await outside.facts(complaint)
    climbed = [e["data"] for e in facts if name_of(e) == "escalated"]
    assert [one["level"] for one in climbed] == [1, 2, 3, 4, 5, 6]
    rungs = Counter(one["obligation"] for one in climbed)
    assert rungs == {"response_24h": 4, "promise-1": 1, "silence": 1}  # apologies for a delay end no silence
    owners = [e["data"]["level"] for e in facts if name_of(e) == "assigned"]
    assert owners[-3:] == [0, 1, 2]  # before it, it may have waited in the queue under the lead
    delays = [e for e in facts if name_of(e) == "notice" and e["data"]["template"] == "delay"]
    assert len(delays) == 4
    assert "deadline_breached" not in {name_of(e) for e in await outside.facts(other)}


async def test_the_owner_is_warned_of_silence_and_the_next_message_meets_it_late(
    outside: Outside, temporal: Client
) -> None:
    complaint = await outside.submit()
    owner = await owner_of(outside, complaint)
    await outside.do("respond", complaint, owner, kind="plan", text="我们正在核实。")
    await fast_forward(temporal, complaint, timedelta(hours=73))
    await outside.do("respond", complaint, owner, kind="plan", text="仍在核实，明天回复。")
    said = [e for e in await outside.facts(complaint) if e["data"].get("obligation") == "silence"]
    assert [name_of(e) for e in said] == [
        "deadline_set",
        "deadline_moved",
        "deadline_warned",
        "deadline_breached",
        "escalated",
        "deadline_met",
        "deadline_set",
    ]
    assert said[-2]["data"]["late"]
