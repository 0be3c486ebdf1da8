"""After the offers: a broken agreement, the apology that a liability asks for, deadlock and mediation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.routing.view import view
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApologyDue,
    ApologyGiven,
    Deadlocked,
    MediationFinished,
    MediatorNamed,
    NegotiationReopened,
    Notice,
    Resolved,
)
from shared.contract.values import Stage
from shared.policy.loader import Policy
from shared.policy.wording import written
from tests.unit.cases import OPTIONS, Playing, play, policy

FOUND = {"cause": "c", "cause_side": "defect"}
MORE = [
    {"option_id": f"o{n}", "remedy": "refund", "amount": {"value": f"{n}00", "currency": "CNY"}}
    for n in range(1, 6)
]


def strict(**terms: object) -> Policy:
    """Default policy with other terms of the settlement."""
    was = policy().pack.settlement
    pack = policy().pack.model_copy(update={"settlement": was.model_validate(was.model_dump() | terms)})
    return replace(policy(), pack=pack)


def templates(case: Playing) -> list[str]:
    return [one.template for one in case.all(Notice)]


def notice(case: Playing, template: str, language: str) -> str:
    told = [one.notification for one in case.recorded if one.notification]
    return written(policy().pack, next(one for one in told if one.template == template), language, {})


def rejected(case: Playing, rounds: int) -> Playing:
    """This many rounds fail."""
    case.ready_to_offer()
    case.owner("prepare_options", options=MORE)
    for number in range(1, rounds + 1):
        case.customer("answer", offer_id=case.offered(f"o{number}"), answer="rejected")
    return case


# --- a broken agreement ---------------------------------------------------------------------------


def test_a_broken_action_reopens_the_negotiation_and_stays_to_be_done() -> None:
    case = play().agreed()
    action = case.case.state.actions[0]
    case.until(action.due)
    broken = case.last(NegotiationReopened)
    assert (broken.action_id, broken.why) == (action.action_id, "broken_action")
    assert case.case.state.stage == Stage.NEGOTIATING
    assert "prepare_options" in case.case.allowed
    assert "人民币100元" in notice(case, "agreement_broken", "zh")
    assert "Refund (100 yuan)" in notice(case, "agreement_broken", "en")
    for verb, data in {
        "final_decision": {
            "decision": "upheld",
            "standards": ["after-sales-7"],
            "text": "t",
            "recourse": "12315",
        },
        "refer": {"to": "court", "reason": "r"},
    }.items():
        assert case.refused(case.owned_by, verb, **data).code == ErrorCode.STILL_OPEN


def test_a_broken_action_that_is_done_late_resolves_the_complaint() -> None:
    case = play().agreed()
    case.until(case.case.state.actions[0].due + timedelta(hours=1))
    case.owner("complete_action", action_id="action-1", evidence="e")
    assert case.last(Resolved).outcome == "agreed"


def test_a_new_agreement_after_a_broken_one_keeps_the_old_action() -> None:
    case = play().agreed()
    case.until(case.case.state.actions[0].due + timedelta(hours=1))
    case.owner("prepare_options", options=OPTIONS)
    case.customer("answer", offer_id=case.offered("all"), answer="accepted")
    assert [one.action_id for one in case.case.state.actions] == ["action-1", "action-2"]
    case.owner("complete_action", action_id="action-2", evidence="e")
    assert case.all(Resolved) == []
    case.customer("release", items=["action-1"], reason="r")
    assert case.last(Resolved).outcome == "agreed"


def test_an_action_that_was_done_in_time_reopens_nothing() -> None:
    case = play().resolved()
    case.later(days=30)
    assert case.all(NegotiationReopened) == []


def test_an_agreed_action_is_released_by_the_complainant_alone() -> None:
    case = play().agreed()
    refusal = case.refused(case.owned_by, "release", items=["action-1"], reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.items")
    assert "action-1" in refusal.message
    case.customer("release", items=["action-1"], reason="r")
    assert case.last(Resolved).outcome == "released"


def test_a_policy_may_leave_the_release_to_two_members_of_staff() -> None:
    case = play(under=strict(actions_released_by="second_person")).agreed()
    reply = case.owner("release", items=["action-1"], reason="r")
    case.lead("approve", request_id=reply.result["request_id"], approved=True)
    assert case.last(Resolved).outcome == "released"


# --- apologies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("liability", "kind"), [("company", "full"), ("shared", "partial")])
def test_a_liability_of_ours_asks_for_an_apology(liability: str, kind: str) -> None:
    case = play().ready_to_offer()
    case.owner("clarify", liability=liability, **FOUND)
    owed = case.last(ApologyDue)
    assert (owed.kind, owed.by) == (kind, "owner")
    clock = case.case.state.clock(owed.apology_id)
    assert clock
    assert clock.due == owed.due
    case.owner("apologise", text="t")
    assert case.last(ApologyGiven).how == "written"
    assert templates(case)[-1] == "apology"
    assert clock.status == "met"
    refusal = case.refused(case.owned_by, "apologise", text="t")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW


@pytest.mark.parametrize("liability", ["none", "unknown"])
def test_no_liability_asks_for_no_apology(liability: str) -> None:
    case = play().ready_to_offer()
    case.owner("clarify", liability=liability, **FOUND)
    assert case.all(ApologyDue) == []
    assert "apologise" not in case.case.allowed


def test_another_finding_ends_or_replaces_the_duty() -> None:
    case = play()
    case.owner("clarify", liability="shared", **FOUND)
    case.owner("clarify", liability="company", **FOUND)
    assert [one.kind for one in case.all(ApologyDue)] == ["partial", "full"]
    case.owner("clarify", liability="none", **FOUND)
    assert case.last(ApologyDue).kind == "none"
    assert {c.status for c in case.case.state.clocks if c.kind == "apology"} == {"cancelled"}
    assert case.case.state.apology_due is None


def test_the_last_notice_apologises_where_no_person_did() -> None:
    case = play()
    case.owner("clarify", liability="company", **FOUND)
    case.resolved()
    assert case.last(ApologyGiven).how == "notice"
    assert "责任在我们，为此向您致歉" in notice(case, "resolved", "zh")
    assert "we apologise" in notice(case, "resolved", "en")


def test_an_agreed_written_apology_is_the_apology() -> None:
    case = play()
    case.owner("clarify", liability="company", **FOUND)
    case.resolved("sorry")
    assert [one.how for one in case.all(ApologyGiven)] == ["action"]
    assert "we apologise" not in notice(case, "resolved", "en")


def test_a_policy_may_ask_for_the_apology_before_any_exit_and_from_above() -> None:
    terms = {"company": {"kind": "full", "by": "lead", "within": {"clock": "elapsed", "amount": "24h"}}}
    case = play(under=strict(apology_before_exit=True, apologies=terms)).ready_to_offer()
    case.owner("clarify", liability="company", **FOUND)
    assert case.refused(case.owned_by, "refer", to="court", reason="r").code == ErrorCode.STILL_OPEN
    refusal = case.refused(case.owned_by, "apologise", text="t")
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_AUTHORITY, "actor.id")
    case.lead("apologise", text="t")
    case.owner("refer", to="court", reason="r")


# --- deadlock -------------------------------------------------------------------------------------


def ways(case: Playing) -> list[str]:
    return [one.what for one in view(case.case.state).suggestions if one.why == "deadlock"]


def test_rounds_that_fail_end_in_a_deadlock_once() -> None:
    case = rejected(play(), 2)
    assert case.all(Deadlocked) == []
    case.customer("answer", offer_id=case.offered("o3"), answer="rejected")
    dead = case.last(Deadlocked)
    assert (dead.why, dead.rounds, dead.to) == ("rounds", 3, "lead-1")
    assert ways(case) == ["change", "mediate", "final_decision", "refer"]
    case.later(days=30)
    assert len(case.all(Deadlocked)) == 1


def test_time_ends_in_a_deadlock_after_the_open_offer() -> None:
    case = rejected(play(), 1)
    case.later(days=20)
    dead = case.last(Deadlocked)
    assert (dead.why, dead.rounds) == ("time", 1)
    assert case.at(Deadlocked)[0] - dead.since >= timedelta(days=13)


def test_a_policy_may_ask_for_both_signs() -> None:
    both = {"rounds": 2, "after": {"clock": "elapsed", "amount": "100h"}, "needs": "both"}
    case = rejected(play(under=strict(deadlock=both)), 2)
    assert case.all(Deadlocked) == []
    case.later(hours=101)
    assert case.last(Deadlocked).why == "both"


def test_a_change_ends_the_deadlock() -> None:
    case = rejected(play(), 3)
    case.owner("change", what="place", to="phone", reason="r")
    assert ways(case) == []
    case.customer("answer", offer_id=case.offered("o4"), answer="rejected")
    assert len(case.all(Deadlocked)) == 1


def test_an_agreement_is_no_deadlock() -> None:
    case = play().agreed()
    case.later(days=1)
    assert case.all(Deadlocked) == []


# --- mediation ------------------------------------------------------------------------------------


def mediated(case: Playing) -> Playing:
    case.owner("mediate", to="manager-1", reason="r")
    return case


def test_a_mediator_is_a_person_above_who_never_owned_it() -> None:
    case = rejected(play(), 1)
    refused = {
        who: case.refused(case.owned_by, "mediate", to=who, reason="r").code
        for who in (case.owned_by, "agent-2", "nobody-here")
    }
    assert list(refused.values()) == [
        ErrorCode.OVER_AUTHORITY,
        ErrorCode.OVER_AUTHORITY,
        ErrorCode.UNKNOWN_ACTOR,
    ]
    mediated(case)
    named = case.last(MediatorNamed)
    assert named.mediator == "manager-1"
    assert templates(case)[-1] == "mediation"
    assert "调解" in notice(case, "mediation", "zh")
    assert case.refused(case.owned_by, "mediate", to="lead-1", reason="r").code == ErrorCode.NOT_ALLOWED_NOW


def test_a_former_owner_does_not_mediate() -> None:
    case = play()
    case.owner("escalate", reason="r")
    case.owner("respond", kind="plan", text="t")
    refusal = case.refused("manager-1", "mediate", to="lead-1", reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.CONFLICT_OF_INTEREST, "data.to")


def test_the_mediator_alone_ends_the_mediation_with_a_prepared_option_or_without() -> None:
    case = mediated(rejected(play(), 1))
    decision = {"decision": "rejected", "standards": ["after-sales-7"], "text": "t", "recourse": "12315"}
    assert case.refused(case.owned_by, "final_decision", **decision).code == ErrorCode.NOT_ALLOWED_NOW
    report = {"outcome": "proposal", "option_id": "o4", "text": "t"}
    assert case.refused(case.owned_by, "finish_mediation", **report).code == ErrorCode.NOT_OWNER
    unknown = case.refused("manager-1", "finish_mediation", **report | {"option_id": "no"})
    assert (unknown.code, unknown.field) == (ErrorCode.NEEDS_OPTIONS, "data.option_id")
    assert case.do("manager-1", "finish_mediation", **report).result == {"next_option_id": "o4"}
    assert case.last(MediationFinished).outcome == "proposal"
    case.owner("final_decision", **decision)


def test_an_agreement_ends_the_mediation() -> None:
    case = mediated(rejected(play(), 1))
    case.customer("answer", offer_id=case.offered("o2"), answer="accepted")
    assert case.last(MediationFinished).outcome == "agreed"


def test_a_mediation_without_an_end_goes_up_its_ladder() -> None:
    case = mediated(rejected(play(), 1))
    facts = case.later(days=14)
    assert ("deadline_breached", "mediation-1") in [(f.name, f.data.get("obligation")) for f in facts]
    assert case.case.state.owner == "agent-1"
