"""Endings: done with evidence, decided with reasons, referred or withdrawn; then closed, or begun again."""

from datetime import timedelta
from typing import Any

import pytest

from services.routing.view import next_obligation, view
from shared.contract.commands import COMMANDS, verbs_of
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ActionCompleted,
    Assigned,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineSet,
    FinalDecision,
    Notice,
    Reopened,
    Resolved,
)
from shared.contract.subjects import Service
from shared.contract.values import Stage
from tests.unit.cases import DECIDED, MONDAY, Playing, play

DECISION: dict[str, Any] = {
    "decision": "rejected",
    "standards": ["after-sales-7"],
    "text": "t",
    "recourse": "12315",
}


def _stage(case: Playing) -> Stage:
    return case.case.state.stage


# --- carried out ----------------------------------------------------------------------------------


def test_a_complaint_is_resolved_when_the_last_action_is_done_with_evidence() -> None:
    case = play().agreed()
    assert _stage(case) == Stage.IMPLEMENTING
    reply = case.owner("complete_action", action_id="action-1", evidence="routing:C:ref")
    assert reply.events == ["action_completed", "deadline_met", "resolved", *["deadline_met"] * 2, "notice"]
    assert case.last(ActionCompleted).evidence_ref == "routing:C:ref"
    resolved = case.last(Resolved)
    assert (resolved.outcome, resolved.owner, resolved.customer_ref) == ("agreed", "agent-1", "cust-1")
    assert reply.stage == Stage.FOLLOWING_UP
    assert not set(reply.allowed) & DECIDED


def test_a_complaint_is_not_resolved_while_one_action_is_open() -> None:
    """Every remedy of the default pack has one action; a remedy with two needs both."""
    case = play()
    refund = case.opening.pinned.remedies["refund"]
    case.opening.pinned.remedies["refund"] = refund.model_copy(update={"actions": refund.actions * 2})
    case.agreed()
    case.owner("complete_action", action_id="action-2", evidence="e")
    assert case.all(Resolved) == []
    again = case.refused("agent-1", "complete_action", action_id="action-2", evidence="e")
    assert (again.code, again.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.action_id")
    case.owner("complete_action", action_id="action-1", evidence="e")
    assert len(case.all(Resolved)) == 1


def test_an_action_without_evidence_is_not_done() -> None:
    for evidence in ({}, {"evidence": ""}):
        refusal = play().agreed().refused("agent-1", "complete_action", action_id="action-1", **evidence)
        assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.evidence")


def test_an_action_that_was_not_agreed_cannot_be_completed() -> None:
    early = play().refused("agent-1", "complete_action", action_id="action-1", evidence="e")
    other = play().agreed().refused("agent-1", "complete_action", action_id="action-9", evidence="e")
    assert {early.code, other.code} == {ErrorCode.NOT_ALLOWED_NOW}


def test_a_late_action_breaches_and_is_still_expected() -> None:
    case = play().agreed()
    case.later(days=10)
    assert "action-1" in {b.obligation for b in case.all(DeadlineBreached)}
    assert "action-1" in {clock.name for clock in case.case.state.clocks if clock.expected}
    case.owner("complete_action", action_id="action-1", evidence="e")
    assert {c.name: c.status for c in case.case.state.clocks}["action-1"] == "met_late"


# --- decided --------------------------------------------------------------------------------------


def test_a_decision_names_its_standard_and_the_recourse() -> None:
    case = play().ready_to_offer()
    case.owner("final_decision", **DECISION)
    decided = case.last(FinalDecision)
    assert [(s.id, s.version) for s in decided.standards] == [("after-sales-7", "2026-01")]
    assert (decided.recourse, decided.text_ref) == ("12315", "t")
    assert case.last(Notice).template == "decision"
    assert case.last(Resolved).outcome == "decided"


def test_a_decision_before_a_substantive_response_is_refused() -> None:
    assert play().refused("agent-1", "final_decision", **DECISION).code == ErrorCode.NEEDS_RESPONSE_FIRST


@pytest.mark.parametrize("standards", [[], ["no-such-rule"]])
def test_a_decision_without_a_standard_is_refused(standards: list[str]) -> None:
    case = play().ready_to_offer()
    refusal = case.refused("agent-1", "final_decision", **DECISION | {"standards": standards})
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_STANDARD, "data.standards")


