"""A grumble on the whole stack: answered, repeated, or a complaint by its own clock (`sources.md` F8)."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import Client
from temporalio.service import RPCError

from deploy.local.stack import Stack
from shared.contract.ids import complaint_id, grumble_workflow_id
from tests.amends_command import amends
from tests.listening import forward, listening, outside, ready_of
from tests.outside import Outside, name_of
from tests.patience import PATIENCE

GRUMBLED = "complaints.grumbled.v1"
OPENED = ("triaged", "assigned", *["deadline_set"] * 4, "deadline_met", "deadline_set")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def grumble(system: Outside, external_id: str, customer: str) -> str:
    return await system.submit(external_id=external_id, kind=GRUMBLED, customer={"ref": customer})


async def shown(stack: Stack, *words: str) -> Any:
    ran = await amends(*words, "--dir", str(stack.layout.root), "--json")
    assert ran.status == 0, ran.out + ran.err
    return ran.document


async def timer_runs(stack: Stack, complaint: str) -> None:
    """A clock can be moved once it is there."""
    client = await Client.connect(ready_of(stack).temporal_address)
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await client.get_workflow_handle(grumble_workflow_id(complaint)).describe()
                return
            except RPCError:
                await asyncio.sleep(0.05)


async def test_a_grumble_unanswered_for_a_week_is_a_complaint_on_one_clock_with_right_proofs(
    stack: Stack,
) -> None:
    external, customer = uuid4().hex, uuid4().hex
    complaint = complaint_id("test/shop", external)
    async with outside(stack) as system, listening(stack, complaint) as facts:
        await grumble(system, external, customer)
        begun, _ = await facts.says("grumbled", "notice")
        await timer_runs(stack, complaint)
        moved = await shown(stack, "fast-forward", complaint, "8d")
        promoted, received, *_ = await facts.says("promoted", "received", "promise_made", "notice")
        await facts.says(*OPENED)
        state = await shown(stack, "show", complaint)
        verified = await shown(stack, "verify", complaint)

    assert moved["workflows"] == [f"grumble/{complaint}", f"complaint/{complaint}"]
    assert {"promoted", "received", "assigned"} <= set(moved["events"])
    assert (promoted["because"], promoted["into"]) == ("unanswered", complaint)
    assert (
        timedelta(0) <= instant(received["received_at"]) - instant(begun["answer_by"]) < timedelta(seconds=5)
    )
    assert (state["received_at"], state["stage"]) == (received["received_at"], "analysing")
    assert instant(moved["now"]) - instant(begun["recorded_at"]) >= timedelta(days=8)
    assert verified["ok"]


async def test_a_repeat_goes_on_under_the_second_id_and_the_first_is_its_alias(stack: Stack) -> None:
    customer = uuid4().hex
    async with outside(stack) as system:
        first = await grumble(system, uuid4().hex, customer)
        await system.until(first, "notice")
        second = await grumble(system, uuid4().hex, customer)
        await system.until(second, "assigned")
        owner = (await system.query("complaint", complaint_id=first))["owner"]
        await system.do("respond", first, owner, kind="plan", text="今天给您方案。")
        answered = await system.until(second, "responded")
        state = await shown(stack, "show", first)

    assert answered["subject"] == second
    assert (state["complaint_id"], state["alias"]) == (second, first)


async def test_a_grumble_about_an_open_complaint_is_a_contact_of_it_and_its_id_reaches_it_everywhere(
    stack: Stack,
) -> None:
    said = {"customer": {"ref": uuid4().hex}, "order_ref": f"order-{uuid4().hex}"}
    async with outside(stack) as system:
        complaint = await system.submit(**said)
        await system.until(complaint, "assigned")
        joined = await system.submit(kind=GRUMBLED, **said)
        await system.until(joined, "merged")
        state = await system.query("complaint", complaint_id=joined)
        timeline = await system.query("timeline", complaint_id=joined)
        grumbled = await system.query("grumble", complaint_id=joined)
        await system.do("respond", joined, state["owner"], kind="plan", text="今天给您方案。")
        facts = [name_of(event) for event in await system.facts(joined) if event["subject"] == joined]
    printed = await shown(stack, "show", joined)

    assert (state["complaint_id"], state["alias"]) == (complaint, joined)
    assert timeline["complaint_id"] == complaint
    assert {"contact_added", "merged"} <= {name_of(event) for event in timeline["events"]}
    assert (grumbled["standing"], grumbled["into"]) == ("joined", complaint)
    assert facts == ["merged"], "no timer waits for an answer to it"
    assert (printed["complaint_id"], printed["alias"]) == (complaint, joined)


async def test_staff_named_by_a_grumble_have_no_part_in_the_complaint_that_includes_it(stack: Stack) -> None:
    said = {"customer": {"ref": uuid4().hex}, "order_ref": f"order-{uuid4().hex}"}
    async with outside(stack) as system:
        grumbled = await system.submit(kind=GRUMBLED, unit="product-care", **said)
        await system.until(grumbled, "notice")
        told = {"channel": "phone", "text": "agent-4 也很粗鲁。", "about_staff": "agent-4"}
        await system.do("add_contact", grumbled, "agent-7", **told)
        complaint = await system.submit(hints={"category": "product"}, **said)
        assigned = (await system.until(complaint, "assigned"))["data"]
        promoted = (await system.until(grumbled, "promoted"))["data"]
        received = (await system.until(complaint, "received"))["data"]
        refused = await system.command("respond", complaint, "agent-1", kind="plan", text="t")

    assert promoted["into"] == complaint
    assert received["concerned"] == {"staff": ["agent-4"], "units": ["product-care"]}
    assert assigned["team"] != "product-care"
    assert assigned["owner"] not in {"agent-1", "agent-2", "agent-3", "agent-4", "lead-1"}
    assert refused["error"]["code"] == "conflict_of_interest"


async def test_an_answered_grumble_rests_and_show_describes_it(stack: Stack) -> None:
    said = {"customer": {"ref": uuid4().hex}, "narrative": "排队有点久。"}
    words = ("submit", "-", "--grumble", "--source", "desk", "--id", uuid4().hex)
    ran = await amends(*words, "--dir", str(stack.layout.root), stdin=json.dumps(said).encode())
    complaint = ran.out.strip()
    async with outside(stack) as system:
        await system.until(complaint, "notice")
        await timer_runs(stack, complaint)
        before = await amends("show", complaint, "--dir", str(stack.layout.root))
        await system.do("answer_grumble", complaint, "agent-1", text="谢谢提醒，已加开窗口。")
        listed = await shown(stack, "list")
    state = await shown(stack, "show", complaint)

    assert "待答复" in before.out
    assert (state["standing"], state["allowed"]) == ("answered", ["add_contact", "promote", "erase"])
    assert [event["type"].split(".")[2] for event in state["timeline"]][-2:] == ["grumble_answered", "notice"]
    assert complaint not in {item["complaint_id"] for item in listed["items"]}


async def test_the_clock_of_a_grumble_moves_without_reaching_its_end(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await grumble(system, uuid4().hex, uuid4().hex)
        await system.until(complaint, "notice")
        await timer_runs(stack, complaint)
        await forward(stack, complaint, timedelta(days=2))
        reply = await system.command("promote", complaint, "customer", reason="我要投诉。")
        await system.until(complaint, "assigned")
        facts = {name_of(event): instant(event["time"]) for event in await system.facts(complaint)}

    assert reply["ok"]
    for name in ("promoted", "received", "triaged", "assigned"):
        assert timedelta(days=2) <= facts[name] - facts["grumbled"] < timedelta(days=2, minutes=5), name


async def test_an_id_that_is_no_complaint_of_its_own_is_called_what_it_is(stack: Stack) -> None:
    customer = uuid4().hex
    async with outside(stack) as system:
        first = await grumble(system, uuid4().hex, customer)
        await system.until(first, "notice")
        answered = await system.command("respond", first, "lead-1", kind="plan", text="已查明原因。")
        asked = await system.ask("complaints.v1.query.complaint", {"complaint_id": first})
        second = await grumble(system, uuid4().hex, customer)
        await system.until(first, "promoted")
        alone = {"complaint_id": first, "follow": False}
        joined = await system.ask("complaints.v1.query.complaint", alone)

    for reply in (answered, asked):
        assert reply["error"]["code"] == "unknown_complaint"
        assert "This is a grumble" in reply["error"]["message"]
        assert "answer_grumble" in reply["error"]["allowed"]
    assert f"joined the complaint {second}" in joined["error"]["message"]
    assert f"已并入投诉 {second}" in joined["error"]["message_zh"]


async def test_the_clock_of_an_erased_grumble_ends_and_fast_forward_reports_the_end(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await grumble(system, uuid4().hex, uuid4().hex)
        await system.until(complaint, "notice")
        await timer_runs(stack, complaint)
        await system.do("erase", complaint, "privacy-1", reason="requested")
    moved = await amends("fast-forward", complaint, "200h", "--dir", str(stack.layout.root))
    state = await shown(stack, "show", complaint)

    assert moved.status == 0, moved.err
    assert f"The last workflow of {complaint} ended within these 200:00:00" in moved.out
    assert " later" not in moved.out
    assert (state["standing"], state["allowed"]) == ("erased", ["add_contact", "erase"])
