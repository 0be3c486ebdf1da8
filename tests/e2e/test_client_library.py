"""The Python client library on a whole stack: the example of docs/client.md, and what it promises."""

import re
import uuid
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from shared.client import AmendsClient, AmendsError, PublishedFact, RequestRefused, connect
from shared.contract.commands import Note
from shared.contract.queries import ComplaintQuery, ComplaintState
from tests.e2e.test_clients import amends
from tests.listening import ready_of

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
COMPLAINT = {"customer": {"ref": "cust-88"}, "language": "en", "narrative": "My washing machine is broken."}


async def registered(stack: Stack, kind: str, *options: str) -> tuple[str, Path]:
    """Register a client; return its name and its seed file."""
    name = f"{kind}-{uuid.uuid4().hex[:8]}"
    made = await amends(stack, "client", "add", name, "--kind", kind, *options)
    return name, Path(made["seed_file"])


async def submitted(stack: Stack) -> str:
    """The id of a complaint that a publisher submits."""
    _, seed_file = await registered(stack, "publisher", "--source", "shop.example")
    async with connect(ready_of(stack).nats_url, seed_file=seed_file) as client:
        receipt = await client.submit(COMPLAINT, source="shop.example", external_id=uuid.uuid4().hex)
    return receipt.complaint_id


async def first_fact(client: AmendsClient, durable: str, complaint: str) -> PublishedFact:
    """The first fact of a complaint on a durable; it is not acknowledged."""
    async with aclosing(client.follow(durable)) as facts:
        async for fact in facts:
            if fact.complaint_id == complaint:
                return fact
    raise AssertionError("the facts have ended")


async def test_the_example_of_the_document_runs(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    server = ready_of(stack).nats_url
    _, shop = await registered(stack, "publisher", "--source", "shop.example")
    name, desk = await registered(stack, "desk", "--actor", "*", "--follow", "assigned")
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    space: dict[str, Any] = {}
    exec(compile(code.replace("order-4711", uuid.uuid4().hex), str(PAGE), "exec"), space)
    complaint = await space["shop"](server, shop)
    await space["desk"](server, desk, f"client-{name}", complaint)
    printed = capsys.readouterr().out
    assert re.search(rf"stored as {complaint}\nits owner is agent-\d+\naccepted at stage", printed), printed


async def test_a_refusal_is_raised_and_a_repeated_command_gets_the_first_reply(stack: Stack) -> None:
    name, seed_file = await registered(stack, "desk", "--actor", "*", "--follow", "assigned")
    complaint = await submitted(stack)
    async with connect(ready_of(stack).nats_url, seed_file=seed_file) as client:
        owner = (await first_fact(client, f"client-{name}", complaint)).data["owner"]
        note = Note(text="The customer called.")
        first = await client.command(complaint, owner, note, command_id=complaint)
        assert await client.command(complaint, owner, note, command_id=complaint) == first
        state = await client.query(ComplaintQuery(complaint_id=complaint), ComplaintState)
        assert state.note_count == 1
        with pytest.raises(RequestRefused) as refused:
            await client.command(complaint, "nobody", note)
        assert refused.value.refusal.field == "actor.id"
        with pytest.raises(RequestRefused, match="unknown_complaint"):
            await client.query(ComplaintQuery(complaint_id="Caaaaaaaaaaaaaaa"), ComplaintState)


async def test_a_submission_that_is_not_valid_is_not_sent(stack: Stack) -> None:
    _, seed_file = await registered(stack, "publisher", "--source", "shop.example")
    async with connect(ready_of(stack).nats_url, seed_file=seed_file) as client:
        with pytest.raises(AmendsError, match="The complaint is not valid"):
            await client.submit({"narrative": "No customer."}, source="shop.example")


async def test_a_fact_that_the_caller_did_not_finish_is_delivered_again(stack: Stack) -> None:
    name, seed_file = await registered(stack, "reader", "--follow", "received")
    complaint = await submitted(stack)
    async with connect(ready_of(stack).nats_url, seed_file=seed_file) as client:
        first = await first_fact(client, f"client-{name}", complaint)
        assert await first_fact(client, f"client-{name}", complaint) == first
