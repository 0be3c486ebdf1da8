"""A complaint goes on in a fresh history where Temporal suggests it: whatever was open carries over."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.local import parts
from deploy.local.parts import Blueprint, Part
from deploy.local.stack import Stack
from shared.client.fast_forward import fast_forward
from shared.contract.ids import complaint_workflow_id
from tests.amends_command import amends
from tests.lives import asked, carried_out, owner_of
from tests.outside import OPTIONS, STANDARD, Json, Outside, name_of

SUGGESTED_FROM = 60
"""So many events of a history, and Temporal suggests to go on in another one."""

DEAR = {"option_id": "all", "remedy": "refund", "amount": {"value": "900.00", "currency": "CNY"}}


@pytest.fixture
def short_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's Temporal suggests early to begin a fresh history; nothing else is another."""
    usual = parts.temporal_part

    def short(plan: Blueprint) -> Part:
        part = usual(plan)
        more = ["--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={SUGGESTED_FROM}"]
        return replace(part, order=replace(part.order, argv=[*part.order.argv, *more]))

    monkeypatch.setattr(parts, "temporal_part", short)


async def runs(client: Client, complaint: str) -> str:
    """The id of the run that a complaint's workflow is in."""
    found = await client.get_workflow_handle(complaint_workflow_id(complaint)).describe()
    return str(found.run_id)


async def open_things(outside: Outside, complaint: str, owner: str) -> tuple[Json, Json, Json]:
    """A wait, an open offer, an asked approval and somebody concerned; the offer, the request, a command."""
    told = {"channel": "phone", "text": "还有别人。", "about_staff": "agent-8"}
    await outside.do("add_contact", complaint, owner, **told)
    await outside.until(complaint, "concerned_added")
    first = {
        "command_id": f"{complaint}-first",
        "complaint_id": complaint,
        "actor": {"id": owner},
        "data": {"kind": "plan", "text": "今天给您方案。"},
    }
    first["reply"] = await outside.ask("complaints.v1.command.respond", dict(first))
    await outside.do("record_interest", complaint, owner, party="customer", interest="fix", confirmed=True)
    await outside.do("prepare_options", complaint, owner, options=[*OPTIONS, DEAR])
    offer = await outside.do("offer", complaint, owner, option_id="refund", standards=[STANDARD], text="方案")
    more = {"obligation": "resolution", "until": await later(outside, complaint), "reason": "检测"}
    request = await outside.do("extend", complaint, owner, **more)
    await outside.do("pause", complaint, owner, reason="等客户寄回商品")
    return offer, request, first


async def later(outside: Outside, complaint: str) -> str:
    """So far after the resolution's due instant that a second person has to agree."""
    said = [one["data"] for one in await outside.facts(complaint) if name_of(one) == "deadline_set"]
    due = next(one["due"] for one in said if one["obligation"] == "resolution")
    return (datetime.fromisoformat(due) + timedelta(days=60)).isoformat()


async def carried_over(client: Client, outside: Outside, complaint: str, owner: str) -> int:
    """Go on with small commands until the workflow is in a fresh history; how many it took."""
    before = await runs(client, complaint)
    found = {"cause": "battery", "cause_side": "defect", "liability": "company"}
    for number in range(1, 40):
        await outside.do("clarify", complaint, owner, **found)
        if await runs(client, complaint) != before:
            return number
    raise AssertionError("it never went on in a fresh history")


KEPT = ("stage", "owner", "chain", "paused", "severity", "offers", "approvals", "actions")


@pytest.mark.usefixtures("short_histories")
async def test_every_open_item_continues_in_a_fresh_history(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "stack", with_board=False)
    ready = await stack.start()
    outside = await Outside.connect(ready.nats_url, ready.credentials.publisher, ready.credentials.agent)
    try:
        client = await Client.connect(ready.temporal_address, data_converter=pydantic_data_converter)
        complaint = await outside.submit(hints={"category": "product"})
        owner = await owner_of(outside, complaint)
        offer, request, first = await open_things(outside, complaint, owner)
        before = await outside.query("complaint", complaint_id=complaint)
        await carried_over(client, outside, complaint, owner)
        after = await outside.query("complaint", complaint_id=complaint)
        assert {name: after.get(name) for name in KEPT} == {name: before.get(name) for name in KEPT}
        names = [name_of(one) for one in await outside.facts(complaint)]
        assert names.count("paused") - names.count("resumed") == 1, "the wait goes on"

        reply = first.pop("reply")
        again = await outside.ask("complaints.v1.command.respond", first)
        refused = await outside.command("respond", complaint, "agent-8", kind="plan", text="t")
        assert (reply["ok"], again) == (True, reply)
        assert refused["error"]["code"] == "conflict_of_interest"
        await fast_forward(client, complaint, timedelta(days=1))
        await outside.do("answer", complaint, "customer", offer_id=offer["offer_id"], answer="accepted")
        await outside.until(complaint, "resumed")
        await outside.do("approve", complaint, request["to"], request_id=request["request_id"], approved=True)
        await carried_out(outside, complaint, owner)
        await outside.until(complaint, "callback_scheduled")
        await asked(outside, complaint, satisfied=True)
        await outside.until_closed(complaint)
        facts = [one for one in await outside.facts(complaint) if name_of(one) == "responded"]
        assert len(facts) == 1
        ran = await amends("verify", complaint, "--dir", str(tmp_path / "stack"), "--json")
        assert ran.status == 0, ran.out + ran.err
    finally:
        await outside.close()
        await stack.stop()