@pytest.mark.parametrize("left_out", ["text", "recourse", "decision"])
def test_a_decision_without_reasons_and_recourse_is_refused(left_out: str) -> None:
    said = {name: value for name, value in DECISION.items() if name != left_out}
    refusal = play().ready_to_offer().refused("agent-1", "final_decision", **said)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, f"data.{left_out}")


def test_a_decision_over_an_agreement_is_refused() -> None:
    assert play().agreed().refused("agent-1", "final_decision", **DECISION).code == ErrorCode.NOT_ALLOWED_NOW


# --- every end ------------------------------------------------------------------------------------

ENDS: list[tuple[str, dict[str, Any], str]] = [
    ("final_decision", DECISION, "resolved"),
    ("refer", {"to": "ombudsman", "reason": "r"}, "referred"),
    ("withdraw", {"reason": "r"}, "withdrawn"),
]


def end(case: Playing, verb: str, data: dict[str, Any]) -> None:
    """The complainant withdraws, the owner does the rest."""
    case.do("customer" if verb == "withdraw" else case.owned_by, verb, **data)


@pytest.mark.parametrize(("verb", "data", "fact"), ENDS)
def test_every_clock_ends_with_the_handling(verb: str, data: dict[str, Any], fact: str) -> None:
    case = play().ready_to_offer()
    case.owner("transfer", to="agent-2", reason="r")
    end(case, verb, data)
    assert {c.reason for c in case.all(DeadlineCancelled)} == {fact}
    assert {c.obligation for c in case.all(DeadlineCancelled)} == {"transfer-1"}
    assert not [c.name for c in case.case.state.clocks if c.open]
    assert case.case.next_due is None
    assert case.later(days=100) == []


@pytest.mark.parametrize(("verb", "data", "fact"), ENDS)
def test_a_closed_case_refuses_every_verb_and_allows_none(verb: str, data: dict[str, Any], fact: str) -> None:
    case = play().ready_to_offer()
    end(case, verb, data)
    assert not set(view(case.case.state).allowed) & DECIDED
    for other in sorted(set(verbs_of(Service.ROUTING)) & DECIDED):
        refusal = case.refused(case.owned_by, other, **_anything(other))
        assert refusal.code == ErrorCode.NOT_ALLOWED_NOW, other
        assert not set(refusal.allowed) & DECIDED
    assert next_obligation(case.case.state) == (None, None)


def _anything(verb: str) -> dict[str, Any]:
    """Data that the verb takes."""
    said = {
        "kind": "plan", "text": "t", "cause": "c", "cause_side": "defect", "liability": "none",
        "party": "customer", "interest": "fix", "confirmed": True, "options": [], "option_id": "some",
        "standards": [], "offer_id": "offer-1", "answer": "accepted", "reason": "r", "approved": True,
        "request_id": "approval-1", "action_id": "action-1", "evidence": "e", "decision": "upheld",
        "recourse": "x", "to": "agent-2", "what": "place", "obligation": "resolution", "trigger": 1,
        "until": MONDAY + timedelta(days=90), "unit": "u", "task_id": "task-1",
        "received_at": MONDAY - timedelta(days=1), "items": ["response"],
        "feedback_id": "feedback-1", "accepted": True, "question_id": "question-1",
    }  # fmt: skip
    said |= {"evidence": []} if verb == "clarify" else {}
    said |= {"outcome": "failed"} if verb == "finish_mediation" else {}
    said |= {"party": "media"} if verb == "inform_party" else {}
    said |= {"restatement_id": "restatement-1", "course": "court"}
    return {name: value for name, value in said.items() if name in COMMANDS[verb].model_fields}


def test_a_breach_that_was_never_made_good_stays_a_breach() -> None:
    case = play()
    case.later(hours=30)
    case.customer("withdraw", reason="r")
    assert {c.name: c.status for c in case.case.state.clocks}["response_24h"] == "breached"
    assert case.case.next_due is None


# --- closed ---------------------------------------------------------------------------------------


