"""A customer is a reference within a register: those of two registers are never one."""

import asyncio
import secrets
from typing import Any

import pytest

from shared.contract.ids import complaint_id
from shared.runtime.messages.timeline import read_timeline
from tests.integration.intake_service import Door, new_submission, seen
from tests.integration.test_intake_joining import close

BEGUN = ["received", "promise_made", "notice"]


pytestmark = pytest.mark.each_database


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


def linking(complaint: str, actor: str, **data: Any) -> dict[str, Any]:
    who = {"command_id": secrets.token_hex(8), "complaint_id": complaint, "actor": {"id": actor}}
    return who | {"data": {"register": "bank.example", "reason": "护照核对无误"} | data}


async def link(door: Door, complaint: str, actor: str = "lead-1", **data: Any) -> dict[str, Any]:
    return await door.ask("complaints.v1.command.link_customer", linking(complaint, actor, **data))


async def confirm(door: Door, duplicate: str, of: str) -> dict[str, Any]:
    who = {"command_id": secrets.token_hex(8), "complaint_id": duplicate, "actor": {"id": "agent-1"}}
    return await door.ask("complaints.v1.command.confirm_duplicate", who | {"data": {"of": of}})


async def test_a_link_lets_two_be_suspected_and_confirmed_and_joins_nothing(door: Door) -> None:
    _, message = new_submission()
    ref = message["data"]["customer"]["ref"]
    shop, first = of("shop.example", message)
    bank, second = of("bank.example", message)
    async with door.open():
        await send(door, second)
        await send(door, first)
        assert (await confirm(door, bank, shop))["error"]["code"] == "not_allowed_now"
        linked = await link(door, shop, ref=ref)
        assert (linked["ok"], linked["events"]) == (True, ["customer_linked"])
        facts = await read_timeline(door.admin, shop)
        fact = facts[-1]["data"]
        assert (fact["customer_register"], fact["customer_ref"]) == ("bank.example", ref)
        assert "护照" not in str(facts)
        assert (await link(door, shop, register="insurer.example", ref=ref))["error"]["field"] == "data.ref"
        same, third = of("bank.example", message | {"id": message["id"] + "-2"})
        await send(door, third)
        assert await door.names(same) == ["merged"]  # into the bank's own, not into the shop's
        assert "contact_added" not in await door.names(shop)
        asked = asyncio.create_task(confirm(door, bank, shop))

        async def merged() -> bool | None:
            return True if "merged" in await door.names(bank) else None

        await seen(merged)
        await close(door, bank)
        assert (await asked)["complaint_id"] == shop
        assert "contact_added" in await door.names(shop)


async def test_the_same_words_of_a_linked_customer_are_suspected_for_a_person(door: Door) -> None:
    _, message = new_submission(order_ref=None)
    ref = message["data"]["customer"]["ref"]
    shop, first = of("shop.example", message)
    loan = message["data"] | {"narrative": "贷款利息算错。", "title": "贷款"}
    _, second = of("bank.example", message | {"data": loan})
    async with door.open():
        await send(door, first, second)
        assert (await link(door, shop, ref=ref))["ok"]
        told, third = of("bank.example", message | {"id": message["id"] + "-2"})
        await send(door, third)
        assert await door.names(told) == [*BEGUN, "duplicate_suspected"]
        assert (await read_timeline(door.admin, told))[-1]["data"]["of"] == shop


async def test_a_link_that_was_undone_lets_nothing_be_confirmed(door: Door) -> None:
    _, message = new_submission()
    ref = message["data"]["customer"]["ref"]
    shop, first = of("shop.example", message)
    bank, second = of("bank.example", message)
    async with door.open():
        await send(door, first, second)
        assert (await link(door, shop, ref=ref, undo=True))["error"]["code"] == "not_allowed_now"
        assert (await link(door, shop, ref=ref))["ok"]
        assert (await link(door, shop, ref=ref))["error"]["code"] == "not_allowed_now"
        assert (await link(door, shop, ref=ref, undo=True))["ok"]
        assert (await read_timeline(door.admin, shop))[-1]["data"]["undone"] is True
        assert (await confirm(door, bank, shop))["error"]["code"] == "not_allowed_now"
        assert "merged" not in await door.names(bank)


async def test_a_supervisor_alone_links_and_only_to_a_known_customer(door: Door) -> None:
    complaint, message = new_submission()
    ref = message["data"]["customer"]["ref"]
    async with door.open():
        await send(door, message)
        for actor in ("agent-1", "customer", "privacy-1"):
            assert (await link(door, complaint, actor, ref=ref))["error"]["code"] == "over_authority"
        assert (await link(door, complaint, "nobody", ref=ref))["error"]["code"] == "unknown_actor"
        unknown = (await link(door, complaint, ref=ref))["error"]
        assert (unknown["code"], unknown["field"]) == ("malformed", "data.ref")
        own = (await link(door, complaint, ref=ref, register=message["source"]))["error"]
        assert (own["code"], own["field"]) == ("malformed", "data.ref")
        assert await door.names(complaint) == BEGUN
