"""Negotiation: gates before an offer, one open at a time, never worse, always on a standard."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contract.commands import Accepted
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    Agreed,
    DeadlineSet,
    InterestRecorded,
    Notice,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OptionsPrepared,
)
from tests.unit.cases import MONDAY, OPTIONS, Playing, play

OFFER: dict[str, Any] = {"option_id": "some", "standards": ["after-sales-7"], "text": "t"}


def _yuan(value: str) -> dict[str, str]:
    return {"value": value, "currency": "CNY"}


def _option(option_id: str, value: str | None = None, remedy: str = "refund") -> dict[str, Any]:
    return {"option_id": option_id, "remedy": remedy, "amount": _yuan(value) if value else None}


def _rejected(case: Playing, offer_id: str) -> Accepted:
    return case.customer("answer", offer_id=offer_id, answer="rejected")


# --- interests ------------------------------------------------------------------------------------


def test_the_complainant_confirms_an_interest_by_their_own_command() -> None:
    case = play()
    case.owner("respond", kind="explanation", text="t")
    case.owner("record_interest", party="customer", interest="money", confirmed=False)
    case.owner("prepare_options", options=OPTIONS)
    assert case.refused(case.owned_by, "offer", **OFFER).code == ErrorCode.NEEDS_INTEREST
    case.customer("record_interest", party="customer", interest="time", confirmed=False)
    assert case.last(InterestRecorded).confirmed
    case.owner("offer", **OFFER)


def test_the_complainant_does_not_record_what_the_organisation_needs() -> None:
    refusal = play().refused("customer", "record_interest", party="company", interest="time", confirmed=True)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.party")


# --- gates ----------------------------------------------------------------------------------------


def test_feelings_come_before_the_offer() -> None:
    case = play()
    case.owner("record_interest", party="customer", interest="money", confirmed=True)
    case.owner("prepare_options", options=OPTIONS)
    assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_RESPONSE_FIRST


@pytest.mark.parametrize(("party", "confirmed"), [(None, None), ("customer", False), ("company", True)])
def test_an_offer_without_a_confirmed_interest_of_the_complainant_is_refused(
    party: str | None, confirmed: bool | None
) -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("prepare_options", options=OPTIONS)
    if party:
        case.owner("record_interest", party=party, interest="money", confirmed=confirmed)
    assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_INTEREST


def test_an_offer_before_two_alternatives_are_prepared_is_refused() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("record_interest", party="customer", interest="money", confirmed=True)
    assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_OPTIONS


@pytest.mark.parametrize(
    "options", [[], [_option("a", "1")], [_option("a", "1"), _option("a", "2")]], ids=["none", "one", "same"]
)
def test_fewer_than_two_different_alternatives_are_none(options: list[dict[str, Any]]) -> None:
    refusal = play().refused("agent-1", "prepare_options", options=options)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_OPTIONS, "data.options")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (_option("b", remedy="a-horse"), "data.options.1.remedy"),
        (_option("b", remedy="refund"), "data.options.1.amount"),
        (_option("b", "1,5"), "data.options.1.amount.value"),
        (_option("b", "-1"), "data.options.1.amount.value"),
    ],
)
def test_a_wrong_alternative_is_named_by_its_field(wrong: dict[str, Any], field: str) -> None:
    refusal = play().refused("agent-1", "prepare_options", options=[_option("a", "1"), wrong])
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, field)


@pytest.mark.parametrize("standards", [[], ["no-such-rule"], ["after-sales-7", "no-such-rule"]])
def test_an_offer_cites_standards_that_the_policy_has(standards: list[str]) -> None:
    refusal = play().ready_to_offer().refused("agent-1", "offer", **OFFER | {"standards": standards})
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_STANDARD, "data.standards")


def test_the_standards_of_an_offer_resolve_to_id_and_version() -> None:
    case = play().ready_to_offer()
    case.offered(standards=["after-sales-7", "service-conduct-2"])
    assert [(s.id, s.version) for s in case.last(OfferMade).standards] == [
        ("after-sales-7", "2026-01"),
        ("service-conduct-2", "2025-09"),
    ]


def test_an_unprepared_option_cannot_be_offered() -> None:
    refusal = play().ready_to_offer().refused("agent-1", "offer", **OFFER | {"option_id": "other"})
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.option_id")


@pytest.mark.parametrize("hours", [-1, 0, 30 * 24 + 1])
def test_an_offer_is_open_for_a_while_and_not_for_ever(hours: int) -> None:
    case = play().ready_to_offer()
    until = MONDAY + timedelta(hours=hours)
    refusal = case.refused("agent-1", "offer", **OFFER | {"expires_at": until})
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.expires_at")


def test_an_offer_that_names_no_end_is_open_for_seven_days_and_reaches_the_complainant() -> None:
    case = play().ready_to_offer()
    case.offered()
    made = case.last(OfferMade)
    assert (made.offer_id, made.round, made.expires_at) == ("offer-1", 1, MONDAY + timedelta(days=7))
    assert case.last(Notice).template == "offer"


# --- one at a time --------------------------------------------------------------------------------


def test_a_second_open_offer_is_refused() -> None:
    case = play().ready_to_offer()
    case.offered()
    assert case.refused("agent-1", "offer", **OFFER | {"option_id": "all"}).code == ErrorCode.NOT_ALLOWED_NOW
    refusal = case.refused("agent-1", "prepare_options", options=OPTIONS)
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert not {"offer", "prepare_options"} & set(refusal.allowed)


def test_an_offer_is_answered_once() -> None:
    case = play().ready_to_offer()
    offer = case.offered()
    _rejected(case, offer)
    case.offered("all")
    for answer in ("accepted", "rejected", "countered"):
        refusal = case.refused("customer", "answer", offer_id=offer, answer=answer)
        assert (refusal.code, refusal.field) == (ErrorCode.OFFER_NOT_OPEN, "data.offer_id")


def test_an_expired_offer_cannot_be_answered() -> None:
    case = play().ready_to_offer()
    offer = case.offered()
    case.later(days=7)
    assert case.last(OfferExpired).offer_id == offer
    assert case.at(OfferExpired) == [MONDAY + timedelta(days=7)]
    answer = case.refused("customer", "answer", offer_id=offer, answer="accepted")
    assert answer.code == ErrorCode.OFFER_NOT_OPEN


def test_an_offer_can_be_accepted_until_the_last_moment() -> None:
    case = play().ready_to_offer()
    offer = case.offered()
    case.later(days=7, microseconds=-1)
    assert "agreed" in case.customer("answer", offer_id=offer, answer="accepted").events


def test_a_withdrawn_offer_cannot_be_answered_or_withdrawn_again() -> None:
    case = play().ready_to_offer()
    offer = case.offered()
    case.owner("withdraw_offer", offer_id=offer, reason="r")
    answer = case.refused("customer", "answer", offer_id=offer, answer="accepted")
    again = case.refused("agent-1", "withdraw_offer", offer_id=offer, reason="r")
    assert {answer.code, again.code} == {ErrorCode.OFFER_NOT_OPEN}


@pytest.mark.parametrize("verb", ["answer", "withdraw_offer"])
def test_another_offer_than_the_open_one_is_refused(verb: str) -> None:
    case = play().ready_to_offer()
    case.offered()
    refusal = case.refused("agent-1", verb, offer_id="offer-9", answer="accepted", reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.OFFER_NOT_OPEN, "data.offer_id")


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["rejected", "countered"])
def test_a_rejection_proposes_the_next_alternative_to_the_owner_at_once(answer: str) -> None:
    case = play().ready_to_offer()
    offer = case.offered("some")
    counter = {"remedy": "refund", "amount": _yuan("150")}
    reply = case.customer("answer", offer_id=offer, answer=answer, counter=counter)
    assert reply.result == {"next_option_id": "all"}
    assert case.last(OfferAnswered).next_option_id == "all"
    assert "offer" in reply.allowed


def test_no_alternative_is_proposed_after_the_last() -> None:
    case = play().ready_to_offer()
    assert _rejected(case, case.offered("all")).result == {}


def test_acceptance_is_agreement_with_terms_and_dated_actions() -> None:
    case = play().agreed()
    agreed = case.last(Agreed)
    assert agreed.terms.amount is not None
    assert (agreed.offer_id, agreed.terms.remedy, agreed.terms.amount.value) == (
        "offer-1",
        "refund",
        "100.00",
    )
    assert [a.what for a in agreed.actions] == ["pay-refund"]
    clock = case.last(DeadlineSet)
    assert (clock.obligation, clock.due) == (agreed.actions[0].action_id, agreed.actions[0].due)


def test_an_agreement_is_carried_out_not_negotiated_again() -> None:
    case = play().agreed()
    for verb, data in (("offer", OFFER), ("prepare_options", {"options": OPTIONS})):
        assert case.refused("agent-1", verb, **data).code == ErrorCode.NOT_ALLOWED_NOW


# --- never worse ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["rejected", "expired", "withdrawn"])
def test_a_later_offer_is_never_worse_however_the_earlier_one_ended(ending: str) -> None:
    case = play().ready_to_offer()
    offer = case.offered("all")
    if ending == "rejected":
        _rejected(case, offer)
    elif ending == "withdrawn":
        case.owner("withdraw_offer", offer_id=offer, reason="r")
    else:
        case.later(days=8)
    refusal = case.refused(case.owned_by, "offer", **OFFER)
    assert (refusal.code, refusal.field) == (ErrorCode.WORSE_THAN_BEFORE, "data.option_id")


@pytest.mark.parametrize(
    ("anew", "option_id", "fine"),
    [
        ([_option("x", "99.99"), _option("y", "300")], "x", False),
        ([_option("x", "100.00"), _option("y", "300")], "x", True),
        ([_option("x", "99.99", "voucher"), _option("y", "300")], "x", False),
        ([_option("x", remedy="apology"), _option("y", "100.00")], "x", False),
        ([_option("some", "100.00"), _option("x", remedy="replacement")], "x", True),
        ([_option("x", remedy="replacement"), _option("some", "100.00")], "x", False),
    ],
    ids=["less", "equal", "less of another kind", "listed before it", "listed after it", "moved behind"],
)
def test_alternatives_prepared_anew_are_measured_by_the_same_rule(
    anew: list[dict[str, Any]], option_id: str, fine: bool
) -> None:
    case = play().ready_to_offer()
    _rejected(case, case.offered("some"))
    case.owner("prepare_options", options=anew)
    reply = case.ask("agent-1", "offer", **OFFER | {"option_id": option_id})
    code = None if isinstance(reply, Accepted) else reply.code
    assert code == (None if fine else ErrorCode.WORSE_THAN_BEFORE)


def test_taking_an_offer_back_is_no_way_to_offer_less() -> None:
    case = play().ready_to_offer()
    case.owner("withdraw_offer", offer_id=case.offered("some"), reason="r")
    case.owner("prepare_options", options=[_option("x", "99.99"), _option("y", "300")])
    refusal = case.refused("agent-1", "offer", **OFFER | {"option_id": "x"})
    assert refusal.code == ErrorCode.WORSE_THAN_BEFORE


def test_a_new_cycle_does_not_begin_lower_than_the_last_ended() -> None:
    case = play().resolved("all")
    case.reopen()
    case.ready_to_offer()
    assert case.refused(case.owned_by, "offer", **OFFER).code == ErrorCode.WORSE_THAN_BEFORE


def test_an_option_in_a_currency_without_any_limit_is_not_prepared() -> None:
    case = play()
    won = {"option_id": "x", "remedy": "refund", "amount": {"value": "2", "currency": "KRW"}}
    refusal = case.refused(case.owned_by, "prepare_options", options=[won, _option("y", "300")])
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.options.0.amount.currency")
    assert "JPY up to 1000000" in refusal.message


def test_prepared_options_keep_their_values_and_no_text() -> None:
    case = play()
    worth = _option("a", "1") | {"text": "routing:C:ref", "value_to_customer": 0.2, "value_to_company": 0.9}
    case.owner("prepare_options", options=[worth, _option("b", "2")])
    first = case.last(OptionsPrepared).options[0]
    assert (first.value_to_customer, first.value_to_company, first.text_ref) == (0.2, 0.9, "routing:C:ref")