def test_a_closed_case_accepts_nothing_and_does_nothing() -> None:
    case = play().resolved()
    case.close("satisfied")
    before = len(case.recorded)
    assert case.case.over
    assert (_stage(case), case.case.state.outcome) == (Stage.CLOSED, "satisfied")
    assert case.refused("agent-1", "respond", kind="plan", text="t").code == ErrorCode.NOT_ALLOWED_NOW
    case.reopen()
    case.close("dissatisfied")
    case.later(days=400)
    assert (len(case.recorded), case.case.state.outcome) == (before, "satisfied")


# --- reopened -------------------------------------------------------------------------------------


def test_a_reopening_brings_another_owner_one_level_up_and_new_clocks() -> None:
    case = play().resolved()
    case.later(days=7)
    new = case.reopen()
    assert [one.name for one in new] == ["assigned", *["deadline_set"] * 3]
    assert {one.cycle for one in new} == {2}
    assert (case.owned_by, case.last(Assigned).why, case.last(Assigned).level) == ("lead-1", "reopening", 1)
    assert {s.obligation: s.started_at for s in case.all(DeadlineSet)[-3:]} == {
        "silence": case.now,
        "response_24h": case.now,
        "resolution": case.now,
    }
    assert _stage(case) == Stage.ANALYSING


def test_the_third_cycle_goes_to_the_manager_and_the_fourth_to_another_person() -> None:
    case = play().resolved()
    for _ in range(3):
        case.reopen()
        case.resolved("some")
    owners = [(a.owner, a.level) for a in case.all(Assigned)]
    assert owners == [("agent-1", 0), ("lead-1", 1), ("manager-1", 2), ("lead-1", 1)]


def test_a_new_cycle_asks_for_a_response_and_options_of_its_own() -> None:
    case = play().resolved()
    case.reopen()
    offer = {"option_id": "all", "standards": ["after-sales-7"], "text": "t"}
    assert case.refused("lead-1", "offer", **offer).code == ErrorCode.NEEDS_RESPONSE_FIRST
    case.owner("respond", kind="plan", text="t")
    assert case.refused("lead-1", "offer", **offer).code == ErrorCode.NEEDS_OPTIONS


def test_the_first_cycles_verdicts_never_change() -> None:
    case = play()
    case.later(hours=30)
    case.customer("withdraw", reason="r")
    first = [c.model_copy(deep=True) for c in case.case.state.clocks]
    case.reopen()
    case.later(hours=12)
    case.owner("pause", reason="r")
    case.later(hours=3)
    case.owner("reclassify", severity=5, reason="r")
    case.owner("respond", kind="plan", text="t")
    case.later(days=3)
    assert [c for c in case.case.state.clocks if c.cycle == 1] == first


def test_a_ladder_of_the_first_cycle_climbs_no_further_in_the_second() -> None:
    case = play()
    case.later(hours=30)
    case.customer("withdraw", reason="r")
    case.reopen()
    case.later(hours=23)
    assert [one.cycle for one in case.recorded if one.name == "escalated"] == [1, 1]
    case.later(hours=2)
    levels = [(one.cycle, one.data["level"]) for one in case.recorded if one.name == "escalated"]
    assert levels == [(1, 1), (1, 2), (2, 1)]  # the second one reminds of the promise of an answer


@pytest.mark.parametrize("cycle", [1, 3, 0])
def test_a_reopening_that_comes_twice_or_out_of_turn_changes_nothing(cycle: int) -> None:
    case = play().resolved()
    assert case.receive(Reopened(why="dissatisfied", to_cycle=cycle)) == []
    assert _stage(case) == Stage.FOLLOWING_UP


def test_an_unresolved_complaint_is_not_reopened() -> None:
    case = play()
    assert case.reopen() == []
    assert case.case.state.cycle == 1


def test_the_owner_cannot_withdraw_a_complaint_instead_of_answering_it() -> None:
    case = play()
    assert case.refused(case.owned_by, "withdraw", reason="r").code == ErrorCode.NEEDS_RESPONSE_FIRST
    case.owner("respond", kind="explanation", text="t")
    assert case.owner("withdraw", reason="r").events == ["approval_requested", "deadline_set"]


def test_no_notice_is_sent_after_an_erasure() -> None:
    case = play().ready_to_offer()
    case.case.silence()
    before = case.names.count("notice")
    case.offered()
    case.owner("pause", reason="r")
    case.later(days=40)
    assert {"paused", "resumed", "offer_expired", "deadline_breached"} <= set(case.names)
    assert case.names.count("notice") == before
