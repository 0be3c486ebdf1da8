"""Another roster on a whole stack: whoever left is replaced in every open item, and a fact says so."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.local.stack import Stack
from shared.client.fast_forward import fast_forward
from shared.policy.assembling import PACKS
from tests import forked
from tests.amends_command import amends
from tests.lives import owner_of
from tests.outside import OPTIONS, STANDARD, Json, Outside, name_of
from tests.patience import until

DEAR = [*OPTIONS, {"option_id": "all", "remedy": "refund", "amount": {"value": "900.00", "currency": "CNY"}}]


FIRST = itertools.count(1)
"""Each connection numbers its commands from a thousand of its own: one id is one command."""


def without(directory: Path, *gone: str, **instead: str) -> Path:
    """The default pack without these people, and others (`lead_1="lead-9"`) in the place of some."""
    said = yaml.safe_load((PACKS / "default" / "people.yaml").read_text(encoding="utf-8"))
    names = {who.replace("_", "-"): new for who, new in instead.items()}
    staff = [one | {"id": names.get(one["id"], one["id"])} for one in said["staff"] if one["id"] not in gone]
    teams = [team | {"lead": names.get(team["lead"], team["lead"])} for team in said["teams"]]
    pack = {"id": "later", "version": "1", "extends": "default", "staff": staff, "teams": teams}
    (directory / "later").mkdir()
    (directory / "later" / "pack.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    return directory / "later"


@asynccontextmanager
async def running(directory: Path, policy: str) -> AsyncIterator[tuple[Outside, Any]]:
    """A stack under a policy, in a directory that outlives it, and somebody outside of it."""
    stack = Stack(directory, policy=policy, with_board=False)
    ready = await stack.start()
    outside = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    outside._numbers = itertools.count(next(FIRST) * 1000)
    try:
        yield outside, ready
    finally:
        await outside.close()
        await stack.stop()


async def said(outside: Outside, complaint: str, name: str) -> list[Json]:
    return [one["data"] for one in await outside.facts(complaint) if name_of(one) == name]


async def until_owned(outside: Outside, complaint: str, owner: str) -> None:
    await until(
        lambda: outside.query("complaint", complaint_id=complaint), lambda state: state["owner"] == owner
    )


async def _waits_for_approval(outside: Outside) -> str:
    complaint = await outside.submit(hints={"category": "product"})
    owner = await owner_of(outside, complaint)
    await outside.do("respond", complaint, owner, kind="plan", text="已查明原因。")
    await outside.do("record_interest", complaint, owner, party="customer", interest="fix", confirmed=True)
    await outside.do("prepare_options", complaint, owner, options=DEAR)
    await outside.do("offer", complaint, owner, option_id="all", standards=[STANDARD], text="t")
    return complaint


async def test_a_person_who_left_the_roster_is_replaced_in_every_open_item(tmp_path: Path) -> None:
    later = without(tmp_path, "agent-1", lead_1="lead-9")
    directory = tmp_path / "stack"
    async with running(directory, "default") as (outside, _):
        plain, proposed = [await outside.submit(hints={"category": "product"}) for _ in range(2)]
        for complaint in (plain, proposed):
            await owner_of(outside, complaint)
        asking = await _waits_for_approval(outside)
        owner = (await outside.query("complaint", complaint_id=proposed))["owner"]
        to = "lead-1" if owner == "agent-1" else "agent-1"
        await outside.do("transfer", proposed, owner, to=to, reason="r")
        owners = {
            one: (await outside.query("complaint", complaint_id=one))["owner"]
            for one in (plain, proposed, asking)
        }
    async with running(directory, str(later)) as (outside, ready):
        for complaint in (plain, proposed, asking):
            changed = await outside.until(complaint, "chain_changed")
            assert (changed["data"]["lead"], changed["data"]["why"]) == ("lead-9", "gone")
        for complaint, was in owners.items():
            state = await outside.query("complaint", complaint_id=complaint)
            moved = [one for one in await said(outside, complaint, "assigned") if one["why"] == "gone"]
            assert (len(moved), state["owner"] == was) == ((1, False) if was == "agent-1" else (0, True))
            assert state["chain"]["lead"] == "lead-9"
        (passed,) = await said(outside, asking, "approval_passed")
        assert (passed["was"], passed["to"], passed["why"]) == ("lead-1", "lead-9", "gone")
        await outside.do("approve", asking, "lead-9", request_id=passed["request_id"], approved=True)
        if owners[proposed] != "agent-1":
            (returned,) = await said(outside, proposed, "transfer_returned")
            assert returned["why"] == "gone"
        client = await Client.connect(ready.temporal_address, data_converter=pydantic_data_converter)
        await fast_forward(client, plain, timedelta(hours=25))
        escalated = await outside.until(plain, "escalated")
        assert escalated["data"]["to"] == "lead-9"
        await outside.do("respond", plain, "lead-9", kind="plan", text="已查明原因。")
        for name in ("agent-1", "lead-1"):
            await outside.query("worklist", owner=name)
        reply = await outside.ask("complaints.v1.query.worklist", {"owner": "agent-99"})
        assert reply["error"]["code"] == "unknown_actor"
        assert (await outside.query("backlog"))["orphaned"] == 0
        for check in ("reconcile", "verify"):
            more = ["--all"] if check == "verify" else []
            ran = await amends(check, *more, "--dir", str(directory), "--json")
            assert ran.status == 0, ran.out + ran.err


def settings_of(stack: Stack) -> dict[str, str]:
    """The environment of routing, without the port that only one can have."""
    child, _ = stack._running["routing"]
    return {name: value for name, value in child.order.environment.items() if name != "AMENDS_HEALTH_PORT"}


@asynccontextmanager
async def another_replica(stack: Stack) -> AsyncIterator[None]:
    """A second process of routing beside the one of the stack, with the same settings."""
    with (stack.layout.root / "logs" / "routing-2.log").open("wb") as log:
        process = await forked.start("services.routing", settings_of(stack), output=log)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def test_two_replicas_and_a_kill_halfway_change_nothing_twice_and_forget_no_complaint(
    tmp_path: Path,
) -> None:
    later = without(tmp_path, "agent-1", lead_1="lead-9")
    directory = tmp_path / "stack"
    async with running(directory, "default") as (outside, _):
        complaints = [await outside.submit(hints={"category": "product"}) for _ in range(40)]
        owners = {one: await owner_of(outside, one) for one in complaints}
    assert "agent-1" in owners.values()
    stack = Stack(directory, policy=str(later), with_board=False)
    ready = await stack.start()
    outside = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    outside._numbers = itertools.count(next(FIRST) * 1000)
    try:
        async with another_replica(stack):
            await asyncio.wait(
                [asyncio.create_task(outside.until(one, "chain_changed")) for one in complaints],
                return_when=asyncio.FIRST_COMPLETED,
            )
            await stack.kill("routing")
            await stack.wait_ready("routing")
            for complaint, owner in owners.items():
                await outside.until(complaint, "chain_changed")
                gone = [one for one in await said(outside, complaint, "assigned") if one["why"] == "gone"]
                assert len(gone) == (owner == "agent-1"), complaint
        for complaint in complaints:
            assert len(await said(outside, complaint, "chain_changed")) == 1
        assert (await outside.query("backlog"))["orphaned"] == 0
    finally:
        await outside.close()
        await stack.stop()


async def test_doctor_and_reconcile_report_an_orphan_until_a_person_is_found(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    units = ("product-care", "service-care", "price-care")
    async with running(directory, "default") as (outside, _):
        complaint = await outside.submit(hints={"category": "product"})
        await owner_of(outside, complaint)
        for unit in units:
            await outside.do("add_contact", complaint, "customer", channel="phone", text="t", unit=unit)
        await outside.until(complaint, "unattended")
        await until_owned(outside, complaint, "nobody")
        (item,) = (await outside.query("worklist", owner="nobody"))["items"]
        assert item["missing"] == ["nobody"]
        assert (await outside.query("backlog"))["orphans"] == [
            {"complaint_id": complaint, "missing": ["nobody"]}
        ]
        for check in ("doctor", "reconcile"):
            ran = await amends(check, "--dir", str(directory), "--json")
            assert ran.status == 1
            assert ("nobody" if check == "doctor" else "no person is left") in ran.out
    grown = without(tmp_path, agent_8="agent-8")
    said_too = yaml.safe_load((grown / "pack.yaml").read_text(encoding="utf-8"))
    people = [("outsider", "agent"), ("overseer", "manager"), ("leader", "lead")]
    said_too["teams"].append(said_too["teams"][2] | {"id": "help", "categories": [], "lead": "leader"})
    said_too["staff"] += [
        {"id": who, "role": role, "team": "help", "languages": ["zh"]} for who, role in people
    ]
    (grown / "pack.yaml").write_text(yaml.safe_dump(said_too), encoding="utf-8")
    async with running(directory, str(grown)) as (outside, _):
        await until_owned(outside, complaint, "outsider")
        state = await outside.query("complaint", complaint_id=complaint)
        assert (state["owner"], state["chain"]) == ("outsider", {"lead": "leader", "manager": "overseer"})
        ran = await amends("reconcile", "--dir", str(directory), "--json")
        assert ran.status == 0, ran.out
