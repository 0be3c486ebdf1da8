"""What is in reserve reaches those who may see it, and the customer learns nothing before it is decided."""

from typing import Any

import orjson
import pytest

from services.routing.discretion import discreet, without_reserve
from services.routing.view import view
from shared.contract.queries import ComplaintState
from shared.contract.recorded import message_of
from shared.contract.subjects import Service
from tests.unit.cases import Playing, play

BIG: dict[str, Any] = {"option_id": "big", "standards": ["after-sales-7"], "text": "t"}


def _waiting() -> Playing:
    """One offer was rejected; a larger one waits for the lead."""
    case = play().ready_to_offer()
    case.customer("answer", offer_id=case.offered("some"), answer="rejected")
    money = {"value": "900", "currency": "CNY"}
    options = [
        {"option_id": "some", "remedy": "refund", "amount": {"value": "100.00", "currency": "CNY"}},
        {"option_id": "big", "remedy": "refund", "amount": money, "value_to_company": 0.1},
    ]
    case.owner("prepare_options", options=options)
    case.owner("offer", **BIG)
    return case


def _seen(case: Playing, actor: str) -> ComplaintState:
    return discreet(view(case.case.state), actor)


@pytest.mark.parametrize("actor", ["agent-1", "lead-1", "manager-1"])
def test_the_owner_and_the_people_above_see_what_is_in_reserve(actor: str) -> None:
    state = _seen(_waiting(), actor)
    assert [one["option_id"] for one in state.negotiation["options"]] == ["some", "big"]
    assert [one["amount"]["value"] for one in state.approvals] == ["900"]


@pytest.mark.parametrize("actor", ["customer", "quality-1", "agent-2", "lead-3"])
def test_others_see_what_was_offered_and_nothing_that_waits(actor: str) -> None:
    state = _seen(_waiting(), actor)
    assert [one["option_id"] for one in state.negotiation["options"]] == ["some"]
    assert state.approvals == []
    assert "900" not in state.model_dump_json(include={"negotiation", "approvals"})


def test_the_customer_does_not_see_what_the_organisation_needs() -> None:
    case = _waiting()
    case.owner("record_interest", party="company", interest="money", confirmed=True)
    assert {one["party"] for one in _seen(case, "customer").negotiation["interests"]} == {"customer"}
    assert len(_seen(case, "agent-2").negotiation["interests"]) == 2


@pytest.mark.parametrize("actor", ["customer", "quality-1"])
def test_the_timeline_of_the_customer_and_a_department_has_no_offer_before_it_is_made(actor: str) -> None:
    case = _waiting()
    own, policy = case.opening.complaint_id, case.opening.pinned.identity
    sent = [orjson.loads(message_of(Service.ROUTING, own, policy, one).body) for one in case.recorded]
    told = without_reserve(sent, actor, {"quality-1"})
    assert b"900" not in orjson.dumps([one["data"] for one in told])
    assert b"next_option_id" not in orjson.dumps(told)
    assert [one["data"]["offer_id"] for one in told if "offer_made" in one["type"]] == ["offer-1"]
    assert without_reserve(sent, "agent-2", {"quality-1"}) == sent
