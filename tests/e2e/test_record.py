"""A record that is not complete yet, a representative, and a group, on real servers.

`sources.md` 53, 57, F4, F10.
"""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

from deploy.local.stack import Stack
from tests.amends_command import amends
from tests.e2e.test_bad_input import state
from tests.listening import forward
from tests.lives import owner_of, resolved, straight
from tests.outside import OPTIONS, Json, Outside, name_of

MINIMAL: Json = {
    "title": None,
    "remedy_sought": None,
    "narrative": "手机买了三天就频繁死机。",
}


async def submitted(system: Outside, **more: Any) -> tuple[str, str]:
    """A complaint that says nothing but what happened, and more; its id and its owner."""
    # A customer of its own: what the same one says again of the same matter joins the first complaint.
    complaint = await system.submit(**MINIMAL | {"customer": {"ref": uuid4().hex}} | more)
    return complaint, await owner_of(system, complaint)


async def test_a_refused_step_names_the_missing_fields_until_they_are_supplied(
    stack: Stack, system: Outside
) -> None:
    complaint, owner = await submitted(system)
    to = {"to": "agent-2" if owner != "agent-2" else "agent-1", "reason": "专长"}
    refused = (await system.command("transfer", complaint, owner, **to))["error"]
    assert (refused["code"], refused["field"]) == ("record_incomplete", "remedy_sought")
    assert "remedy_sought" in refused["message"]
    assert "客户诉求" in refused["message_zh"]
    early = (await system.command("prepare_options", complaint, owner, options=OPTIONS))["error"]
    assert early["code"] == "record_incomplete"

    shown = await amends("show", complaint, "--dir", str(stack.layout.root))
    assert "missing 尚缺: remedy_sought product order_ref unit loss" in shown.out

    secret = "请退款，电话 13800138000！"
    told = await system.do("complete_record", complaint, "customer", remedy_sought=secret, product="X1 手机")
    assert told["missing"] == ["order_ref", "unit", "loss"]
    assert (await state(stack, complaint))["completeness"] == told
    assert (await system.do("transfer", complaint, owner, **to))["transfer_id"] == "transfer-1"
    fact = next(event for event in await system.facts(complaint) if name_of(event) == "record_completed")
    assert fact["data"]["fields"] == ["remedy_sought", "product"]
    assert "13800138000" not in str(fact)
    assert set(fact["data"]["text_refs"]) == {"remedy_sought", "product"}


async def test_a_second_contact_completes_the_record_and_names_the_group(
    system: Outside,
) -> None:
    group, order = f"recall-{uuid4().hex}", uuid4().hex
    who = {"ref": uuid4().hex}
    complaint, owner = await submitted(system, customer=who, order_ref=order)
    more = {"remedy_sought": "refund", "product": "X1 手机", "group_ref": group}
    again = await system.submit(**MINIMAL | {"customer": who, "order_ref": order} | more)
    fact = await system.until(complaint, "record_completed")
    assert (fact["data"]["fields"], fact["data"]["contact"]) == (["remedy_sought", "product"], again)
    assert fact["data"]["missing"] == ["unit", "loss"]

    page = await system.query("worklist", group=group)
    assert [item["complaint_id"] for item in page["items"]] == [complaint]
    await system.do("prepare_options", complaint, owner, options=OPTIONS)


async def test_a_minimal_complaint_goes_the_whole_straight_way(stack: Stack, system: Outside) -> None:
    complaint, _ = await submitted(system)

    async def move(one: str, delta: timedelta) -> None:
        await forward(stack, one, delta)

    await straight(system, complaint, move)
    assert (await system.until_closed(complaint))["outcome"] == "satisfied"


async def test_a_lead_sees_all_members_of_a_group_with_their_own_outcomes(
    stack: Stack, system: Outside
) -> None:
    group = f"recall-{uuid4().hex}"
    agent = {"ref": "association-1", "relation": "association", "name": "绝密协会", "authority": "委托书"}
    master = await system.submit(external_id=group, group_ref=group, representative=agent)
    others = [await system.submit(group_ref=group, customer={"ref": uuid4().hex}) for _ in range(2)]
    alone = await system.submit()
    for complaint in (master, *others, alone):
        await owner_of(system, complaint)
    await asyncio.gather(*(resolved(system, complaint) for complaint in (master, others[0])))
    ratings = {"overall": 5, "outcome": 4, "process": 4, "treatment": 5}
    await system.do("record_satisfaction", master, "customer", resolved=True, **ratings)
    await system.until_closed(master)

    page = await system.query("worklist", group=group)
    found = {item["complaint_id"]: item for item in page["items"]}
    assert set(found) == {master, *others}
    assert [found[one]["master"] for one in (master, *others)] == [True, False, False]
    assert [found[one].get("outcome") for one in (master, *others)] == ["satisfied", None, None]
    assert [found[one]["stage"] for one in others] == ["following_up", "analysing"]
    listed = await amends("list", "--group", group, "--json", "--dir", str(stack.layout.root))
    assert {item["complaint_id"] for item in listed.document["items"]} == {master, *others}

    seen = await state(stack, master)
    assert seen["representative"] == {"ref": "association-1", "relation": "association"}
    asked = {"text_ref": seen["text_refs"]["representative"], "actor": {"id": "lead-1"}, "purpose": "proof"}
    assert "绝密协会" in (await system.query("text", **asked))["text"]
    assert "绝密协会" not in str(await system.facts(master))
