"""Offers on a real stack: one answer counts, the end that is told is the end, nothing is told too early."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.local.stack import Stack
from tests.listening import forward
from tests.lives import answered, owner_of
from tests.outside import STANDARD, Json, Outside, name_of

PACKED = "请将旧机连同包装一并寄回。"


def _refund(name: str, value: str, currency: str = "CNY") -> Json:
    return {"option_id": name, "remedy": "refund", "amount": {"value": value, "currency": currency}}


async def _ready(system: Outside, *options: Json) -> tuple[str, str]:
    """Complaint of a customer in New York whose owner may offer these, and the owner."""
    customer = {"ref": f"customer-{secrets.token_hex(6)}", "timezone": "America/New_York"}
    complaint = await system.submit(customer=customer, loss={"value": "199.00", "currency": "CNY"})
    owner = await owner_of(system, complaint)
    await answered(system, complaint, owner)
    await system.do("prepare_options", complaint, owner, options=list(options))
    return complaint, owner


async def _offer(system: Outside, complaint: str, owner: str, option: str, **more: object) -> Json:
    said = {"option_id": option, "standards": [STANDARD], "text": "方案如下。"} | more
    return await system.command("offer", complaint, owner, **said)


async def test_of_many_answers_at_once_one_counts_and_a_rejection_brings_the_next_option(
    system: Outside,
) -> None:
    complaint, owner = await _ready(system, _refund("some", "100"), _refund("all", "199"))
    made = (await _offer(system, complaint, owner, "some"))["result"]["offer_id"]
    rejected = await system.do("answer", complaint, "customer", offer_id=made, answer="rejected")
    assert rejected["next_option_id"] == "all"
    second = (await _offer(system, complaint, owner, "all"))["result"]["offer_id"]
    answers = ["accepted", "rejected", "countered", "accepted", "rejected"]
    who = ["customer", owner, "customer", "customer", owner]
    replies = await asyncio.gather(
        *(
            system.command("answer", complaint, one, offer_id=second, answer=answer)
            for one, answer in zip(who, answers, strict=True)
        )
    )
    assert [one["ok"] for one in replies].count(True) == 1
    assert {one["error"]["code"] for one in replies if not one["ok"]} <= {"offer_not_open", "not_allowed_now"}
    facts = await system.facts(complaint)
    given = [one["data"] for one in facts if name_of(one) == "offer_answered"]
    assert [one["offer_id"] for one in given] == [made, second]
    assert ("agreed" in [name_of(one) for one in facts]) == (given[-1]["answer"] == "accepted")


async def test_the_end_of_an_offer_is_the_instant_that_the_customer_reads_in_their_zone(
    system: Outside, stack: Stack
) -> None:
    complaint, owner = await _ready(system, _refund("some", "100"), _refund("all", "199"))
    past = await _offer(system, complaint, owner, "some", expires_at="2026-01-01T00:00:00Z")
    assert (past["error"]["code"], past["error"]["field"]) == ("malformed", "data.expires_at")
    end = datetime.now(UTC).replace(microsecond=0, second=7) + timedelta(days=2)
    reply = await _offer(system, complaint, owner, "some", expires_at=end.isoformat(), conditions=PACKED)
    notice = [one for one in await system.facts(complaint) if name_of(one) == "notice"][-1]["data"]
    asked = {"text_ref": notice["text_ref"], "actor": {"id": owner}, "purpose": "check"}
    words = (await system.ask("complaints.v1.query.text", asked))["result"]["text"]
    local = end.astimezone(ZoneInfo("America/New_York"))
    assert f"{local.year}年{local.month}月{local.day}日{local:%H:%M:%S}（纽约时间" in words
    assert PACKED in words
    await forward(stack, complaint, timedelta(days=3))
    expired = await system.until(complaint, "offer_expired")
    assert datetime.fromisoformat(expired["time"]) == end
    late = {"offer_id": reply["result"]["offer_id"], "answer": "accepted"}
    refusal = (await system.command("answer", complaint, "customer", **late))["error"]
    assert (refusal["code"], refusal["field"]) == ("offer_not_open", "data.offer_id")


async def test_what_waits_for_a_person_is_hidden_from_the_customer_and_passes_to_a_deputy(
    system: Outside, stack: Stack
) -> None:
    complaint, owner = await _ready(system, _refund("some", "100"), _refund("big", "6000"))
    asked = (await _offer(system, complaint, owner, "big"))["result"]
    assert asked["to"] == "manager-1"
    await forward(stack, complaint, timedelta(hours=5))
    passed = await system.until(complaint, "escalated")
    assert passed["data"]["to"] == "manager-2"
    seen = await system.query("complaint", complaint_id=complaint, actor={"id": "customer"})
    assert (seen["approvals"], seen["negotiation"]["options"]) == ([], [])
    told = await system.query("timeline", complaint_id=complaint, actor={"id": "customer"})
    assert not {"approval_requested", "options_prepared"} & {name_of(one) for one in told["events"]}
    given = {"request_id": asked["request_id"], "approved": True}
    replies = await asyncio.gather(
        *(system.command("approve", complaint, who, **given) for who in ("manager-1", "manager-2"))
    )
    assert sorted(one["ok"] for one in replies) == [False, True]
    made = [one for one in await system.facts(complaint) if name_of(one) == "offer_made"]
    assert [one["data"]["amount"]["value"] for one in made] == ["6000"]
    # the lower one is no way back, in any currency
    await system.do("answer", complaint, "customer", offer_id=made[0]["data"]["offer_id"], answer="rejected")
    await system.do(
        "prepare_options", complaint, owner, options=[_refund("some", "100"), _refund("usd", "60", "USD")]
    )
    for option in ("some", "usd"):
        refusal = (await _offer(system, complaint, owner, option))["error"]
        assert (refusal["code"], refusal["field"]) == ("worse_than_before", "data.option_id")
