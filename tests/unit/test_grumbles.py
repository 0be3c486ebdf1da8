"""A dissatisfaction short of a complaint, and how it becomes one (`sources.md` 9, F8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from services.intake.admitting import admitted
from services.intake.grumbles.rules import (
    Promotion,
    become,
    is_repeat,
    repeated,
    wanted,
    why_not_answer,
    why_not_promote,
    with_grumbles,
)
from services.intake.registration import Registration
from shared.contract.concerned import concerned_in
from shared.contract.ids import complaint_id
from shared.contract.queries import GrumbleStatus
from shared.contract.values import CUSTOMER, SYSTEM, Actor
from tests.unit.submissions import NARRATIVE, NOW, PERSONAL, WEB, context, said, submission

POLICY = context().policy
GRUMBLE = complaint_id("crm.example/cases", "2026-000123")
AGENT, COMPLAINANT = Actor(id="agent-1", role="agent"), Actor(id=CUSTOMER, role=CUSTOMER)


def grumbled(external_id: str = "2026-000123", **changes: Any) -> Registration:
    message = submission(external_id, **changes) | {"type": "complaints.grumbled.v1"}
    return admitted(WEB, orjson.dumps(message), NOW, context())


def promotion(because: Any = "unanswered", into: str = GRUMBLE, at: datetime = NOW) -> Promotion:
    return Promotion(because, into, [GRUMBLE], grumbled().received_at, SYSTEM, at)


def test_a_grumble_is_published_and_acknowledged_and_promises_an_answer_not_a_complaint() -> None:
    one = grumbled()
    fact, told = (said(fact) for fact in one.facts)

    assert [fact.name for fact in one.facts] == ["grumbled", "notice"]
    assert (fact["stage"], fact["cycle"], fact["seq"], told["seq"]) == ("recorded", 1, 1, 2)
    assert (fact["channel"], fact["customer_ref"], fact["external_ref"]) == ("web", "cust-88", "2026-000123")
    assert fact["received_at"] == "2026-11-21T01:20:00Z"
    assert told["template"] == "grumble_acknowledgement"
    assert "手机死机" in one.texts["notice-2"]
    assert "投诉处理" in one.texts["notice-2"]


def test_the_time_to_answer_is_seven_whole_days_from_being_recorded_and_the_notice_names_it() -> None:
    one = grumbled()

    assert one.answer_by == datetime(2026, 11, 28, 16, 0, tzinfo=UTC)  # midnight after the 28th in Shanghai
    assert said(one.facts[0])["answer_by"] == "2026-11-28T16:00:00Z"
    assert "2026年11月28日24:00（北京时间）之前" in one.texts["notice-2"]


def test_a_grumble_in_english_is_answered_in_english() -> None:
    unpublished = {"language": None, "title": "The kettle broke twice", "narrative": None}
    for one in (grumbled(language="en"), grumbled(**unpublished)):
        assert one.language == said(one.facts[0])["language"] == "en"
        assert one.texts["notice-2"].startswith("Thank you for telling us about")


def test_no_fact_of_a_grumble_holds_a_name_a_number_or_a_text() -> None:
    for fact in (*grumbled().facts, *become(grumbled().received, {}, promotion(), POLICY, first=3).facts):
        for secret in (*PERSONAL.values(), NARRATIVE, "手机死机"):
            assert secret.encode() not in fact.body


@pytest.mark.parametrize(
    ("days", "repeat"),
    [(0, True), (29, True), (30, True), (30.001, False), (31, False), (-30, True), (-31, False)],
)
def test_a_second_grumble_within_thirty_days_is_a_repeat_in_either_order_of_arrival(
    days: float, repeat: bool
) -> None:
    assert is_repeat(NOW, NOW + timedelta(days=days), POLICY) is repeat


def test_a_promoted_grumble_begins_like_a_complaint_and_its_clocks_start_at_the_promotion() -> None:
    at = NOW + timedelta(days=7)
    one = grumbled()
    begun = become(one.received, one.texts, promotion(at=at), POLICY, first=3)
    promoted, received, promise, told = (said(fact) for fact in begun.facts)

    assert [fact.name for fact in begun.facts] == ["promoted", "received", "promise_made", "notice"]
    assert [one["seq"] for one in (promoted, received, promise, told)] == [3, 4, 5, 6]
    assert (promoted["because"], promoted["into"], promoted["grumbles"]) == ("unanswered", GRUMBLE, [GRUMBLE])
    assert received["received_at"] == received["recorded_at"] == "2026-11-28T02:00:00.123456Z"
    assert (received["grumbled_at"], received["grumbles"]) == ("2026-11-21T01:20:00Z", [GRUMBLE])
    assert (received["customer_ref"], received["remedy_sought"]) == ("cust-88", "refund")
    assert received["signals"]["categories"]
    assert promise["by_when"] > "2026-11-28T02:00:00Z"
    assert told["template"] == "acknowledgement"
    assert "手机死机" in begun.texts["notice-6"]


def test_the_second_grumble_is_a_complaint_at_once_and_one_notice_is_enough() -> None:
    one = grumbled("2026-000124")
    complaint = repeated(one, promotion("repeat", one.complaint_id), POLICY)

    assert [fact.name for fact in complaint.facts] == [
        "grumbled",
        "promoted",
        "received",
        "promise_made",
        "notice",
    ]
    assert [said(fact)["seq"] for fact in complaint.facts] == [1, 2, 3, 4, 5]
    assert [key for key in complaint.texts if key.startswith("notice")] == ["notice-5"]


def test_a_grumble_names_the_loss_and_the_remedy_and_a_repeat_begins_with_the_larger_and_the_first() -> None:
    def spoken(name: str, loss: str | None, remedy: str | None) -> Registration:
        amount = {"value": loss, "currency": "CNY"} if loss else None
        return grumbled(name, loss=amount, remedy_sought=remedy)

    first, second = spoken("2026-1", "900.00", "repair"), spoken("2026-2", "100.00", "refund")
    heard = said(first.facts[0])
    assert (heard["loss"]["value"], heard["remedy_sought"]) == ("900.00", "repair")

    for one in (second, spoken("2026-3", None, None)):
        begun = repeated(one, promotion("repeat", one.complaint_id), POLICY, [first.received])
        received = said(begun.facts[2])
        assert (received["loss"]["value"], received["remedy_sought"]) == ("900.00", "repair")
        assert "loss" not in received["completeness"]["missing"]


def test_a_repeat_names_the_largest_loss_in_each_currency() -> None:
    spoken = [("900.00", "CNY"), ("5000.00", "USD"), ("20.00", "USD"), ("7.00", "JPY")]
    grumbles = [grumbled(f"2026-{value}", loss={"value": value, "currency": code}) for value, code in spoken]
    before = [one.received for one in grumbles[:-1]]
    begun = repeated(grumbles[-1], promotion("repeat", grumbles[-1].complaint_id), POLICY, before)
    received = said(begun.facts[2])
    assert received["loss"] == {"value": "7.00", "currency": "JPY"}
    assert [(one["value"], one["currency"]) for one in received["losses"]] == spoken[:2]


def test_a_complaint_concerns_the_people_of_its_grumbles_and_has_their_losses() -> None:
    loss = {"value": "900.00", "currency": "CNY"}
    before = [grumbled("2026-1", about_staff="agent-4", unit="shop", loss=loss, remedy_sought="repair")]
    for own, remedy in ({"remedy_sought": "refund"}, "refund"), ({"remedy_sought": None}, "repair"):
        one = admitted(WEB, orjson.dumps(submission(about_staff="agent-5", unit=None, **own)), NOW, context())
        spoken = wanted(one, {first.complaint_id: first.received_at for first in before})
        begun = with_grumbles(one, spoken, POLICY, [first.received for first in before])
        received = said(begun.facts[0])
        assert (received["about_staff"], received["remedy_sought"]) == ("agent-5", remedy)
        assert received["concerned"] == {"staff": ["agent-4"], "units": ["shop"]}
        assert concerned_in(begun.received).staff == ["agent-5", "agent-4"]
        assert received["loss"] == loss


def test_an_ordinary_complaint_names_no_grumbles() -> None:
    received = said(admitted(WEB, orjson.dumps(submission()), NOW, context()).facts[0])
    assert not {"grumbled_at", "grumbles"} & set(received)


@pytest.mark.parametrize(
    ("standing", "actor", "words"),
    [
        (GrumbleStatus.OPEN, COMPLAINANT, "answered by a member of staff"),
        (GrumbleStatus.ANSWERED, AGENT, "answered already"),
        (GrumbleStatus.PROMOTED, AGENT, GRUMBLE),
        (GrumbleStatus.JOINED, AGENT, f"joined the complaint {GRUMBLE}"),
        (GrumbleStatus.ERASED, AGENT, "were erased"),
    ],
)
def test_staff_alone_answer_once_and_only_a_grumble(
    standing: GrumbleStatus, actor: Actor, words: str
) -> None:
    refusal = why_not_answer(standing, GRUMBLE, actor)
    assert refusal is not None
    assert refusal.code == "not_allowed_now"
    assert words in refusal.message
    assert why_not_answer(GrumbleStatus.OPEN, None, AGENT) is None


def test_every_actor_may_ask_for_a_complaint_also_after_an_answer_but_not_twice() -> None:
    assert why_not_promote(GrumbleStatus.OPEN, None) is None
    assert why_not_promote(GrumbleStatus.ANSWERED, None) is None
    for standing in (GrumbleStatus.PROMOTED, GrumbleStatus.JOINED):
        refusal = why_not_promote(standing, GRUMBLE)
        assert refusal is not None
        assert (refusal.code, refusal.allowed) == ("not_allowed_now", [])
