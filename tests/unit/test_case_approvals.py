"""Approvals: above one's authority, a safety flag, a second extension: somebody else has to agree."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalGiven,
    ApprovalRequested,
    DeadlineBreached,
    DeadlineExtended,
    DeadlineMet,
    DeadlineSet,
    Escalated,
    OfferMade,
    Triaged,
)
from tests.unit.cases import MONDAY, Playing, play

BIG: dict[str, Any] = {"option_id": "big", "standards": ["after-sales-7"], "text": "t"}


def _wants(amount: str, currency: str = "CNY", **said: Any) -> Playing:
    """A case whose owner is about to offer `amount`."""
    case = play(**said).ready_to_offer()
    money = {"value": amount, "currency": currency}
    options = [
        {"option_id": "small", "remedy": "apology"},
        {"option_id": "big", "remedy": "refund", "amount": money},
    ]
    case.owner("prepare_options", options=options)
    return case


def _asked(amount: str) -> Playing:
    case = _wants(amount)
    case.owner("offer", **BIG)
    return case


@pytest.mark.parametrize("amount", ["0.01", "499.99", "500", "500.00"])
def test_an_agent_offers_alone_within_the_limit(amount: str) -> None:
    case = _wants(amount)
    case.owner("offer", **BIG)
    assert [one.actor.id for one in case.recorded if one.name == "offer_made"] == ["agent-1"]
    assert case.all(ApprovalRequested) == []


@pytest.mark.parametrize(
    ("amount", "approver"),
    [("500.01", "lead-1"), ("5000", "lead-1"), ("5000.01", "manager-1"), ("50000", "manager-1")],
)
def test_an_offer_above_the_limit_asks_the_first_who_may_grant_it_and_is_not_made(
    amount: str, approver: str
) -> None:
    case = _wants(amount)
    reply = case.owner("offer", **BIG)
    assert reply.result == {"request_id": "approval-1", "to": approver}
    asked = case.last(ApprovalRequested)
    assert (asked.what, asked.to, asked.asked_by) == ("offer", approver, "agent-1")
    assert case.all(OfferMade) == []


@pytest.mark.parametrize(("amount", "currency"), [("50000.01", "CNY"), ("7001", "USD"), ("1000001", "JPY")])
def test_an_amount_over_every_limit_is_refused(amount: str, currency: str) -> None:
    refusal = _wants(amount, currency).refused("agent-1", "offer", **BIG)
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_AUTHORITY, "data.option_id")
    assert "CNY up to 50000" in refusal.message


def test_an_approved_offer_goes_out_at_once_as_it_was_asked_for() -> None:
    case = _asked("600")
    reply = case.lead("approve", request_id="approval-1", approved=True)
    assert reply.events == ["approval_given", "deadline_met", "offer_made", "notice"]
    assert reply.result == {"offer_id": "offer-1"}
    made, asked = case.last(OfferMade), case.last(ApprovalRequested)
    assert (made.amount, made.standards, made.expires_at) == (asked.amount, asked.standards, asked.expires_at)


def test_a_denied_offer_is_not_made_and_another_may_be() -> None:
    case = _asked("600")
    case.lead("approve", request_id="approval-1", approved=False, reason="r")
    assert case.all(OfferMade) == []
    assert case.offered("small") == "offer-1"


def test_offers_and_options_do_not_change_while_an_approval_waits() -> None:
    """Else the amount behind the request could be changed under the approver's eyes."""
    case = _asked("600")
    more = [{"option_id": "small", "remedy": "apology"}]
    more += [{"option_id": "big", "remedy": "refund", "amount": {"value": "4999", "currency": "CNY"}}]
    for verb, data in (("prepare_options", {"options": more}), ("offer", BIG | {"option_id": "small"})):
        refusal = case.refused("agent-1", verb, **data)
        assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
        assert verb not in refusal.allowed


@pytest.mark.parametrize("person", ["agent-2", "privacy-1"])
def test_a_supervisor_alone_approves(person: str) -> None:
    refusal = _asked("600").refused(person, "approve", request_id="approval-1", approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_AUTHORITY, "actor.id")


