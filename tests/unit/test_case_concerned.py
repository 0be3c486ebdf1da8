"""Whom a complaint is about: one set, fed by whatever names them; none of them has any part in it."""

from typing import Any

import pytest

from services.routing.view import view
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalPassed,
    Assigned,
    ChainChanged,
    ConcernedAdded,
    DeadlineCancelled,
    TaskMoved,
    TransferReturned,
    Unattended,
)
from shared.contract.values import NOBODY, Concerned
from tests.unit.case_packs import person, policy_of
from tests.unit.cases import DECIDED, Playing, names, play

SAYS: dict[str, dict[str, Any]] = {
    "respond": {"kind": "plan", "text": "t"},
    "transfer": {"to": "agent-2", "reason": "r"},
    "approve": {"request_id": "approval-1", "approved": True},
    "open_task": {"unit": "warehouse", "text": "t"},
    "escalate": {"reason": "r"},
    "raise_feedback": {"trigger": 1, "text": "t"},
    "complete_record": {"product": "p"},
    "reclassify": {"severity": 1, "reason": "r"},
}


def _refused_for_interest(case: Playing, who: str, verb: str, **said: Any) -> None:
    refusal = case.refused(who, verb, **said)
    assert (refusal.code, refusal.field) == (ErrorCode.CONFLICT_OF_INTEREST, "actor.id")
    assert who in refusal.message
    assert who in refusal.message_zh


# --- checked before every verb --------------------------------------------------------------------


@pytest.mark.parametrize("verb", sorted(SAYS))
@pytest.mark.parametrize(
    "told", [{"about_staff": "lead-1"}, {"about_staff": "LEAD-1"}, {"unit": "product-care"}]
)
def test_concerned_people_do_nothing_at_all_at_any_rank(told: dict[str, str], verb: str) -> None:
    _refused_for_interest(play(**told), "lead-1", verb, **SAYS[verb])


def test_every_verb_of_a_case_is_refused_to_concerned_people_also_where_its_gate_is_shut() -> None:
    case = play(about_staff="agent-4")
    for verb in sorted(DECIDED):
        refusal = case.refused("agent-4", verb, **SAYS.get(verb, {}))
        assert refusal.code in (ErrorCode.CONFLICT_OF_INTEREST, ErrorCode.MALFORMED), verb


def test_a_member_of_the_unit_and_its_lead_from_another_team_have_no_part_in_it() -> None:
    house = policy_of(
        person("a", "agent"), person("l", "lead"), person("m", "manager"), person("c", "agent", "two")
    )
    case = play(under=house, unit="two")
    assert next(team.lead for team in house.pack.teams if team.id == "two") == "l"
    assert (case.owned_by, case.case.state.chain.lead, case.case.state.chain.manager) == ("a", "m", "m")


# --- told later -----------------------------------------------------------------------------------


def test_an_owner_who_is_named_by_a_contact_loses_the_complaint_at_once() -> None:
    case = play()
    assert case.owned_by == "agent-1"
    told = case.came_again(about_staff="agent-1")
    assert [one for one in names(told) if one in ("concerned_added", "assigned")][:2] == [
        "concerned_added",
        "assigned",
    ]
    assert case.last(ConcernedAdded).contact == "Cbbbbbbbbbbbbbbb"
    assert (case.last(Assigned).owner, case.last(Assigned).why) == ("agent-2", "conflict")
    _refused_for_interest(case, "agent-1", "respond", **SAYS["respond"])
    assert case.came_again(about_staff="agent-1") == []


def test_a_completion_that_names_the_owner_moves_the_complaint_for_any_sender() -> None:
    case = play()
    case.customer("complete_record", about_staff="agent-1")
    assert case.last(ConcernedAdded).why == "completed"
    assert case.owned_by == "agent-2"
    case.owner("complete_record", unit="product-care")
    assert case.case.state.concerned == Concerned(staff=["agent-1"], units=["product-care"])
    assert case.owned_by not in ("agent-1", "agent-2", "agent-3", "lead-1", "manager-2")


