"""A duplicate that was confirmed is said to be merged, whoever dies in between."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.merging import Pair, merge
from services.intake.ledger import Entry
from services.intake.service import Intake, assembled
from shared.contract.commands import ActorRef, CommandRequest
from shared.contract.values import Actor
from tests.integration.intake_service import Door, new_submission, seen
from tests.integration.test_intake_joining import OPENED, arrive, close, facts, person

pytestmark = pytest.mark.each_database


async def test_a_merging_of_a_dead_process_is_published_once_by_the_next_process(door: Door) -> None:
    survivor, duplicate, _ = await _twins(door)
    async with assembled(door.settings) as intake:  # and it dies once this is written
        request = await _merged(intake, duplicate, survivor)
        assert await door.names(duplicate) == OPENED
    async with door.open():

        async def said() -> bool | None:
            return True if (await door.names(duplicate))[-1] == "merged" else None

        await seen(said)
        await close(door, duplicate)
        for _ in range(3):
            reply = await door.ask("complaints.v1.command.confirm_duplicate", request.model_dump())
            assert (reply["ok"], reply["complaint_id"]) == (True, survivor)
        assert await door.names(duplicate) == [*OPENED, "merged", "closed"]
        assert await door.names(survivor) == [*OPENED, "contact_added"]
        assert [fact["data"]["seq"] for fact in await facts(door, duplicate)][:4] == [1, 2, 3, 4]


async def test_a_submission_that_is_repeated_under_a_merged_id_adds_nothing(door: Door) -> None:
    survivor, duplicate, message = await _twins(door)
    async with door.open() as intake:
        await _merged(intake, duplicate, survivor)
        await intake.ledger_publisher.everything(duplicate)
        for _ in range(5):
            await door.submit(message)
            await door.idle()
        assert await door.names(duplicate) == [*OPENED, "merged"]
        assert await door.names(survivor) == [*OPENED, "contact_added"]


async def test_the_contact_of_the_survivor_holds_everything_that_a_duplicate_brought(door: Door) -> None:
    """In codes and numbers, for routing to weigh; no word of it."""
    customer = person()
    survivor, first = new_submission(customer=customer, narrative="羽绒服跑毛。", title=None)
    loss = {"value": "5000.00", "currency": "CNY"}
    words = "太过分了，充电时起火！"
    duplicate, second = new_submission(customer=customer, narrative=words, title=None, loss=loss, unit=None)
    async with door.open() as intake:
        await arrive(door, first, second)
        await _merged(intake, duplicate, survivor)
        await intake.ledger_publisher.everything(duplicate)
        contact = (await facts(door, survivor))[-1]["data"]
        assert (contact["alias"], contact["loss"]) == (duplicate, loss)
        assert (contact["signals"]["safety"], contact["signals"]["styles"]) == (True, ["angry"])
        assert contact["told"] == ["narrative", "remedy_sought", "product", "order_ref", "loss"]
        assert words not in json.dumps(contact, ensure_ascii=False)


async def test_a_refusal_lists_the_allowed_verbs_of_an_open_a_merged_and_a_closed_complaint(
    door: Door,
) -> None:
    open_now = ["add_contact", "confirm_duplicate", "link_customer", "erase"]
    survivor, duplicate, _ = await _twins(door)
    stranger, message = new_submission()
    async with door.open() as intake:
        await arrive(door, message)
        for of in (survivor, stranger):  # itself, and somebody else's
            assert await _allowed(door, "confirm_duplicate", survivor, of=of) == open_now
        await _merged(intake, duplicate, survivor)
        await intake.ledger_publisher.everything(duplicate)
        assert await _allowed(door, "confirm_duplicate", survivor, of=duplicate) == open_now  # a circle
        merged = await _allowed(door, "confirm_duplicate", duplicate, of=survivor)
        assert merged == ["add_contact", "erase"]
        await close(door, survivor)
        contact = {"channel": "phone", "text": "还有一件事。"}
        assert await _allowed(door, "add_contact", survivor, **contact) == ["erase"]
        assert await _allowed(door, "confirm_duplicate", duplicate, of=survivor) == ["erase"]
        assert await _allowed(door, "promote", stranger, reason="客户坚持") == open_now


async def _allowed(door: Door, verb: str, complaint: str, **data: str) -> list[str]:
    who = {"command_id": secrets.token_hex(8), "complaint_id": complaint, "actor": {"id": "lead-1"}}
    error = (await door.ask(f"complaints.v1.command.{verb}", who | {"data": data}))["error"]
    assert error["code"] == "not_allowed_now", error
    return list(error["allowed"])


async def _twins(door: Door) -> tuple[str, str, dict[str, Any]]:
    """Two complaints of one customer that nothing ties together, and the message of the second."""
    customer = person()
    survivor, first = new_submission(customer=customer, narrative="羽绒服跑毛。", title=None)
    duplicate, second = new_submission(customer=customer, narrative="发票抬头开错了。", title=None)
    async with door.open():
        await arrive(door, first, second)
    assert await door.names(duplicate) == OPENED
    return survivor, duplicate, second


async def _merged(intake: Intake, duplicate: str, survivor: str) -> CommandRequest:
    """The merging is written, and nobody has said it."""
    request = CommandRequest(
        command_id="c1", complaint_id=duplicate, actor=ActorRef(id="agent-1"), data={"of": survivor}
    )
    pair = Pair(duplicate, survivor, dict.fromkeys((duplicate, survivor), ComplaintStatus(datetime.now(UTC))))
    written = await intake.store.database.write(
        lambda session: merge(
            session, intake.store.texts, request, survivor, Actor(id="agent-1", role="agent"), pair
        )
    )
    assert isinstance(written, Entry)
    return request
