"""One command id, one command: in every service, at every stage, on the whole stack."""

import asyncio
import json
from typing import Any

import httpx

from deploy.local.stack import Stack
from shared.contract.subjects import command
from tests.door import an_event
from tests.listening import outside
from tests.lives import asked, owner_of, resolved
from tests.outside import Json, Outside
from tests.patience import PATIENCE


async def send(system: Outside, verb: str, name: str, complaint: str, actor: str, **data: Any) -> Json:
    request = {"command_id": name, "complaint_id": complaint, "actor": {"id": actor}, "data": data}
    return await system.ask(command(verb), request)


def used(reply: Json) -> bool:
    error = reply.get("error", {})
    return (error.get("code"), error.get("field")) == ("malformed", "command_id")


async def test_another_verb_actor_or_data_under_a_used_id_is_refused_and_the_first_reply_stays(
    stack: Stack,
) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        first = await send(system, "respond", "x", complaint, owner, kind="explanation", text="已查清。")
        assert first["ok"]
        assert used(await send(system, "note", "x", complaint, owner, text="客户已致电"))
        assert used(await send(system, "respond", "x", complaint, owner, kind="plan", text="已查清。"))
        assert used(
            await send(system, "respond", "x", complaint, "agent-9", kind="explanation", text="已查清。")
        )
        assert (
            await send(system, "respond", "x", complaint, owner, text="已查清。", kind="explanation") == first
        )
        both = await asyncio.gather(
            *(send(system, "note", "y", complaint, owner, text=str(n % 2)) for n in range(8))
        )
        assert [sum(map(used, both)), sum(reply["ok"] for reply in both)] == [4, 4]
        early = [await send(system, "prepare_options", "z", complaint, owner, options=[]) for _ in range(2)]
        assert not early[0]["ok"]
        if early[0]["error"]["code"] != "malformed":
            assert early[1]["error"]["remembered"] is True


async def test_a_repeat_after_the_end_gets_the_first_reply_and_a_lost_verdict_is_refused(
    stack: Stack,
) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        note = await send(system, "note", "n", complaint, owner, text="客户已致电")
        refused = await send(system, "final_decision", "f", complaint, "agent-nobody", decision="upheld",
                             standards=[], text="好", recourse="无")  # fmt: skip
        assert note["ok"]
        assert not refused["ok"]
        await resolved(system, complaint)
        await system.until_allowed(complaint, "record_satisfaction")
        await asked(system, complaint, satisfied=True)
        await system.until(complaint, "closed")
        await system.until_closed(complaint)
        assert await send(system, "note", "n", complaint, owner, text="客户已致电") == note
        assert used(await send(system, "note", "n", complaint, owner, text="另一件事"))
        late = await send(system, "note", "late", complaint, owner, text="太晚了")
        again = await send(system, "note", "late", complaint, owner, text="太晚了")
        assert (late["error"]["code"], late["error"].get("remembered")) == ("not_allowed_now", None)
        assert again["error"]["remembered"] is True


async def test_the_door_refuses_the_id_of_another_customer(stack: Stack) -> None:
    assert stack.ready
    assert stack.ready.door_url
    token = stack.layout.door_token.read_text()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/cloudevents+json"}
    event = an_event(source="local")
    other = event | {"data": {"customer": {"ref": "cust-777"}, "narrative": "有人推了她", "safety": True}}
    worse = event | {"data": event["data"] | {"narrative": "越来越糟。"}}
    async with (
        httpx.AsyncClient(base_url=stack.ready.door_url, timeout=PATIENCE) as client,
        outside(stack) as system,
    ):

        async def posted(one: Any) -> httpx.Response:
            return await client.post("/v1/complaints", content=json.dumps(one).encode(), headers=headers)

        complaint = (await posted(event)).json()["complaint_id"]
        await system.until(complaint, "received")
        refused = await posted(other)
        assert refused.status_code == 409
        problem = refused.json()
        assert (problem["code"], problem["field"]) == ("id_reused", "id")
        assert "another customer" in problem["detail"]
        assert "另一客户" in problem["detail_zh"]
        assert (await posted(worse)).status_code == 202
        await system.until(complaint, "contact_added")
