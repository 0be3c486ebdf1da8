"""Grumbles at the front door, and what people order about them."""

import secrets
from typing import Any

import pytest

from shared.contract.subjects import command, query
from shared.runtime.messages.timeline import read_timeline
from tests.integration.intake_service import Door, new_submission

ALONE = ["grumbled", "notice"]
BEGUN = ["promoted", "received", "promise_made", "notice"]


def new_customer() -> str:
    """Id of a customer that no other test uses."""
    return f"cust-{secrets.token_hex(4)}"


@pytest.fixture
def customer() -> str:
    """Id of a customer that no other test uses."""
    return new_customer()


def new_grumble(customer: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    complaint, message = new_submission(customer={"ref": customer}, **changes)
    return complaint, message | {"type": "complaints.grumbled.v1"}


async def grumble(door: Door, customer: str, **changes: Any) -> str:
    complaint, message = new_grumble(customer, **changes)
    await door.submit(message)
    await door.idle()
    return complaint


async def order(door: Door, verb: str, complaint: str, actor: str = "agent-1", **more: Any) -> dict[str, Any]:
    data = {"answer_grumble": {"text": "我们已补发配件。"}, "promote": {"reason": "客户坚持"}}[verb]
    request = {"command_id": secrets.token_hex(8), "complaint_id": complaint, "actor": {"id": actor}}
    return await door.ask(command(verb), request | {"data": data} | more)


async def data_of(door: Door, complaint: str, name: str) -> dict[str, Any]:
    """Data of the last fact of this name."""
    found = await read_timeline(door.admin, complaint)
    return [event["data"] for event in found if event["type"] == f"complaints.event.{name}.v1"][-1]


async def state(door: Door, complaint: str) -> dict[str, Any]:
    return await door.ask(query("grumble"), {"complaint_id": complaint})
