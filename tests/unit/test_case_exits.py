"""The exit gate: no way out drops what is open, and every way out tells the complainant."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contract.commands import Accepted
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import (
    ActionCompleted,
    CarriedOver,
    CaseEnded,
    DeadlineCancelled,
    DeadlineSet,
    OfferWithdrawn,
    Released,
    Resolved,
    Withdrawn,
)
from shared.contract.values import Stage
from tests.unit.cases import MONDAY, Playing, play

DECISION = {"decision": "rejected", "standards": ["after-sales-7"], "text": "t", "recourse": "12315"}
OUT: dict[str, dict[str, Any]] = {
    "withdraw": {"reason": "r"},
    "refer": {"to": "ombudsman", "reason": "r"},
    "final_decision": DECISION,
}


def answered() -> Playing:
    case = play()
    case.owner("respond", kind="plan", text="t")
    return case


def with_task() -> Playing:
    case = answered()
    case.owner("open_task", unit="warehouse", text="t", due=MONDAY + timedelta(days=1))
    return case


def with_offer() -> Playing:
    case = play().ready_to_offer()
    case.offered()
    return case


def with_request() -> Playing:
    case = answered()
    case.do("lead-1", "reclassify", safety=True, reason="r")
    case.owner("reclassify", safety=False, reason="r")
    return case


def with_action() -> Playing:
    return play().agreed()


OPEN = {"task-1": with_task, "offer-1": with_offer, "approval-1": with_request, "action-1": with_action}


@pytest.mark.parametrize("verb", OUT)
@pytest.mark.parametrize("item", OPEN)
def test_every_way_out_is_refused_over_an_open_item(item: str, verb: str) -> None:
    """In both languages the refusal names what is open."""
    case = OPEN[item]()
    refusal = case.refused(case.owned_by, verb, **OUT[verb])
    if (item, verb) == ("action-1", "final_decision"):
        assert refusal.code == ErrorCode.NOT_ALLOWED_NOW  # an agreement stands
        return
    assert refusal.code == ErrorCode.STILL_OPEN
    assert item in refusal.message
    assert item in refusal.message_zh
    assert "refer" not in refusal.allowed


@pytest.mark.parametrize("verb", OUT)
def test_every_way_out_is_refused_before_the_first_response(verb: str) -> None:
    case = play()
    assert case.refused(case.owned_by, verb, **OUT[verb]).code == ErrorCode.NEEDS_RESPONSE_FIRST
    case.owner("open_task", unit="warehouse", text="t")
    refusal = case.refused(case.owned_by, "refer", **OUT["refer"])
    assert refusal.code == ErrorCode.STILL_OPEN
    assert "response" in refusal.message
    assert "task-1" in refusal.message


def test_an_agreed_refund_survives_every_attempt_of_the_owner() -> None:
    case = with_action()
    for verb in OUT:
        case.refused(case.owned_by, verb, **OUT[verb])
    assert case.case.state.clock("action-1").status == "running"  # type: ignore[union-attr]
    assert "notice" in case.owner("complete_action", action_id="action-1", evidence="e").events


def test_the_last_action_does_not_resolve_over_an_open_task() -> None:
    """It is recorded as done, names what is open, and finishing that resolves the complaint."""
    case = with_action()
    case.owner("open_task", unit="warehouse", text="t")
    reply = case.owner("complete_action", action_id="action-1", evidence="e")
    assert reply.result == {"still_open": ["task-1"]}
    assert (case.all(Resolved), reply.stage) == ([], Stage.IMPLEMENTING)
    reply = case.owner("finish_task", task_id="task-1", text="t")
    assert (reply.stage, case.last(Resolved).outcome) == (Stage.FOLLOWING_UP, "agreed")
    assert case.last(ActionCompleted).action_id == "action-1"


# --- released -------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", OPEN)
def test_the_complainant_releases_alone(item: str) -> None:
    case = OPEN[item]()
    events = case.customer("release", items=[item], reason="r").events
    assert "released" in events
    assert case.last(Released).by == "customer"
    if item != "offer-1":
        assert case.last(DeadlineCancelled).reason in ("released_by_customer", "resolved")
    assert (item == "offer-1") == bool(case.all(OfferWithdrawn))


@pytest.mark.parametrize("item", [one for one in OPEN if one != "action-1"])
def test_staff_release_by_two_people_only(item: str) -> None:
    case = OPEN[item]()
    reply = case.owner("release", items=[item], reason="r")
    assert case.all(Released) == []
    request = reply.result["request_id"]
    alone = case.ask(case.owned_by, "approve", request_id=request, approved=True)
    assert isinstance(alone, Refusal)
    asked = str(reply.result["to"])
    second = asked if asked != case.owned_by else "manager-1"
    assert "released" in case.do(second, "approve", request_id=request, approved=True).events
    assert case.last(Released).by == "second_person"


def test_an_item_that_is_not_open_cannot_be_released() -> None:
    refusal = answered().refused("customer", "release", items=["action-9"], reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    refusal = with_task().refused("customer", "release", items=["action-9"], reason="r")
    assert refusal.field == "data.items"
    assert "task-1" in refusal.message


def test_a_released_response_ends_its_clock_with_a_reason_and_no_ladder_climbs() -> None:
    case = play()
    case.owner("release", items=["response"], reason="r")
    case.lead("approve", request_id="approval-1", approved=True)
    ended = next(c for c in case.all(DeadlineCancelled) if c.obligation == "response_24h")
    assert ended.reason == "released"
    assert "referred" in case.owner("refer", **OUT["refer"]).events
    late = play()
    late.later(hours=25)
    late.customer("release", items=["response"], reason="r")
    late.later(days=3)
    assert [e.data["level"] for e in late.recorded if e.name == "escalated" and "24h" in e.data["why"]] == [1]


# --- withdrawn ------------------------------------------------------------------------------------


def test_two_people_withdraw_for_the_customer_and_follow_up_gets_the_way_to_call() -> None:
    case = answered()
    assert "withdrawn" not in case.owner("withdraw", reason="r").events
    again = case.refused(case.owned_by, "withdraw", reason="r")
    assert again.code == ErrorCode.STILL_OPEN
    assert isinstance(case.ask("agent-1", "approve", request_id="approval-1", approved=True), Refusal)
    case.lead("approve", request_id="approval-1", approved=True)
    taken_back = case.last(Withdrawn)
    assert (taken_back.by, taken_back.asked_by) == ("staff", "agent-1")
    assert (taken_back.customer_ref, taken_back.owner, taken_back.language) == ("cust-1", "agent-1", "zh")
    assert templates(case)[-1] == "withdrawn_for_you"


def test_the_complainant_confirms_what_staff_asked_for() -> None:
    case = answered()
    case.owner("withdraw", reason="r")
    case.customer("withdraw", reason="r")
    assert case.last(Withdrawn).by == "customer"
    assert case.last(Released).items == ["approval-1"]
    assert templates(case)[-1] == "withdrawn"


def test_a_second_person_does_not_withdraw_over_what_was_opened_meanwhile() -> None:
    case = answered()
    case.owner("withdraw", reason="r")
    case.owner("open_task", unit="warehouse", text="t")
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.STILL_OPEN, "data.request_id")


def test_the_complainant_withdraws_at_once_and_releases_open_items() -> None:
    case = with_action()
    reply = case.customer("withdraw", reason="r")
    assert reply.events[0] == "released"
    assert case.last(Released).items == ["action-1"]
    assert templates(case)[-1] == "withdrawn"


def templates(case: Playing) -> list[str]:
    return [str(one.data["template"]) for one in case.recorded if one.name == "notice"]


# --- merged ---------------------------------------------------------------------------------------


def left(duplicate: Playing) -> CarriedOver:
    """What routing's consumer hands to the survivor."""
    duplicate.merged()
    moved = duplicate.last(CaseEnded).moved
    assert moved is not None
    return CarriedOver(duplicate="Cddddddddddddddd", was={}, **dict(moved))


