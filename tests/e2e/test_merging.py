"""One matter, one complaint: people merge duplicates, and the old id leads to the survivor for ever."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.amends_command import amends
from tests.listening import forward, outside
from tests.lives import asked, owner_of, resolved
from tests.outside import Outside, name_of
from tests.patience import until

Json = dict[str, Any]


async def twins(system: Outside, count: int = 2) -> list[str]:
    """Complaints of one customer that nothing ties together."""
    ref = f"customer-{secrets.token_hex(6)}"
    told = ["手机频繁死机，希望退款。", "发票抬头开错了，请重开。", "配送员把包裹丢在楼下。"]
    return [
        await system.submit(customer={"ref": ref}, title=told[number], narrative=told[number])
        for number in range(count)
    ]


async def own(system: Outside, complaint: str) -> list[Json]:
    """The facts that were said of this very id."""
    return [event for event in await system.facts(complaint) if event["subject"] == complaint]


async def names(system: Outside, complaint: str) -> list[str]:
    return [name_of(event) for event in await own(system, complaint)]


async def merge(system: Outside, duplicate: str, of: str) -> Json:
    reply = await system.command("confirm_duplicate", duplicate, "agent-1", of=of)
    assert reply["ok"], reply["error"]
    return reply


async def test_a_confirmed_duplicate_ends_and_its_id_reaches_the_survivor_everywhere(stack: Stack) -> None:
    async with outside(stack) as system:
        survivor, duplicate = await twins(system)
        await owner_of(system, survivor)
        await owner_of(system, duplicate)
        reply = await merge(system, duplicate, survivor)
        assert (reply["complaint_id"], reply["events"]) == (survivor, ["merged", "contact_added"])
        found = await own(system, duplicate)
        said = [name_of(event) for event in found]
        assert said[-1] == "closed"
        assert found[-1]["data"]["outcome"] == "merged"
        open_before = {e["data"]["obligation"] for e in found if name_of(e) == "deadline_set"} - {
            e["data"]["obligation"] for e in found if name_of(e) == "deadline_met"
        }
        ended = [event["data"] for event in found if name_of(event) == "deadline_cancelled"]
        assert {one["obligation"] for one in ended} == open_before
        assert {one["reason"] for one in ended} == {"merged"}
        (contact,) = [
            event["data"] for event in await own(system, survivor) if "contact_added" in event["type"]
        ]
        assert contact["alias"] == duplicate
        assert contact["text_ref"] == f"intake:{duplicate}:narrative"

        state = await system.query("complaint", complaint_id=duplicate)
        assert (state["complaint_id"], state["alias"], state.get("outcome")) == (survivor, duplicate, None)
        timeline = await system.query("timeline", complaint_id=duplicate)
        assert timeline["complaint_id"] == survivor
        assert {event["subject"] for event in timeline["events"]} == {survivor, duplicate}
        owner = state["owner"]
        for verb, actor, data in (
            ("note", owner, {"text": "已并案"}),
            ("add_contact", "customer", {"channel": "phone", "text": "催一下"}),
            ("respond", owner, {"kind": "plan", "text": "今天内给您方案"}),
        ):
            reply = await system.command(verb, duplicate, actor, **data)
            assert (reply["ok"], reply.get("complaint_id")) == (True, survivor), (verb, reply)
        reached = await names(system, survivor)
        assert (reached.count("contact_added"), reached.count("responded")) == (2, 1)
        assert await names(system, duplicate) == said


async def test_a_heavier_duplicate_raises_the_severity_of_the_survivor(stack: Stack) -> None:
    """Else the danger and the loss would end with the case that was merged away."""
    async with outside(stack) as system:
        customer = {"ref": f"customer-{secrets.token_hex(6)}"}
        survivor = await system.submit(customer=customer, title=None, narrative="发票抬头开错了。", loss=None)
        loss = {"value": "20000.00", "currency": "CNY"}
        graver = {"safety": True, "loss": loss, "narrative": "电池烫手。"}
        duplicate = await system.submit(customer=customer, title=None, **graver)
        first = await system.until(survivor, "triaged")
        await owner_of(system, duplicate)
        await merge(system, duplicate, survivor)
        again = (await system.until(survivor, "triaged", times=2))["data"]
        assert (again["contact"], again["safety"]) == (duplicate, True)
        assert again["severity"] > first["data"]["severity"]
        assert (await system.until(survivor, "escalated"))["data"]["why"] == "safety"
        assert "deadline_moved" in await names(system, survivor)
        state = await system.query("complaint", complaint_id=survivor)
        assert (state["severity"], state["safety"]) == (again["severity"], True)


async def test_the_survivor_is_followed_up_and_judged_under_the_old_id(stack: Stack) -> None:
    """And the customer's word about the merged one never opens it again (`sources.md` P20)."""
    async with outside(stack) as system:
        survivor, duplicate = await twins(system)
        await owner_of(system, duplicate)
        await owner_of(system, survivor)
        await merge(system, duplicate, survivor)
        said = await names(system, duplicate)
        await resolved(system, survivor)
        late = await system.command("report_callback", duplicate, "lead-1", attempt=1, result="reached")
        assert late["error"]["code"] == "not_allowed_now"
        await asked(system, duplicate, satisfied=False)
        await system.until(survivor, "reopened")
        assert await names(system, duplicate) == said
        rates = await system.query("rates")
        assert "merged" in rates["response"]["definition"].lower()


