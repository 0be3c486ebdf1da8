"""Never worse, with no way round: by value, over the whole ledger, in one currency; and how to go back."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contract.commands import Accepted
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import (
    Agreed,
    ApprovalRequested,
    CarriedOver,
    CaseEnded,
    GoneBack,
    Notice,
    OfferMade,
)
from tests.unit.cases import Playing, play

LOSS = {"value": "3000", "currency": "CNY"}


def _option(name: str, remedy: str, value: str | None = None, currency: str = "CNY") -> dict[str, Any]:
    amount = {"value": value, "currency": currency} if value else None
    return {"option_id": name, "remedy": remedy, "amount": amount}


def _after(first: dict[str, Any], **said: Any) -> Playing:
    """Case in which this was offered, and rejected."""
    case = play(**said).ready_to_offer()
    case.owner("prepare_options", options=[first, _option("dear", "refund", "499")])
    case.customer("answer", offer_id=case.offered(first["option_id"]), answer="rejected")
    return case


def _offered_next(case: Playing, then: dict[str, Any], **data: Any) -> Accepted | Refusal:
    """Reply to an offer of `then` by the owner, out of a new list."""
    said = {"option_id": then["option_id"], "standards": ["after-sales-7"], "text": "t"} | data
    case.owner("prepare_options", options=[_option("told", "explanation"), then], why="w")
    return case.ask(case.owned_by, "offer", **said)


def _code(reply: Accepted | Refusal) -> str | None:
    return None if isinstance(reply, Accepted) else reply.code


@pytest.mark.parametrize(
    ("first", "then", "fine"),
    [
        (_option("a", "refund", "100"), _option("b", "voucher", "124"), False),
        (_option("a", "refund", "100"), _option("b", "voucher", "125"), True),
        (_option("a", "refund", "100"), _option("b", "points", "199"), False),
        (_option("a", "refund", "100"), _option("b", "points", "200"), True),
        (_option("a", "refund", "100"), _option("b", "apology"), False),
        (_option("a", "refund", "100"), _option("b", "repair"), False),
        (_option("a", "refund", "100"), _option("b", "replacement"), True),
        (_option("a", "replacement"), _option("b", "refund", "149"), False),
        (_option("a", "replacement"), _option("b", "refund", "150"), True),
        (_option("a", "refund", "100"), _option("b", "refund", "14", "USD"), False),
        (_option("a", "refund", "100"), _option("b", "refund", "15", "USD"), True),
        (_option("a", "refund", "15", "USD"), _option("b", "refund", "106", "CNY"), False),
        (_option("a", "refund", "15", "USD"), _option("b", "refund", "106.50", "CNY"), True),
    ],
)
def test_another_kind_or_currency_is_held_against_the_value_of_the_policy(
    first: dict[str, Any], then: dict[str, Any], fine: bool
) -> None:
    reply = _offered_next(_after(first), then)
    assert _code(reply) == (None if fine else ErrorCode.WORSE_THAN_BEFORE)
    if isinstance(reply, Refusal):
        assert (reply.field, "why_worse" in reply.message) == ("data.option_id", True)


def test_an_offer_names_its_value_and_the_rate_with_its_day() -> None:
    case = _after(_option("a", "refund", "15", "USD"))
    made = case.last(OfferMade)
    assert made.value is not None
    assert (made.value.value, made.value.currency) == ("106.50", "CNY")
    assert [(one.currency, one.worth, str(one.published)) for one in made.rates] == [
        ("USD", "7.10", "2026-01-01")
    ]


def test_a_replacement_is_worth_what_was_lost() -> None:
    case = _after(_option("a", "replacement"), loss=LOSS)
    assert _code(_offered_next(case, _option("b", "refund", "499"))) == ErrorCode.WORSE_THAN_BEFORE


def test_a_loss_that_is_completed_later_raises_what_was_offered_before() -> None:
    case = _after(_option("a", "replacement"))
    case.owner("complete_record", loss=LOSS)
    assert _code(_offered_next(case, _option("b", "refund", "499"))) == ErrorCode.WORSE_THAN_BEFORE


def test_the_whole_ledger_of_all_cycles_counts_by_value() -> None:
    case = play().resolved("all")
    case.reopen()
    case.ready_to_offer()
    assert _code(_offered_next(case, _option("b", "voucher", "240"))) == ErrorCode.WORSE_THAN_BEFORE


def test_a_merger_is_no_way_to_offer_less_than_in_the_duplicate() -> None:
    duplicate = _after(_option("a", "refund", "300"))
    duplicate.merged("Cbbbbbbbbbbbbbbb")
    moved = duplicate.last(CaseEnded).moved
    assert moved is not None
    assert [one.offer_id for one in moved.before] == ["offer-1"]
    survivor = play().ready_to_offer()
    left = CarriedOver(duplicate="Caaaaaaaaaaaaaab", was={}, **dict(moved))
    survivor.receive(left)
    survivor.receive(left)
    assert [one.status for one in survivor.case.state.offers] == ["moved"]
    assert _code(_offered_next(survivor, _option("b", "refund", "299"))) == ErrorCode.WORSE_THAN_BEFORE
    assert _code(_offered_next(survivor, _option("b", "refund", "300"))) is None


# --- where nothing can be compared ----------------------------------------------------------------


def test_a_currency_without_a_rate_is_decided_by_a_second_person() -> None:
    case = _after(_option("a", "refund", "100"))
    reply = _offered_next(case, _option("b", "refund", "9000", "JPY"))
    assert isinstance(reply, Accepted)
    assert reply.events == ["approval_requested", "deadline_set"]
    asked = case.last(ApprovalRequested)
    assert (asked.to, asked.reasons, asked.below) == ("lead-1", ["not_comparable"], "offer-1")
    alone = case.refused("agent-1", "approve", request_id=asked.request_id, approved=True)
    assert alone.code == ErrorCode.OVER_AUTHORITY
    case.lead("approve", request_id=asked.request_id, approved=True)
    assert case.last(OfferMade).value == case.last(OfferMade).amount


def test_two_amounts_of_one_currency_without_a_rate_are_compared() -> None:
    case = _after(_option("a", "refund", "9000", "JPY"))
    assert _code(_offered_next(case, _option("b", "voucher", "11000", "JPY"))) == ErrorCode.WORSE_THAN_BEFORE


def test_a_condition_that_an_earlier_offer_had_not_is_decided_by_a_second_person_unless_more_is_offered() -> (
    None
):
    case = _after(_option("a", "refund", "100"))
    reply = _offered_next(case, _option("b", "refund", "100.00"), conditions="routing:C:words")
    assert isinstance(reply, Accepted)
    assert case.last(ApprovalRequested).reasons == ["not_comparable"]
    case.lead("approve", request_id="approval-1", approved=False)
    reply = _offered_next(case, _option("b", "refund", "101"), conditions="routing:C:words")
    assert "offer_made" in (reply.events if isinstance(reply, Accepted) else [])


# --- going back -----------------------------------------------------------------------------------


def test_going_back_takes_a_reason_and_a_person_above_and_is_a_fact() -> None:
    case = _after(_option("a", "refund", "300"))
    reply = _offered_next(case, _option("b", "refund", "200"), why_worse="routing:C:why")
    assert isinstance(reply, Accepted)
    assert "notice" not in reply.events
    asked = case.last(ApprovalRequested)
    assert (asked.reasons, asked.below, asked.least_role, asked.why_worse_ref) == (
        ["going_back"],
        "offer-1",
        "lead",
        "routing:C:why",
    )
    granted = case.lead("approve", request_id=asked.request_id, approved=True)
    assert granted.events == ["approval_given", "deadline_met", "gone_back", "offer_made", "notice"]
    back = case.last(GoneBack)
    assert (back.offer_id, back.below, back.asked_by) == ("offer-2", "offer-1", "agent-1")


def test_after_going_back_the_new_offer_is_the_measure() -> None:
    case = _after(_option("a", "refund", "300"))
    _offered_next(case, _option("b", "refund", "200"), why_worse="w")
    case.lead("approve", request_id="approval-1", approved=True)
    case.customer("answer", offer_id="offer-2", answer="rejected")
    assert _code(_offered_next(case, _option("c", "refund", "199"))) == ErrorCode.WORSE_THAN_BEFORE
    assert _code(_offered_next(case, _option("c", "refund", "250"))) is None


def test_nobody_goes_back_alone_not_even_at_the_top() -> None:
    case = _after(_option("a", "refund", "300"))
    case.do("lead-1", "escalate", reason="r")
    case.do(case.owned_by, "escalate", reason="r") if case.owned_by != "manager-1" else None
    assert case.owned_by == "manager-1"
    _offered_next(case, _option("b", "refund", "200"), why_worse="w")
    asked = case.last(ApprovalRequested)
    assert asked.to == "lead-1"
    alone = case.refused("manager-1", "approve", request_id=asked.request_id, approved=True)
    assert alone.code == ErrorCode.NEEDS_SECOND_PERSON


def test_a_denied_return_leaves_the_measure() -> None:
    case = _after(_option("a", "refund", "300"))
    _offered_next(case, _option("b", "refund", "200"), why_worse="w")
    case.lead("approve", request_id="approval-1", approved=False)
    assert case.all(GoneBack) == []
    assert _code(_offered_next(case, _option("b", "refund", "200"))) == ErrorCode.WORSE_THAN_BEFORE


# --- the band -------------------------------------------------------------------------------------


def test_outside_the_band_an_offer_takes_a_reason() -> None:
    case = play(loss={"value": "100", "currency": "CNY"}).ready_to_offer()
    over = _option("b", "refund", "10300.01")
    refusal = _offered_next(case, over)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_REASON, "data.why_outside")
    assert "10300" in refusal.message
    assert isinstance(_offered_next(case, over, why_outside="routing:C:why"), Accepted)
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    made = case.last(OfferMade)
    assert (made.outside, made.why_outside_ref) == ("above", "routing:C:why")


def test_inside_the_band_no_reason_is_kept() -> None:
    case = play(loss={"value": "100", "currency": "CNY"}).ready_to_offer()
    _offered_next(case, _option("b", "refund", "300"), why_outside="w")
    assert (case.last(OfferMade).outside, case.last(OfferMade).why_outside_ref) == (None, None)


def test_the_highest_interest_lets_limit_and_band_give_way() -> None:
    case = play(safety=True).ready_to_offer()
    case.owner("override", reason="r")
    reply = _offered_next(case, _option("b", "refund", "90000"))
    assert "offer_made" in (reply.events if isinstance(reply, Accepted) else [])


# --- conditions -----------------------------------------------------------------------------------


def test_conditions_reach_the_complainant_and_the_agreement() -> None:
    case = play().ready_to_offer()
    offer = case.offered("some", conditions="routing:C:words")
    told = next(one.notification for one in reversed(case.recorded) if one.notification)
    assert told is not None
    assert (told.parts, told.texts_of) == (["offer_conditions"], {"conditions": "routing:C:words"})
    case.customer("answer", offer_id=offer, answer="accepted")
    assert case.last(Agreed).terms.conditions_ref == "routing:C:words"


def test_an_offer_that_waits_for_a_decision_is_not_told() -> None:
    case = play().ready_to_offer()
    before = len(case.all(Notice))
    _offered_next(case, _option("b", "refund", "600"))
    case.later(hours=3)
    assert len(case.all(Notice)) == before


def test_an_offer_ends_at_the_second_that_its_words_name() -> None:
    case = play().ready_to_offer()
    end = case.now + timedelta(days=2, seconds=7, microseconds=99)
    case.offered("some", expires_at=end)
    assert case.last(OfferMade).expires_at == end.replace(microsecond=0)
