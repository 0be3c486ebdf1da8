"""Whom a complaint is about has no part in it: not in any service, at any stage, however it became known."""

import asyncio
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.listening import forward, outside
from tests.lives import called, owner_of, resolved
from tests.outside import Json, Outside, name_of

WORDS = ["手机频繁死机，希望退款。", "发票抬头开错了，请重开。"]


async def refused(system: Outside, verb: str, complaint: str, actor: str, **data: Any) -> None:
    reply = await system.command(verb, complaint, actor, **data)
    assert not reply["ok"], (verb, reply)
    error = reply["error"]
    assert (error["code"], error["field"]) == ("conflict_of_interest", "actor.id"), (verb, error)
    assert actor in error["message"]
    assert actor in error["message_zh"]


async def nothing_to_read(system: Outside, actor: str, refs: Mapping[str, str]) -> None:
    for ref in refs.values():
        asked = {"text_ref": ref, "actor": {"id": actor}, "purpose": "curious"}
        reply = await system.ask("complaints.v1.query.text", asked)
        assert not reply["ok"], ref
        assert reply["error"]["code"] == "conflict_of_interest", reply


async def state_of(system: Outside, complaint: str) -> Json:
    return await system.query("complaint", complaint_id=complaint)


async def names(system: Outside, complaint: str) -> list[str]:
    return [name_of(event) for event in await system.facts(complaint)]


@pytest.mark.parametrize("told", ["agent-4", "ＡＧＥＮＴ－４", " Agent-4 ", "客服agent-4态度恶劣"])
async def test_staff_named_at_the_door_read_nothing_and_do_nothing(stack: Stack, told: str) -> None:
    async with outside(stack) as system:
        ref = f"customer-{secrets.token_hex(6)}"
        complaint = await system.submit(customer={"ref": ref, "phone": "13800138000"}, about_staff=told)
        other = await system.submit(customer={"ref": ref}, title=WORDS[1], narrative=WORDS[1])
        await owner_of(system, complaint)
        await owner_of(system, other)
        state = await state_of(system, complaint)
        assert state["concerned"]["staff"] == ["agent-4"]
        await nothing_to_read(system, "agent-4", state["text_refs"])
        assert "agent-4" not in str([e["data"].get("text_refs") for e in await system.facts(complaint)])
        for verb, data in {
            "add_contact": {"channel": "phone", "text": "t"},
            "confirm_duplicate": {"of": other},
            "note": {"text": "t"},
            "escalate": {"reason": "r"},
            "raise_feedback": {"trigger": 1, "text": "t"},
            "complete_record": {"product": "p"},
            "report_callback": {"attempt": 1, "result": "reached"},
            "record_satisfaction": {
                "resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5,
            },
        }.items():  # fmt: skip
            await refused(system, verb, complaint, "agent-4", **data)
        await refused(system, "confirm_duplicate", other, "agent-4", of=complaint)
        for query in ("complaint", "timeline"):
            asked = {"complaint_id": complaint, "actor": {"id": "agent-4"}}
            reply = await system.ask(f"complaints.v1.query.{query}", asked)
            assert reply["error"]["code"] == "conflict_of_interest"
        assert "agent-4" not in {e["data"]["actor"]["id"] for e in await system.facts(complaint)}


async def test_a_concerned_person_does_not_record_the_verdict(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit(about_staff="agent-4")
        await resolved(system, complaint)
        await called(system, complaint, partial(forward, stack), 1)
        await refused(system, "report_callback", complaint, "agent-4", attempt=1, result="reached")
        await system.do(
            "add_contact", complaint, "customer", channel="phone", text="t", about_staff="agent-5"
        )
        rated = {"resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5}
        await refused(system, "record_satisfaction", complaint, "agent-5", **rated)
        await system.do("record_satisfaction", complaint, "agent-6", **rated)


@pytest.mark.parametrize(
    "told",
    [{"about_staff": "{owner}"}, {"about_staff": "the lady at the desk, {owner}"}, {"unit": "Product care"}],
)
async def test_staff_named_by_a_contact_are_refused_from_that_reply_on_and_lose_the_complaint(
    stack: Stack, told: dict[str, str]
) -> None:
    async with outside(stack) as system:
        complaint = await system.submit(hints={"category": "product"})
        owner = await owner_of(system, complaint)
        refs = (await state_of(system, complaint))["text_refs"]
        said = {field: words.format(owner=owner) for field, words in told.items()}
        await system.do("add_contact", complaint, "customer", channel="phone", text="是他", **said)
        await refused(system, "respond", complaint, owner, kind="plan", text="t")
        await refused(system, "note", complaint, owner, text="t")
        await nothing_to_read(system, owner, refs)
        assert await owner_of(system, complaint, 2) != owner
        state = await state_of(system, complaint)
        assert owner not in (state["owner"], *state["chain"].values())
        if "unit" in told:
            assert not {state["owner"], *state["chain"].values()} & {
                "agent-2",
                "agent-3",
                "lead-1",
                "manager-2",
            }
            await refused(system, "approve", complaint, "lead-1", request_id="approval-1", approved=True)
        assert (await names(system, complaint)).count("concerned_added") == 1


async def test_people_concerned_by_a_duplicate_are_concerned_by_its_survivor(stack: Stack) -> None:
    """Also what was told of it at the very moment of the merging: whoever comes last passes it on."""
    async with outside(stack) as system:
        ref = f"customer-{secrets.token_hex(6)}"
        survivor, duplicate = [
            await system.submit(customer={"ref": ref}, title=words, narrative=words) for words in WORDS
        ]
        owner = await owner_of(system, survivor)
        await owner_of(system, duplicate)
        refs = (await state_of(system, duplicate))["text_refs"]
        await asyncio.gather(
            system.command("complete_record", duplicate, "customer", about_staff=owner),
            system.command(
                "add_contact", duplicate, "customer", channel="phone", text="t", unit="price-care"
            ),
            system.command("confirm_duplicate", duplicate, "manager-1", of=survivor),
        )
        assert await owner_of(system, survivor, 2) != owner
        await refused(system, "note", survivor, owner, text="t")
        await refused(system, "note", duplicate, owner, text="t")
        await refused(system, "note", survivor, "agent-7", text="t")
        await nothing_to_read(system, owner, refs)
        state = await state_of(system, survivor)
        assert state["concerned"]["staff"] == [owner]


async def test_a_concerned_person_neither_answers_nor_promotes_nor_reads_a_grumble(stack: Stack) -> None:
    async with outside(stack) as system:
        grumble = await system.submit(kind="complaints.grumbled.v1", about_staff="agent-1", unit="price-care")
        event = await system.until(grumble, "grumbled")
        for actor in ("agent-1", "agent-7", "lead-3"):
            await refused(system, "answer_grumble", grumble, actor, text="t")
            await refused(system, "promote", grumble, actor, reason="r")
            await nothing_to_read(system, actor, event["data"]["text_refs"])
        await system.do("promote", grumble, "customer", reason="r")
        assert await owner_of(system, grumble) not in ("agent-1", "agent-7", "agent-8")
        await refused(system, "note", grumble, "agent-1", text="t")


async def test_a_concerned_person_does_not_erase_texts(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit(about_staff="privacy-1")
        await owner_of(system, complaint)
        await refused(system, "erase", complaint, "privacy-1", reason="requested")
