"""People: one accountable owner, who changes only by an accepted transfer, an escalation or a reopening."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.routing.view import next_obligation, view
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    Assigned,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineSet,
    Escalated,
    TaskOpened,
    Transferred,
    TransferReturned,
)
from tests.unit.case_packs import person, policy_of
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import faults, verified


def _passed(case: Playing, to: str, by: str | None = None) -> None:
    case.do(by or case.owned_by, "transfer", to=to, reason="r")
    case.do(to, "accept_transfer")


# --- transfers ------------------------------------------------------------------------------------


def test_nothing_changes_until_a_transfer_is_accepted() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    assert case.owned_by == "agent-1"
    reply = case.do("agent-2", "accept_transfer")
    assert reply.events == ["assigned", "deadline_met"]
    taken = case.last(Assigned)
    assert (taken.owner, taken.previous, taken.why) == ("agent-2", "agent-1", "transfer")
    assert case.refused("agent-1", "respond", kind="plan", text="t").code == ErrorCode.NOT_OWNER


def test_a_transfer_is_accepted_by_its_addressee_alone() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    for someone in ("agent-3", "lead-1", "agent-1"):
        refusal = case.refused(someone, "accept_transfer")
        assert (refusal.code, refusal.field) == (ErrorCode.NOT_OWNER, "actor.id")
    assert case.refused("customer", "accept_transfer").code == ErrorCode.NOT_OWNER


def test_a_transfer_that_was_not_proposed_cannot_be_accepted() -> None:
    assert play().refused("agent-2", "accept_transfer").code == ErrorCode.NOT_ALLOWED_NOW


def test_a_second_open_proposal_is_refused() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    assert case.refused("agent-1", "transfer", to="agent-3", reason="r").code == ErrorCode.NOT_ALLOWED_NOW
    change = case.refused("agent-1", "change", what="person", to="agent-3", reason="r")
    assert change.code == ErrorCode.NOT_ALLOWED_NOW


def test_an_unaccepted_transfer_returns_with_its_timer_and_is_expected_no_more() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    case.later(hours=2)
    assert case.all(TransferReturned) == [
        TransferReturned(transfer_id="transfer-1", sender="agent-1", to="agent-2")
    ]
    assert case.at(TransferReturned) == [MONDAY + timedelta(hours=2)]
    assert case.owned_by == "agent-1"
    assert case.refused("agent-2", "accept_transfer").code == ErrorCode.NOT_ALLOWED_NOW
    assert next_obligation(case.case.state)[1] == "response_24h"


def test_the_clock_of_a_returned_transfer_ends_as_breached_and_stays_so() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    case.later(hours=3)
    _passed(case, "agent-3")
    case.owner("escalate", reason="r")
    clocks = {c.name: c.status for c in case.case.state.clocks if c.kind == "transfer"}
    assert clocks == {"transfer-1": "breached", "transfer-2": "met"}
    assert [m.obligation for m in case.all(DeadlineMet) if m.obligation.startswith("transfer")] == [
        "transfer-2"
    ]


def test_an_escalation_takes_a_proposal_back() -> None:
    case = play()
    case.owner("transfer", to="agent-2", reason="r")
    case.owner("escalate", reason="r")
    assert case.last(DeadlineCancelled).obligation == "transfer-1"
    assert case.refused("agent-2", "accept_transfer").code == ErrorCode.NOT_ALLOWED_NOW
    assert case.owned_by == "lead-1"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("nobody", ErrorCode.UNKNOWN_ACTOR),
        ("customer", ErrorCode.UNKNOWN_ACTOR),
        ("privacy-1", ErrorCode.NOT_ALLOWED_NOW),
        ("agent-1", ErrorCode.NOT_ALLOWED_NOW),
        ("agent-5", ErrorCode.CONFLICT_OF_INTEREST),
        ("lead-3", ErrorCode.CONFLICT_OF_INTEREST),
    ],
)
@pytest.mark.parametrize("verb", ["transfer", "change"])
def test_a_complaint_cannot_be_passed_to_unsuitable_people(verb: str, to: str, code: ErrorCode) -> None:
    case = play(about_staff="agent-5", unit="price-care")
    refusal = case.refused("agent-1", verb, what="person", to=to, reason="r")
    assert (refusal.code, refusal.field) == (code, "data.to")


def test_back_and_forth_is_refused_also_over_three() -> None:
    """`sources.md` 57: no merry-go-round."""
    case = play()
    _passed(case, "agent-2")
    assert case.refused("agent-2", "transfer", to="agent-1", reason="r").code == ErrorCode.WOULD_PING_PONG
    _passed(case, "agent-3", by="lead-1")
    for back in ("agent-1", "agent-2"):
        refusal = case.refused("agent-3", "transfer", to=back, reason="r")
        assert (refusal.code, refusal.field) == (ErrorCode.WOULD_PING_PONG, "data.to")


def test_a_stage_has_one_transfer_and_a_lead_decides_about_another() -> None:
    case = play()
    case.owner("transfer", to="agent-3", reason="r")
    case.later(hours=3)  # it was not accepted in time, so it does not count
    _passed(case, "agent-2")
    refusal = case.refused("agent-2", "transfer", to="agent-3", reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.WOULD_PING_PONG, "data.to")
    assert "1 times in stage analysing" in refusal.message
    assert case.refused("agent-2", "change", what="person", to="agent-3", reason="r").code == refusal.code
    _passed(case, "agent-3", by="lead-2")
    case.ready_to_offer()
    _passed(case, "agent-4")
    assert view(case.case.state).transfers == {"analysing": 2, "negotiating": 1}


def test_a_pack_without_a_cap_limits_no_transfers() -> None:
    pack = policy().pack
    limits = pack.limits.model_copy(update={"transfers_per_stage": None})
    case = play(under=replace(policy(), pack=pack.model_copy(update={"limits": limits})))
    for to in ("agent-2", "agent-3", "agent-4"):
        _passed(case, to)
    assert case.owned_by == "agent-4"


def test_a_lead_may_give_it_back() -> None:
    case = play()
    _passed(case, "agent-2")
    _passed(case, "agent-1", by="lead-2")
    assert case.owned_by == "agent-1"


def test_a_supervisor_alone_hands_a_complaint_down_after_an_escalation() -> None:
    case = play()
    case.owner("escalate", reason="r")
    _passed(case, "agent-2")
    assert (case.last(Assigned).owner, case.last(Assigned).level) == ("agent-2", 0)


# --- escalation -----------------------------------------------------------------------------------


def test_any_member_of_staff_may_escalate_one_level_at_a_time() -> None:
    case = play()
    case.do("agent-4", "escalate", reason="r")
    assert case.owned_by == "lead-1"
    case.do("agent-4", "escalate", reason="r")
    assert (case.owned_by, case.last(Assigned).level) == ("manager-1", 2)
    assert [e.level for e in case.all(Escalated)] == [1, 2]


def test_the_top_level_cannot_escalate() -> None:
    case = play()
    case.owner("escalate", reason="r")
    case.owner("escalate", reason="r")
    refusal = case.refused("manager-1", "escalate", reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert "escalate" not in refusal.allowed


def test_a_lead_who_answers_first_because_all_are_busy_escalates_to_the_manager() -> None:
    case = play(load={f"agent-{n}": 500 for n in range(1, 9)})
    assert (case.owned_by, case.last(Assigned).level) == ("lead-1", 1)
    case.owner("escalate", reason="r")
    assert case.owned_by == "manager-1"


def test_the_complainant_does_not_escalate() -> None:
    assert play().refused("customer", "escalate", reason="r").code == ErrorCode.NOT_OWNER


# --- departments ---------------------------------------------------------------------


def test_a_departments_part_has_its_own_deadline_and_holds_up_nothing() -> None:
    case = play()
    due = MONDAY + timedelta(hours=3)
    assert case.owner("open_task", unit="warehouse", text="t", due=due).result == {"task_id": "task-1"}
    assert (case.last(DeadlineSet).obligation, case.last(DeadlineSet).due) == ("task-1", due)
    case.later(hours=24)
    assert {b.obligation for b in case.all(DeadlineBreached)} == {"task-1", "response_24h", "promise-1"}
    case.do("agent-8", "finish_task", task_id="task-1", text="t")
    assert case.last(DeadlineMet).obligation == "task-1"


def test_a_task_that_names_no_deadline_gets_the_policys_with_its_ladder() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    assert case.owner("open_task", unit="warehouse", text="t").events == ["task_opened", "deadline_set"]
    due = MONDAY + timedelta(days=7, hours=8)  # the end of the fifth working day
    assert case.last(TaskOpened).due == case.last(DeadlineSet).due == due
    before = len(case.all(Escalated))
    case.later(days=10)
    assert "task-1" in {breach.obligation for breach in case.all(DeadlineBreached)}
    assert "task-1" in {one.obligation for one in case.all(Escalated)[before:]}
    assert faults(verified(case)) == {}


def test_finishing_one_task_leaves_the_other() -> None:
    case = play()
    for hours in (3, 4):
        case.owner("open_task", unit="warehouse", text="t", due=MONDAY + timedelta(hours=hours))
    case.do("agent-8", "finish_task", task_id="task-2", text="t")
    assert [t.task_id for t in case.all(TaskOpened)] == ["task-1", "task-2"]
    status = {c.name: c.status for c in case.case.state.clocks if c.kind == "task"}
    assert status == {"task-1": "running", "task-2": "met"}


def test_a_task_is_finished_once() -> None:
    case = play()
    assert (
        case.refused("agent-8", "finish_task", task_id="task-1", text="t").code == ErrorCode.NOT_ALLOWED_NOW
    )
    for _ in range(2):
        case.owner("open_task", unit="warehouse", text="t")
    case.do("agent-8", "finish_task", task_id="task-1", text="t")
    refusal = case.refused("agent-8", "finish_task", task_id="task-1", text="t")
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.task_id")


def test_the_numbers_of_transfers_go_on_over_cycles() -> None:
    case = play()
    _passed(case, "agent-2")
    case.resolved()
    case.reopen()
    _passed(case, "agent-3")
    assert [t.transfer_id for t in case.all(Transferred)] == ["transfer-1", "transfer-2"]


def test_the_top_of_a_small_chain_is_never_the_concerned_person() -> None:
    house = policy_of(person("a", "agent"), person("b", "agent"), person("l", "lead"), person("m", "manager"))
    case = play(under=house, about_staff="m")
    case.later(days=5)
    assert {a.owner for a in case.all(Assigned)} == {"a", "l"}
