"""Clients of a whole stack, added with `amends client`: whom they may name, and what they may submit."""

import asyncio
import json
import sys
import uuid
from asyncio import create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

import nats
from nats.aio.client import Client

from deploy.local.stack import Stack
from shared.contract.ids import complaint_id
from tests.amends_command import amends as run_amends
from tests.listening import outside, ready_of
from tests.outside import Json, Outside
from tests.patience import PATIENCE

OFFER = {"kind": "explanation", "text": "我们已检查您的手机。"}


async def amends(stack: Stack, *words: str) -> Json:
    """The document of a command that succeeds."""
    arguments = (*words, "--dir", str(stack.layout.root), "--json")
    process = await create_subprocess_exec(sys.executable, "-m", "services.console", *arguments, stdout=PIPE)
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    document: Json = json.loads(printed)
    return document


@asynccontextmanager
async def added(stack: Stack, kind: str, *options: str) -> AsyncIterator[tuple[str, Client]]:
    """A new client with a name of its own, connected; revoked at the end."""
    name = f"{kind}-{uuid.uuid4().hex[:8]}"
    made = await amends(stack, "client", "add", name, "--kind", kind, *options)
    assert made["in_effect"]
    client = await nats.connect(ready_of(stack).nats_url, nkeys_seed=made["seed_file"])
    try:
        yield name, client
    finally:
        await client.close()
        await amends(stack, "client", "revoke", name)
        assert not await asyncio.to_thread(Path(made["seed_file"]).exists), "a seed that opens nothing"
        again = await run_amends("client", "revoke", name, "--dir", str(stack.layout.root))
        assert (again.status, "is revoked already; nothing is changed" in again.err) == (1, True)


async def ask(client: Client, subject: str, request: Json) -> Json:
    answer = await client.request(f"complaints.v1.{subject}", json.dumps(request).encode(), timeout=PATIENCE)
    reply: Json = json.loads(answer.data)
    return reply


async def order(client: Client, verb: str, complaint: str, actor: str, **data: Any) -> Json:
    request = {"command_id": uuid.uuid4().hex, "complaint_id": complaint, "actor": {"id": actor}}
    return await ask(client, f"command.{verb}", request | {"data": data})


def event(source: str, external: str, ref: str) -> bytes:
    data = {"customer": {"ref": ref}, "narrative": "买了三天就坏了，希望退款。"}
    kind = "complaints.submitted.v1"
    return json.dumps(
        {"specversion": "1.0", "type": kind, "source": source, "id": external, "data": data}
    ).encode()


async def owned(system: Outside) -> tuple[str, str]:
    """A complaint with its owner."""
    complaint = await system.submit()
    return complaint, (await system.until(complaint, "assigned"))["data"]["owner"]


async def test_a_person_names_no_other_actor_and_the_fact_names_the_client(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint, owner = await owned(system)
        async with added(stack, "person", "--actor", owner) as (name, anna):
            for actor in ("customer", "lead-1", "privacy-1", "nobody"):
                for verb, data in (
                    ("approve", {"request_id": "r", "approved": True}),
                    ("erase", {"reason": "x"}),
                ):
                    error = (await order(anna, verb, complaint, actor, **data))["error"]
                    assert (error["code"], error["field"]) == ("client_not_allowed", "actor.id")
                    assert name in error["message"]
                    assert actor in error["message"]
            reply = await order(anna, "respond", complaint, owner, **OFFER)
            assert reply["ok"], reply
        actor = (await system.until(complaint, "responded"))["data"]["actor"]
        assert actor == {"id": owner, "role": "agent", "via": name}


async def test_a_contact_of_the_customer_names_the_client_that_sent_it(stack: Stack) -> None:
    async with outside(stack) as system, added(stack, "portal") as (name, portal):
        complaint, _ = await owned(system)
        reply = await order(portal, "add_contact", complaint, "customer", channel="web", text="还没有回复。")
        assert reply["ok"], reply
        fact = await system.until(complaint, "contact_added")
        assert fact["data"]["actor"] == {"id": "customer", "role": "customer", "via": name}
        wanted = {"text_ref": fact["data"]["text_ref"], "actor": {"id": "customer"}, "purpose": "my own"}
        assert (await ask(portal, "query.text", wanted))["result"]["text"] == "还没有回复。"


async def test_a_client_that_uses_a_foreign_source_and_id_first_hides_no_complaint(stack: Stack) -> None:
    source, external = f"shop-{uuid.uuid4().hex[:6]}.example", "000001"
    complaint = complaint_id(source, external)
    async with (
        added(stack, "publisher", "--source", "crm.example") as (_, crm),
        added(stack, "publisher", "--source", source) as (_, shop),
        outside(stack) as system,
    ):
        await crm.jetstream().publish("complaints.v1.submit.web", event(source, external, "cust-1"))
        rejected = await _rejected(crm, 1)
        assert [one["reason"] for one in rejected] == ["foreign_source"]
        assert rejected[0]["complaint_id"] == complaint
        assert (rejected[0]["field"], rejected[0]["subject"]) == ("source", "complaints.v1.submit.web")
        assert await system.facts(complaint) == []
        await shop.jetstream().publish("complaints.v1.submit.web", event(source, external, "cust-777"))
        received = await system.until(complaint, "received")
        assert received["data"]["customer_ref"] == "cust-777"
        assert await _rejected(shop, 0) == []


async def _rejected(client: Client, least: int) -> list[Json]:
    """What a publisher is told, page by page, as soon as it is at least so much."""
    found: list[Json] = []
    for _ in range(100):
        found, cursor = [], None
        while True:
            wanted = {"limit": 1} | ({"cursor": cursor} if cursor else {})
            page = (await ask(client, "query.rejected", wanted))["result"]
            found += page["messages"]
            cursor = page.get("next_cursor")
            if cursor is None:
                break
        if len(found) >= least:
            return found
    return found


async def test_a_foreign_submission_is_taken_in_once_its_source_is_registered_and_it_is_replayed(
    stack: Stack,
) -> None:
    source, external = f"new-{uuid.uuid4().hex[:6]}.example", "000001"
    complaint = complaint_id(source, external)
    async with (
        added(stack, "publisher", "--source", "crm.example") as (name, crm),
        outside(stack) as system,
    ):
        await crm.jetstream().publish("complaints.v1.submit.phone", event(source, external, "cust-1"))
        await _rejected(crm, 1)
        listed = (await amends(stack, "quarantine", "list", "--reason", "foreign_source"))["items"]
        [number] = [one["seq"] for one in listed if one["client"] == name]
        changed = await amends(stack, "client", "change", name, "--source", "crm.example", "--source", source)
        assert changed["in_effect"]
        await amends(stack, "quarantine", "replay", str(number))
        received = await system.until(complaint, "received")
        assert received["data"]["channel"] == "phone"
        assert await _rejected(crm, 0) == []


async def test_a_renewed_client_keeps_its_former_seed_until_it_is_the_only_one(stack: Stack) -> None:
    async with added(stack, "reader", "--follow", "*") as (name, before):
        assert (await ask(before, "query.policy", {}))["ok"]
        seed = (await amends(stack, "client", "renew", name))["seed_file"]
        after = await nats.connect(ready_of(stack).nats_url, nkeys_seed=seed)
        assert (await ask(after, "query.policy", {}))["ok"]
        assert (await ask(before, "query.policy", {}))["ok"]
        await after.close()
        await amends(stack, "client", "renew", name, "--only")
        assert not before.is_connected or before.is_reconnecting