def test_a_supervisor_approves_only_within_their_own_limit() -> None:
    case = _asked("6000")
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert refusal.code == ErrorCode.OVER_AUTHORITY
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    assert case.all(OfferMade)


def test_a_supervisor_may_deny_any_amount() -> None:
    case = _asked("6000")
    case.lead("approve", request_id="approval-1", approved=False)
    assert not case.last(ApprovalGiven).approved


def test_an_asker_does_not_approve_their_own_request() -> None:
    case = play(safety=True)
    case.owner("reclassify", safety=False, reason="r")
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_SECOND_PERSON, "actor.id")


def test_the_lead_complained_about_approves_nothing() -> None:
    case = _wants("600", about_staff="lead-1")
    assert case.owner("offer", **BIG).result["to"] != "lead-1"
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.CONFLICT_OF_INTEREST, "actor.id")


@pytest.mark.parametrize("request_id", ["approval-1", "approval-7"])
def test_a_decided_or_unknown_request_is_not_approved(request_id: str) -> None:
    case = _asked("600")
    case.lead("approve", request_id="approval-1", approved=False)
    case.owner("offer", **BIG)
    refusal = case.refused("lead-1", "approve", request_id=request_id, approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.request_id")


def test_an_offer_that_has_run_out_meanwhile_can_only_be_denied() -> None:
    case = _wants("600")
    case.owner("offer", **BIG | {"expires_at": MONDAY + timedelta(hours=3)})
    case.later(hours=3)
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.TOO_LATE, "data.request_id")
    case.lead("approve", request_id="approval-1", approved=False)


def test_an_approval_has_its_own_timer() -> None:
    case = _asked("600")
    clock = case.last(DeadlineSet)
    assert (clock.obligation, clock.due) == ("approval-1", MONDAY + timedelta(hours=4))
    case.later(hours=5)
    assert case.last(DeadlineBreached).obligation == "approval-1"
    case.lead("approve", request_id="approval-1", approved=True)
    met = next(m for m in case.all(DeadlineMet) if m.obligation == "approval-1")
    assert met.late


def test_an_approval_of_one_thing_does_not_meet_the_clock_of_another() -> None:
    case = _asked("600")
    case.do("lead-1", "reclassify", safety=True, reason="r")
    case.do("lead-1", "reclassify", safety=False, reason="r")
    case.do("manager-1", "approve", request_id="approval-2", approved=True)
    assert [m.obligation for m in case.all(DeadlineMet) if m.obligation.startswith("approval")] == [
        "approval-2"
    ]


def test_a_request_holds_the_end_until_it_is_released_and_does_not_block_the_next_cycle() -> None:
    case = _asked("600")
    decision = {"decision": "rejected", "standards": ["after-sales-7"], "text": "t", "recourse": "12315"}
    refusal = case.refused(case.owned_by, "final_decision", **decision)
    assert refusal.code == ErrorCode.STILL_OPEN
    assert "approval-1" in refusal.message
    case.customer("withdraw", reason="r")
    case.reopen()
    case.ready_to_offer()
    assert case.offered("some") == "offer-1"
    assert [a.status for a in case.case.state.approvals] == ["lapsed"]


# --- nobody answers -------------------------------------------------------------------------------


def _asked_in_turn(case: Playing, days: int = 4) -> list[str]:
    """People who were asked, one after another, while nobody decided."""
    case.later(days=days)
    passed = [one.to for one in case.all(Escalated) if one.obligation == "approval-1"]
    return [case.last(ApprovalRequested).to, *passed]


def test_a_request_that_the_lead_leaves_passes_up_and_then_to_a_deputy() -> None:
    assert _asked_in_turn(_asked("600"))[:3] == ["lead-1", "manager-1", "manager-2"]


def test_a_request_that_the_manager_leaves_passes_to_a_deputy_and_to_nobody_without_the_authority() -> None:
    turns = _asked_in_turn(_asked("6000"))
    assert turns[:3] == ["manager-1", "manager-2", "manager-1"]
    assert "lead-1" not in turns


