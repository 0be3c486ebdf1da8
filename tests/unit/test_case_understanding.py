"""Feelings first: listening, the problem restated and confirmed, interests and courses without agreement."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import (
    FallbackRecorded,
    InterestRecorded,
    Listened,
    Notice,
    Restated,
    RestatementAnswered,
)
from shared.contract.orders import Order
from shared.contract.values import LINK, Actor
from shared.policy.loader import Policy
from shared.policy.understanding import UnderstandingTerms
from tests.unit.cases import MONDAY, OPTIONS, Playing, play, policy

OFFER = {"option_id": "some", "standards": ["after-sales-7"], "text": "t"}
ANGRY = {"hints": {"category": "product", "style": "angry"}}


def asking(**terms: Any) -> Policy:
    """Default pack with these steps before the first offer."""
    pack = policy().pack
    own = UnderstandingTerms.model_validate(terms)
    return replace(policy(), pack=pack.model_copy(update={"understanding": own}))


def restated(case: Playing, *interests: str, **data: Any) -> str:
    """Restate the problem; the id of the restatement."""
    reply = case.owner("restate", text="t", interests=list(interests), **data)
    return str(reply.result["restatement_id"])


# --- listening ------------------------------------------------------------------------------------


ANGRY_PACK = {"listen_first": {"styles": ["angry"], "motives": ["venting"]}}


def motive(*found: str) -> dict[str, Any]:
    return {"hints": {"category": "product", "motives": list(found)}}


@pytest.mark.parametrize("said", [motive("venting"), motive("refund", "venting")])
def test_no_offer_goes_out_before_the_listening_step_that_the_motive_asks_for(said: dict[str, Any]) -> None:
    case = play(under=asking(**ANGRY_PACK), **said).ready_to_offer()
    refusal = case.refused("agent-1", "offer", **OFFER)
    assert refusal.code == ErrorCode.NEEDS_LISTENING
    assert "offer" not in refusal.allowed
    assert "listen" in refusal.allowed
    case.owner("listen", text="t")
    assert case.last(Listened).text_ref == "t"
    case.offered()


def test_other_complaints_wait_for_no_listening_step() -> None:
    play(under=asking(**ANGRY_PACK), **motive("refund")).ready_to_offer().offered()


@pytest.mark.parametrize(
    "heard",
    [
        lambda case: case.customer("record_interest", party="customer", interest="respect", confirmed=True),
        lambda case: case.customer("confirm", restatement_id=restated(case), confirmed=False, text="t"),
        lambda case: (case.owner("begin_conversation"), case.owner("end_conversation")),
    ],
)
def test_the_complainants_own_words_are_a_listening_step(heard: Any) -> None:
    case = play(under=asking(**ANGRY_PACK), **motive("venting")).ready_to_offer()
    heard(case)
    case.offered()


def test_a_new_cycle_listens_anew() -> None:
    case = play(under=asking(**ANGRY_PACK), **motive("venting"))
    case.owner("listen", text="t")
    case.resolved()
    case.reopen()
    case.do(case.owned_by, "respond", kind="plan", text="t")
    case.do(case.owned_by, "prepare_options", options=OPTIONS)
    assert case.refused(case.owned_by, "offer", **OFFER).code == ErrorCode.NEEDS_LISTENING


# --- restating ------------------------------------------------------------------------------------


def test_a_restatement_reaches_the_complainant_with_its_end_and_a_link_that_no_fact_has() -> None:
    case = play()
    name = restated(case, "money", "respect", "money")
    fact = case.last(Restated)
    assert (name, fact.interests) == ("restatement-1", ["money", "respect"])
    assert fact.expires_at == MONDAY + timedelta(days=7)
    assert case.last(Notice).template == "restated"
    wanted = case.recorded[-1].notification
    assert wanted is not None
    assert wanted.link_of is not None
    assert (wanted.link_of.id, wanted.link_of.until) == (name, fact.expires_at)


def test_the_complainant_confirms_the_problem_and_with_it_its_interests() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("prepare_options", options=OPTIONS)
    name = restated(case, "money", "fairness")
    reply = case.customer("confirm", restatement_id=name, confirmed=True)
    assert reply.events == ["restatement_answered", "interest_recorded", "interest_recorded"]
    assert [(one.interest, one.confirmed, one.how) for one in case.all(InterestRecorded)] == [
        ("money", True, "command"),
        ("fairness", True, "command"),
    ]
    case.offered()


def test_a_confirmation_by_the_link_says_so() -> None:
    case = play()
    name = restated(case, "money")
    case.case.decide(
        order(case, "confirm", Actor(id="customer", role="customer", via=LINK), restatement_id=name), case.now
    )
    case.recorded += case.case.take_new_facts()
    assert case.last(RestatementAnswered).how == "link"
    assert case.last(InterestRecorded).how == "link"


def order(case: Playing, verb: str, who: Actor, **data: Any) -> Any:
    return Order(command_id="link", verb=verb, actor=who, data={"confirmed": True} | data)


def test_a_restatement_that_is_wrong_confirms_no_interest() -> None:
    case = play()
    case.customer("confirm", restatement_id=restated(case, "money"), confirmed=False, text="t")
    assert not case.all(InterestRecorded)
    assert not case.last(RestatementAnswered).confirmed


def test_the_owner_confirms_for_the_complainant_only_by_their_recorded_words() -> None:
    case = play()
    name = restated(case, "money")
    refusal = case.refused("agent-1", "confirm", restatement_id=name, confirmed=True)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.recording")
    case.owner("confirm", restatement_id=name, confirmed=True, recording="call-77")
    fact = case.last(InterestRecorded)
    assert (fact.how, fact.recording_ref) == ("recording", "call-77")


def test_a_restatement_is_answered_once() -> None:
    case = play()
    name = restated(case, "money")
    case.customer("confirm", restatement_id=name, confirmed=True)
    for confirmed in (True, False):
        refusal = case.refused("customer", "confirm", restatement_id=name, confirmed=confirmed)
        assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.restatement_id")
    assert len(case.all(InterestRecorded)) == 1


def test_a_restatement_ends_at_its_instant() -> None:
    case = play()
    name = restated(case, "money", until=MONDAY + timedelta(hours=2))
    case.later(hours=2, microseconds=-1)
    other = play()
    case.customer("confirm", restatement_id=name, confirmed=True)
    name = restated(other, "money", until=MONDAY + timedelta(hours=2))
    other.later(hours=2)
    refusal = other.refused("customer", "confirm", restatement_id=name, confirmed=True)
    assert (refusal.code, refusal.field) == (ErrorCode.TOO_LATE, "data.restatement_id")


def test_a_new_restatement_replaces_the_one_before() -> None:
    case = play()
    first, second = restated(case, "money"), restated(case, "respect")
    assert (
        case.refused("customer", "confirm", restatement_id=first, confirmed=True).code == ErrorCode.TOO_LATE
    )
    case.customer("confirm", restatement_id=second, confirmed=True)
    assert [one.interest for one in case.all(InterestRecorded)] == ["respect"]


@pytest.mark.parametrize("wrong", ["restatement-2", "restatement-0", "other"])
def test_an_unknown_restatement_is_refused(wrong: str) -> None:
    case = play()
    restated(case)
    refusal = case.refused("customer", "confirm", restatement_id=wrong, confirmed=True)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.restatement_id")


def test_a_restatement_needs_an_end_in_the_future() -> None:
    refusal = play().refused("agent-1", "restate", text="t", until=MONDAY)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.until")


GRAVE = {"restate_first": {"severity_from": 2}}


def test_a_policy_may_have_the_first_offer_wait_for_the_confirmed_problem() -> None:
    case = play(under=asking(**GRAVE)).ready_to_offer()
    assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_RESTATEMENT
    name = restated(case)
    assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_RESTATEMENT
    case.customer("confirm", restatement_id=name, confirmed=False, text="t")
    assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_RESTATEMENT
    case.customer("confirm", restatement_id=restated(case), confirmed=True)
    case.offered()


def test_a_restatement_that_nobody_answers_keeps_nothing_waiting() -> None:
    case = play(under=asking(**GRAVE)).ready_to_offer()
    restated(case, until=MONDAY + timedelta(hours=3))
    case.later(hours=3)
    case.offered()


# --- interests and courses ------------------------------------------------------------------------


def test_a_policy_may_refuse_the_owners_word_for_an_interest() -> None:
    case = play(under=asking(proof=True))
    said = {"party": "customer", "interest": "money"}
    refusal = case.refused("agent-1", "record_interest", **said, confirmed=True)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.recording")
    case.owner("record_interest", **said, confirmed=False)
    case.owner("record_interest", **said, confirmed=True, recording="call-1")
    case.customer("record_interest", **said, confirmed=True)
    case.owner("record_interest", party="company", interest="time", confirmed=True)
    assert [one.how for one in case.all(InterestRecorded)] == [None, "recording", "command", None]


def test_each_party_has_a_course_without_agreement() -> None:
    case = play()
    case.customer("record_fallback", party="customer", course="authority")
    case.owner("record_fallback", party="company", course="decide", text="t")
    case.owner("record_fallback", party="customer", course="court")
    assert [(one.party, one.course) for one in case.all(FallbackRecorded)] == [
        ("customer", "authority"),
        ("company", "decide"),
        ("customer", "court"),
    ]
    assert case.case.state.fallbacks == {"customer": "court", "company": "decide"}
    refusal = case.refused("customer", "record_fallback", party="company", course="decide")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.party")


def test_a_policy_may_have_the_first_offer_wait_for_both_courses() -> None:
    case = play(under=asking(fallbacks_first=True)).ready_to_offer()
    for party in ("customer", "company"):
        assert case.refused("agent-1", "offer", **OFFER).code == ErrorCode.NEEDS_OPTIONS
        case.owner("record_fallback", party=party, course="other")
    case.offered()