def test_the_chain_is_chosen_anew_when_its_lead_is_named_and_the_next_escalation_goes_past_them() -> None:
    case = play()
    case.came_again(about_staff="lead-1")
    changed = case.last(ChainChanged)
    assert (changed.was_lead, changed.why) == ("lead-1", "conflict")
    assert changed.lead != "lead-1"
    case.owner("escalate", reason="r")
    assert case.owned_by == changed.lead


def test_an_escalated_complaint_stays_at_its_level_when_its_owner_is_named() -> None:
    case = play()
    case.owner("escalate", reason="r")
    assert (case.owned_by, case.case.state.level) == ("lead-1", 1)
    case.came_again(about_staff="lead-1")
    assert case.case.state.level == 1
    assert case.owned_by in ("lead-2", "lead-3")


def test_an_open_approval_goes_from_the_concerned_person_to_another_who_may_decide() -> None:
    case = play().ready_to_offer()
    case.owner("reclassify", safety=True, reason="r")
    asked = case.owner("reclassify", safety=False, reason="r").result["request_id"]
    was = case.case.state.approvals[-1].request.to
    case.came_again(about_staff=was)
    passed = case.last(ApprovalPassed)
    assert (passed.request_id, passed.was, passed.why) == (asked, was, "conflict")
    assert passed.to not in (was, NOBODY)
    _refused_for_interest(case, was, "approve", request_id=asked, approved=True)
    case.do(passed.to, "approve", request_id=asked, approved=True)


def test_a_transfer_to_a_concerned_person_returns_and_its_deadline_ends() -> None:
    case = play()
    proposed = case.owner("transfer", to="agent-2", reason="r").result["transfer_id"]
    case.came_again(about_staff="agent-2")
    assert case.last(TransferReturned).why == "conflict"
    assert case.last(DeadlineCancelled).obligation == proposed
    assert case.case.state.transfer is None
    case.owner("transfer", to="agent-3", reason="r")


def test_a_part_of_a_unit_that_is_named_goes_to_the_team_that_handles_it() -> None:
    case = play(hints={"category": "service"})
    task = case.owner("open_task", unit="warehouse", text="t").result["task_id"]
    case.came_again(unit="Warehouse")
    moved = case.last(TaskMoved)
    assert (moved.task_id, moved.was, moved.unit, moved.why) == (
        task,
        "warehouse",
        "service-care",
        "conflict",
    )
    refusal = case.refused(case.owned_by, "open_task", unit="WAREHOUSE", text="t")
    assert (refusal.code, refusal.field) == (ErrorCode.CONFLICT_OF_INTEREST, "data.unit")


def test_a_person_named_after_the_resolution_does_not_get_the_complaint_by_a_reopening() -> None:
    case = play().resolved()
    case.came_again(about_staff="lead-1")
    case.reopen()
    assert case.owned_by not in ("lead-1", "agent-1")


# --- nobody left ----------------------------------------------------------------------------------


def test_a_complaint_without_suitable_people_is_unattended_by_a_fact() -> None:
    house = policy_of(person("a", "agent"), person("b", "agent"), person("l", "lead"), person("m", "manager"))
    case = play(under=house)
    case.came_again(unit="one")
    assert case.owned_by == NOBODY
    assert set(case.last(Unattended).roles) == {"owner", "lead", "manager"}
    case.later(hours=100)
    assert case.owned_by == NOBODY
    assert view(case.case.state).owner == NOBODY


def test_a_complaint_that_begins_without_people_reports_it_at_once() -> None:
    house = policy_of(person("a", "agent"), person("b", "agent"), person("l", "lead"), person("m", "manager"))
    case = play(under=house, unit="one")
    assert case.all(Unattended)[0].roles == ["owner", "lead", "manager"]
    grown = policy_of(*house.pack.staff, person("x", "agent", "two"), person("y", "manager", "two"))
    case.meet_people(grown.pack)
    assert case.owned_by == "x"
    assert case.case.state.chain.lead == "y"