def test_the_deputy_decides_once() -> None:
    case = _asked("6000")
    case.later(hours=5)
    case.do("manager-2", "approve", request_id="approval-1", approved=True)
    refusal = case.refused("manager-1", "approve", request_id="approval-1", approved=False)
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert len(case.all(OfferMade)) == 1


def test_a_deputy_whom_the_complaint_concerns_is_not_asked() -> None:
    case = _wants("6000", about_staff="manager-2")
    case.owner("offer", **BIG)
    assert "manager-2" not in _asked_in_turn(case)


def test_a_request_is_never_passed_to_its_asker() -> None:
    case = play(safety=True)
    case.do("manager-1", "reclassify", safety=False, reason="r")
    assert _asked_in_turn(case)[:2] == ["lead-1", "manager-2"]


def test_what_was_asked_for_can_be_taken_back_by_the_asker_alone() -> None:
    case = _asked("600")
    other = case.refused("agent-2", "approve", request_id="approval-1", approved=False)
    assert other.code == ErrorCode.OVER_AUTHORITY
    case.do("agent-1", "approve", request_id="approval-1", approved=False)
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW


# --- safety ---------------------------------------------------------------------------------------


def test_a_safety_flag_is_not_lowered_by_one_person_alone() -> None:
    case = play(safety=True)
    reply = case.owner("reclassify", safety=False, reason="r")
    assert reply.events == ["approval_requested", "deadline_set"]
    assert case.last(Triaged).safety
    assert case.last(ApprovalRequested).to == "manager-1"
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    assert not case.last(Triaged).safety


def test_a_safety_flag_stays_when_its_removal_is_denied() -> None:
    case = play(safety=True)
    case.owner("reclassify", safety=False, reason="r")
    case.do("manager-1", "approve", request_id="approval-1", approved=False)
    assert case.case.state.triage.safety


def test_other_corrections_beside_a_lowered_flag_hold_at_once() -> None:
    case = play(safety=True)
    case.owner("reclassify", safety=False, category="price", reason="r")
    assert (case.last(Triaged).category, case.last(Triaged).safety) == ("price", True)


def test_a_second_person_is_asked_and_never_the_asker() -> None:
    case = play(safety=True)
    case.do("manager-1", "reclassify", safety=False, reason="r")
    assert case.last(ApprovalRequested).to == "lead-1"


def test_a_flag_that_is_raised_escalates_at_once() -> None:
    case = play()
    reply = case.owner("reclassify", safety=True, reason="r")
    assert reply.events == ["triaged", "escalated", "assigned"]
    assert case.owned_by == "lead-1"


# --- a second extension ---------------------------------------------------------------------------


def test_a_second_extension_needs_approval() -> None:
    case = play()
    first, second = MONDAY + timedelta(days=40), MONDAY + timedelta(days=60)
    case.owner("extend", obligation="resolution", until=first, reason="r")
    reply = case.owner("extend", obligation="resolution", until=second, reason="r")
    assert reply.events == ["approval_requested", "deadline_set"]
    case.lead("approve", request_id="approval-1", approved=True)
    assert [e.due for e in case.all(DeadlineExtended)] == [first, second]


def test_an_extension_that_is_approved_too_late_is_refused() -> None:
    case = play()
    for days in (22, 60):
        case.owner("extend", obligation="resolution", until=MONDAY + timedelta(days=days), reason="r")
    case.later(days=23)
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert refusal.code == ErrorCode.TOO_LATE


def test_a_role_without_a_limit_grants_nothing_and_a_step_without_a_gate_waits_for_nothing() -> None:
    pinned = play().opening.pinned
    assert pinned.limits_of("agent")["CNY"] == Decimal(500)
    assert "KRW" not in pinned.limits_of("agent")
    assert pinned.limits_of("customer") == {}
    assert pinned.record.waits_for("prepare_options") == ["remedy_sought"]
    assert pinned.record.waits_for("respond") == []
