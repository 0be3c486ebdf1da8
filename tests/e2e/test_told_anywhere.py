"""A danger reaches the lead within a minute, wherever it is told: by contact, note or callback."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.listening import outside
from tests.lives import owner_of, resolved
from tests.outside import Outside

FIRE = "冰箱起火了，我被烫伤住院了"
MINUTE = timedelta(seconds=60)


async def safe(system: Outside, complaint: str) -> tuple[int, bool]:
    state = await system.query("complaint", complaint_id=complaint)
    return state["severity"], state["safety"]


async def dangerous(system: Outside, complaint: str, told_at: str) -> None:
    """The complaint is as grave as one that began with a danger, and its lead knows."""
    escalated = await system.until(complaint, "escalated")
    assert escalated["data"]["why"] == "safety"
    assert datetime.fromisoformat(escalated["time"]) - datetime.fromisoformat(told_at) <= MINUTE
    assert await safe(system, complaint) == (5, True)


WAYS: list[tuple[str, str, dict[str, Any]]] = [
    ("add_contact", "customer", {"channel": "phone", "text": FIRE}),
    ("complete_record", "customer", {"text": FIRE}),
    ("note", "agent-1", {"text": FIRE}),
    ("raise_feedback", "owner", {"trigger": 1, "text": FIRE}),
]


@pytest.mark.parametrize(("verb", "who", "data"), WAYS)
async def test_a_danger_in_a_later_text_weighs_as_much_as_in_the_first(
    stack: Stack, verb: str, who: str, data: dict[str, Any]
) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        assert await safe(system, complaint) == (2, False)
        await system.do(verb, complaint, owner if who == "owner" else who, **data)
        told = await system.until(complaint, "triaged")
        await dangerous(system, complaint, told["time"])


async def test_a_contact_after_the_resolution_reopens_the_complaint_for_the_lead(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await owner_of(system, complaint)
        await resolved(system, complaint)
        await system.until_allowed(complaint, "record_satisfaction")
        await system.do("add_contact", complaint, "customer", channel="phone", text=FIRE)
        reopened = await system.until(complaint, "reopened")
        assert (reopened["data"]["why"], reopened["data"]["to_cycle"]) == ("danger", 2)
        await dangerous(system, complaint, reopened["time"])


async def test_a_satisfied_verdict_with_a_danger_reopens_it_too(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await owner_of(system, complaint)
        await resolved(system, complaint)
        await system.until_allowed(complaint, "record_satisfaction")
        grades = {"overall": 5, "outcome": 5, "process": 5, "treatment": 5}
        await system.do("record_satisfaction", complaint, "customer", resolved=True, text=FIRE, **grades)
        reopened = await system.until(complaint, "reopened")
        assert reopened["data"]["signals"]["safety"] is True
        await dangerous(system, complaint, reopened["time"])


async def test_a_danger_in_the_withdrawal_itself_brings_the_complaint_to_the_lead(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        owner = await owner_of(system, complaint)
        await system.do("respond", complaint, owner, kind="explanation", text="已查明原因。")
        await system.do("withdraw", complaint, "customer", reason="我被烫伤住院了，没力气再投诉")
        reopened = await system.until(complaint, "reopened")
        assert (reopened["data"]["why"], reopened["data"]["to_cycle"]) == ("danger", 2)
        await dangerous(system, complaint, reopened["time"])


async def test_a_refused_answer_of_the_customer_ends_the_wait(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await system.do("pause", complaint, await owner_of(system, complaint), reason="r")
        refusal = await system.command("answer", complaint, "customer", offer_id="offer-1", answer="rejected")
        assert refusal["error"]["code"] == "offer_not_open"
        await system.until(complaint, "resumed")


async def test_a_danger_in_a_command_to_a_closed_complaint_is_refused_with_advice(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await owner_of(system, complaint)
        await system.do("withdraw", complaint, "customer", reason="no more")
        await system.until_closed(complaint)
        for verb, data in (("add_contact", {"channel": "phone", "text": FIRE}), ("note", {"text": FIRE})):
            error = (await system.command(verb, complaint, "customer", **data))["error"]
            assert error["code"] == "not_allowed_now"
            assert "call the customer now" in error["message"]
            assert complaint in error["message_zh"]
