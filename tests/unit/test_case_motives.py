"""Motives are hypotheses: facts revise them, nothing overwrites them, and a plan has to answer one."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from services.console.display.wording import COMING
from services.routing.rules.clockwork import Kind
from services.routing.rules.motives import known_motives
from services.routing.view import UNSEEN, WHAT, view
from shared.contract.commands import Accepted
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import ApprovalRequested, OptionsPrepared, Responded, Triaged
from shared.contract.queries import Coming
from shared.contract.values import Motive
from tests.unit.cases import OPTIONS, Playing, play

APOLOGIES = [
    {"option_id": "a", "remedy": "apology"},
    {"option_id": "b", "remedy": "goodwill", "amount": {"value": "10", "currency": "CNY"}},
]
MONEY = OPTIONS[1:]


def opened(*motives: str, **said: Any) -> Playing:
    return play(hints={"category": "product", "motives": list(motives)}, **said)


def known(case: Playing) -> dict[str, tuple[float, str]]:
    return {one.motive: (one.confidence, one.source) for one in known_motives(case.case.state)}


def test_each_revision_stays_beside_those_before_it() -> None:
    case = opened("venting")
    case.owner("record_interest", party="customer", interest="money", confirmed=True, text="t")
    case.owner("reclassify", motives=["apology"], reason="r")
    case.owner("reclassify", category="service", reason="r")
    shown = view(case.case.state)
    owner = case.case.state.owner
    assert [[one.motive for one in revision.motives] for revision in shown.motive_revisions] == [
        ["venting"],
        ["venting", "compensation", "refund"],
        ["apology"],
    ]
    assert [one.why for one in shown.motive_revisions] == ["triaged", "interest_recorded", "triaged"]
    assert shown.motives == shown.motive_revisions[-1].motives
    assert known(case) == {"apology": (1.0, f"person:{owner}")}


def test_an_interest_makes_a_motive_surer_and_that_of_the_company_shows_none() -> None:
    case = opened("apology")
    case.owner("record_interest", party="company", interest="money", confirmed=True)
    assert known(case) == {"apology": (0.9, "hint")}
    case.owner("record_interest", party="customer", interest="apology", confirmed=False)
    assert known(case) == {"apology": (0.9, "hint")}
    case.owner("record_interest", party="customer", interest="apology", confirmed=True)
    assert known(case) == {"apology": (1.0, "interest")}


def test_alternatives_that_answer_no_motive_are_refused_unless_the_owner_says_why() -> None:
    case = opened("suggestion")
    refused = case.ask(case.case.state.owner, "prepare_options", options=MONEY)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == (ErrorCode.NEEDS_REASON, "data.why")
    assert "suggestion" in refused.message
    assert "suggestion" in refused.message_zh
    case.owner("prepare_options", options=MONEY, why="ref")
    assert case.all(OptionsPrepared)[-1].why_ref == "ref"


@pytest.mark.parametrize(
    ("motives", "said"),
    [
        ((), {}),
        (("refund",), {}),
        (("suggestion", "refund"), {}),
        (("suggestion",), {"remedy_sought": "refund"}),
    ],
)
def test_alternatives_that_answer_a_motive_or_the_wish_pass(motives: tuple[str, ...], said: Any) -> None:
    case = opened(*motives, **said)
    case.owner("prepare_options", options=MONEY)
    assert case.all(OptionsPrepared)[-1].why_ref is None


def test_the_reply_names_the_motives_and_needs_that_a_plan_leaves_out() -> None:
    case = opened("refund", "suggestion", safety=True)
    reply = case.owner("prepare_options", options=MONEY)
    assert reply.result["unanswered"] == {"motives": ["suggestion"], "needs": ["safe", "correct"]}
    reply = case.owner("prepare_options", options=MONEY, needs=["safe", "correct"])
    assert reply.result["unanswered"] == {"motives": ["suggestion"], "needs": []}
    case = opened("apology")
    assert case.owner("prepare_options", options=APOLOGIES).result == {}


def test_a_plan_that_names_what_it_answers_has_to_answer_a_motive() -> None:
    case = opened("refund")
    owner = case.case.state.owner
    refused = case.ask(owner, "respond", kind="plan", text="t", answers=["apology"])
    assert isinstance(refused, Refusal)
    assert refused.code == ErrorCode.NEEDS_REASON
    assert case.owner("respond", kind="plan", text="t", answers=["refund"]).result == {}
    assert case.all(Responded)[-1].answers == [Motive.REFUND]
    reply = case.owner("respond", kind="plan", text="t")
    assert reply.result["unanswered"] == {"motives": ["refund"], "needs": ["compensate"]}
    assert case.owner("respond", kind="plan", text="t", answers=[], why="w").result["unanswered"]
    assert case.owner("respond", kind="explanation", text="t").result == {}


# --- harassment -----------------------------------------------------------------------------------


def test_hints_only_suggest_harassment() -> None:
    case = opened("harassment", "refund")
    assert list(known(case)) == ["refund"]
    assert view(case.case.state).harassment_suggested == ["hint"]


def test_harassment_takes_a_second_person_and_what_is_named_beside_it_does_not() -> None:
    case = opened("refund")
    owner = case.case.state.owner
    reply = case.owner("reclassify", motives=["harassment", "venting"], reason="r")
    assert list(known(case)) == ["venting"]
    alone = case.ask(owner, "approve", request_id=reply.result["request_id"], approved=True)
    assert isinstance(alone, Refusal)
    assert list(known(case)) == ["venting"]
    case.do(reply.result["to"], "approve", request_id=reply.result["request_id"], approved=True)
    assert known(case) == {"venting": (1.0, f"person:{owner}"), "harassment": (1.0, f"person:{owner}")}


def harassed(case: Playing) -> Playing:
    reply = case.owner("reclassify", motives=["refund", "harassment"], reason="r")
    case.do(reply.result["to"], "approve", request_id=reply.result["request_id"], approved=True)
    return case


def test_every_event_of_time_has_its_word_in_the_view() -> None:
    words = set(get_args(Coming.model_fields["what"].annotation))
    assert set(WHAT) == set(get_args(Kind)) - {*UNSEEN}
    assert set(WHAT.values()) == words == set(COMING)


def test_the_mark_ends_by_itself_after_the_time_of_the_policy() -> None:
    case = harassed(opened("refund", "harassment"))
    coming = view(case.case.state).coming
    assert coming
    (mark,) = [one for one in known_motives(case.case.state) if one.until]
    assert mark.until
    assert mark.until - case.now > timedelta(days=89)
    case.until(mark.until - timedelta(seconds=1))
    assert "harassment" in known(case)
    case.until(mark.until)
    assert list(known(case)) == ["refund"]
    last = [one for one in case.recorded if one.name == Triaged.NAME][-1]
    assert last.at == mark.until


def test_a_later_list_without_it_ends_the_mark_and_one_with_it_asks_nobody_again() -> None:
    case = harassed(opened("refund"))
    asked = len(case.all(ApprovalRequested))
    until = [one.until for one in known_motives(case.case.state)]
    case.owner("reclassify", motives=["refund", "harassment"], reason="r")
    assert [one.until for one in known_motives(case.case.state)] == until
    case.owner("reclassify", motives=["refund"], reason="r")
    assert "harassment" not in known(case)
    assert len(case.all(ApprovalRequested)) == asked


def test_the_mark_moves_no_deadline_and_asks_for_nothing() -> None:
    case = opened("refund")
    owed = {clock.name: clock.due for clock in case.case.state.clocks}
    harassed(case)
    assert {name: case.case.state.clock(name).due for name in owed} == owed  # type: ignore[union-attr]
    assert case.owner("prepare_options", options=MONEY).result == {}


def test_lowering_and_harassment_in_one_command_are_two_requests() -> None:
    case = opened("refund", safety=True)
    reply = case.owner("reclassify", safety=False, severity=1, motives=["harassment"], reason="r")
    asked = [(one.request_id, one.what, one.severity) for one in case.all(ApprovalRequested)]
    assert asked == [("approval-1", "safety_downgrade", 1), ("approval-2", "harassment", None)]
    assert reply.result["request_id"] == "approval-1"
    assert case.case.state.triage.safety
    assert isinstance(
        case.ask(case.case.state.owner, "approve", request_id="approval-2", approved=True), Refusal
    )
    assert isinstance(
        case.ask(case.case.state.chain.manager, "approve", request_id="approval-2", approved=True), Accepted
    )


# --- sub-codes, triggers --------------------------------------------------------------------------


def test_a_sub_code_brings_its_category_and_is_left_out_when_the_category_changes() -> None:
    case = opened()
    case.owner("reclassify", sub="delivery.late", reason="r")
    assert (case.case.state.triage.category, case.case.state.triage.sub) == ("service", "delivery.late")
    case.owner("reclassify", category="price", reason="r")
    assert (case.case.state.triage.category, case.case.state.triage.sub) == ("price", None)
    wrong = case.ask(case.case.state.owner, "reclassify", sub="delivery.late", category="price", reason="r")
    assert isinstance(wrong, Refusal)
    assert wrong.field == "data.sub"


def test_a_missed_promise_is_a_trigger_that_names_it() -> None:
    case = play(hints={"triggers": ["loss"]})
    assert [one.trigger for one in view(case.case.state).triggers] == ["loss"]
    case.until(case.now + timedelta(hours=25))
    found = [(one.trigger, one.source, one.promise) for one in view(case.case.state).triggers]
    assert found == [("loss", "hint", None), ("broken_promise", "deadline", "promise-1")]
