"""A customer is a reference within a register: those of two registers are never one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.contract.ids import complaint_id
from tests.conftest import NatsServer
from tests.integration.intake_service import Door, front_door, new_submission

BEGUN = ["received", "promise_made", "notice"]


@pytest.fixture
async def door(nats_server: NatsServer, tmp_path: Path, database_url: str) -> AsyncIterator[Door]:
    async with front_door(nats_server, tmp_path, database_url) as door:
        yield door


def of(source: str, message: dict[str, Any], **changes: Any) -> tuple[str, dict[str, Any]]:
    """The same message from another source, under the same id."""
    data = message["data"] | changes
    return complaint_id(source, message["id"]), message | {"source": source, "data": data}


async def send(door: Door, *messages: dict[str, Any]) -> None:
    for message in messages:
        await door.submit(message)
    await door.idle()


async def test_the_same_reference_and_order_of_two_registers_are_two_customers(door: Door) -> None:
    _, message = new_submission()
    shop, first = of("shop.example", message)
    bank, second = of("bank.example", message)
    quoting, third = of("insurer.example", message, narrative=f"关于 {shop}，还没有人回复我。")
    async with door.open():
        await send(door, first, second, third)
        assert await door.names(shop) == BEGUN
        assert await door.names(bank) == BEGUN
        assert await door.names(quoting) == [*BEGUN, "duplicate_suspected"]


async def test_grumbles_of_two_registers_are_no_repeat(door: Door) -> None:
    _, message = new_submission(order_ref=None)
    grumbled = message | {"type": "complaints.grumbled.v1"}
    shop, first = of("shop.example", grumbled)
    bank, second = of("bank.example", grumbled)
    async with door.open():
        await send(door, first, second)
        assert await door.names(shop) == await door.names(bank) == ["grumbled", "notice"]


async def test_one_reference_may_be_written_in_two_ways(door: Door) -> None:
    first, message = new_submission(customer={"ref": "Zoë-" + "x" * 4})
    second, again = of("crm.example/other", message)
    again = again | {"source": message["source"], "id": f"{message['id']}-2"}
    again["data"] = again["data"] | {"customer": {"ref": " Zoe\u0308-xxxx "}}
    second = complaint_id(again["source"], again["id"])
    async with door.open():
        await send(door, message)
        await send(door, again)
        assert await door.names(first) == [*BEGUN, "contact_added", "notice"]
        assert await door.names(second) == ["merged"]