async def test_a_chain_of_mergings_has_one_survivor_and_no_circle(stack: Stack) -> None:
    async with outside(stack) as system:
        first, second, third = await twins(system, 3)
        for complaint in (first, second, third):
            await owner_of(system, complaint)
        await merge(system, first, second)
        circle = await system.command("confirm_duplicate", second, "agent-1", of=first)
        assert circle["error"]["code"] == "not_allowed_now"
        assert "circle" in circle["error"]["message"]
        assert f"{first} 已并入此投诉" in circle["error"]["message_zh"]
        await merge(system, second, third)
        state = await system.query("complaint", complaint_id=first)
        assert (state["complaint_id"], state["alias"]) == (third, first)
        reply = await system.command("note", first, state["owner"], text="链条")
        assert reply["complaint_id"] == third
        contact = await system.command("add_contact", first, "customer", channel="web", text="还在吗")
        assert contact["complaint_id"] == third


async def test_only_one_of_two_crossing_mergings_happens(stack: Stack) -> None:
    async with outside(stack) as system, outside(stack) as other:
        one, two = await twins(system)
        await owner_of(system, one)
        await owner_of(system, two)
        replies = await asyncio.gather(
            system.command("confirm_duplicate", one, "agent-1", of=two),
            other.command("confirm_duplicate", two, "agent-2", of=one),
        )
        assert sorted(reply["ok"] for reply in replies) == [False, True]


@pytest.mark.parametrize("stage", ["resolved", "callback due"])
async def test_a_followup_that_runs_ends_with_its_complaint(stack: Stack, stage: str) -> None:
    async with outside(stack) as system:
        survivor, duplicate = await twins(system)
        await owner_of(system, survivor)
        await resolved(system, duplicate)
        if stage == "callback due":
            scheduled = await system.until(duplicate, "callback_scheduled")
            ahead = datetime.fromisoformat(scheduled["data"]["due"]) - datetime.now(UTC)
            await forward(stack, duplicate, ahead + timedelta(minutes=9))
            await system.until(duplicate, "callback_due")
        await merge(system, duplicate, survivor)
        found = await own(system, duplicate)
        assert [name_of(event) for event in found][-4:] == ["merged", "case_ended", "notice", "closed"]
        assert found[-1]["data"]["outcome"] == "merged"
        state = await system.query("complaint", complaint_id=duplicate)
        assert state["complaint_id"] == survivor


async def test_a_complaint_that_cannot_be_a_duplicate_is_refused_with_the_reason(stack: Stack) -> None:
    async with outside(stack) as system:
        one, two = await twins(system)
        (stranger,) = await twins(system, 1)
        for complaint in (one, two, stranger):
            await owner_of(system, complaint)
        unknown = "Caaaaaaaaaaaaaaa"
        for complaint, actor, of, code, word in (
            (one, "agent-1", stranger, "not_allowed_now", "different customers"),
            (one, "agent-1", one, "not_allowed_now", "itself"),
            (one, "agent-1", unknown, "unknown_complaint", "id"),
            (unknown, "agent-1", one, "unknown_complaint", "id"),
            (one, "customer", two, "over_authority", "staff"),
            (one, "nobody", two, "unknown_actor", "roster"),
            (one, "agent-1", "not an id", "malformed", "of"),
        ):
            reply = await system.command("confirm_duplicate", complaint, actor, of=of)
            assert (reply["ok"], reply["error"]["code"]) == (False, code), reply
            assert word in reply["error"]["message"]
        await system.do("withdraw", two, "customer", reason="不用了")
        await system.until(two, "closed")
        closed = await system.command("confirm_duplicate", one, "agent-1", of=two)
        assert closed["error"]["code"] == "not_allowed_now"
        assert "merged" not in await names(system, one)


async def test_a_joined_id_reaches_the_first_complaint_in_every_service(stack: Stack) -> None:
    async with outside(stack) as system:
        customer, order = {"ref": f"customer-{secrets.token_hex(6)}"}, f"order-{secrets.token_hex(4)}"
        first = await system.submit(customer=customer, order_ref=order, channel="phone")
        owner = await owner_of(system, first)
        alias = await system.submit(customer=customer, order_ref=order, channel="email", narrative="请回复我")
        await system.until(first, "contact_added")
        state = await system.query("complaint", complaint_id=alias)
        assert (state["complaint_id"], state["alias"]) == (first, alias)
        reply = await system.command("respond", alias, owner, kind="plan", text="今天内给您方案")
        assert reply["complaint_id"] == first
        verdict = {"resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5}
        early = await system.command("record_satisfaction", alias, "customer", **verdict)
        assert early["error"]["code"] == "not_allowed_now", "it reached a complaint that is not resolved yet"
        assert await names(system, alias) == ["merged"]


async def test_proofs_and_the_reconciler_agree_with_merged_and_joined_ids(stack: Stack) -> None:
    async with outside(stack) as system:
        survivor, duplicate = await twins(system)
        await owner_of(system, duplicate)
        await owner_of(system, survivor)
        await merge(system, duplicate, survivor)
        here = ("--dir", str(stack.layout.root))
        for complaint in (survivor, duplicate):
            checked = await amends("verify", complaint, *here)
            assert checked.status == 0, checked.out

        async def differences() -> list[Json]:
            found = (await amends("reconcile", "--json", *here)).document["findings"]
            return [one for one in found if one["complaint_id"] in (survivor, duplicate)]

        await until(differences, lambda found: not found)
        shown = await amends("show", duplicate, *here)
        assert f"{duplicate}, merged into this one" in shown.out