@pytest.mark.parametrize("stage", ["fresh", "agreed"])
def test_open_items_of_a_duplicate_continue_in_its_survivor_with_their_due_instants(stage: str) -> None:
    duplicate = with_action()
    duplicate.owner("open_task", unit="warehouse", text="t", due=MONDAY + timedelta(days=2))
    was = duplicate.case.state.clock("action-1")
    assert was is not None
    survivor = answered() if stage == "fresh" else with_action()
    survivor.receive(left(duplicate))
    survivor.receive(left(with_action()))  # the same again
    fact = survivor.last(CarriedOver)
    name = fact.actions[0].action_id
    ended = {one.offer_id: "offer-1" for one in fact.before}
    assert len(ended) == 1
    assert fact.was == {name: "action-1", "task-1": "task-1"} | ended
    clock = survivor.case.state.clock(name)
    assert clock is not None
    assert (clock.due, clock.status) == (was.due, "running")
    assert {c.obligation for c in survivor.all(DeadlineSet)} >= {name, "task-1"}
    for action in list(survivor.case.state.actions):
        survivor.owner("complete_action", action_id=action.action_id, evidence="e")
    assert survivor.all(Resolved) == []
    survivor.owner("finish_task", task_id="task-1", text="t")
    assert survivor.last(Resolved).outcome == "agreed"


def test_an_offer_of_a_duplicate_can_be_accepted_beside_the_survivors_own() -> None:
    survivor = with_offer()
    survivor.receive(left(with_offer()))
    assert [offer.made.offer_id for offer in survivor.case.state.open_offers] == ["offer-1", "offer-2"]
    survivor.customer("answer", offer_id="offer-2", answer="accepted")
    assert survivor.case.state.actions[0].action_id == "action-1"
    reply = survivor.owner("complete_action", action_id="action-1", evidence="e")
    assert reply.result == {"still_open": ["offer-1"]}
    assert isinstance(survivor.ask("customer", "answer", offer_id="offer-1", answer="rejected"), Accepted)
    assert survivor.last(Resolved).outcome == "agreed"


def test_a_survivor_that_was_merged_itself_passes_on_what_it_is_left() -> None:
    middle = answered()
    middle.merged("Ceeeeeeeeeeeeeee")
    middle.receive(left(with_action()))
    ended = middle.last(CaseEnded)
    assert ended.into == "Ceeeeeeeeeeeeeee"
    assert ended.moved is not None
    assert [action.action_id for action in ended.moved.actions] == ["action-1"]
