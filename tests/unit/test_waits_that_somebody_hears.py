"""No clock without a ladder and a recipient: requests, transfers, actions, tasks, and what a pack adds."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import ApprovalGiven, Assigned, Escalated
from shared.policy.loader import load_policy
from tests.unit.bad_packs import PackCopy
from tests.unit.cases import Playing, play, policy
from tests.unit.certified import faults, verified

DAY = timedelta(days=1)


def asked() -> Playing:
    """The owner asks for a lower severity, and nobody decides."""
    case = play(hints={"severity": 4})
    case.owner("respond", kind="plan", text="t")
    case.owner("reclassify", severity=1, reason="r")
    return case


def of_request(case: Playing) -> list[Escalated]:
    return [one for one in case.all(Escalated) if one.obligation == "approval-1"]


def test_an_undecided_request_goes_to_the_next_above_then_to_a_deputy_and_is_repeated_every_day() -> None:
    case = asked()
    owner, assigned = case.owned_by, len(case.all(Assigned))
    case.later(hours=4)
    assert [one.to for one in of_request(case)] == ["manager-1"]
    case.later(hours=48)
    assert [one.to for one in of_request(case)] == ["manager-1", "manager-2", "manager-1"]
    assert (case.owned_by, len(case.all(Assigned))) == (owner, assigned), "the owner stays"
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    case.later(days=1)
    assert len(of_request(case)) == 3
    assert faults(verified(case)) == {}


def test_a_request_of_the_manager_goes_to_another_person() -> None:
    case = play(hints={"severity": 4})
    case.do("manager-1", "reclassify", severity=1, reason="r")
    case.later(hours=4)
    assert [one.to for one in of_request(case)] == ["manager-2"]


def test_the_asker_takes_a_request_back_and_no_other_person_below_a_lead_denies_it() -> None:
    case = asked()
    refusal = case.refused("agent-2", "approve", request_id="approval-1", approved=False)
    assert refusal.code == ErrorCode.OVER_AUTHORITY
    refusal = case.refused("agent-1", "approve", request_id="approval-1", approved=True)
    assert refusal.code == ErrorCode.OVER_AUTHORITY
    case.owner("approve", request_id="approval-1", approved=False, reason="r")
    assert not case.last(ApprovalGiven).approved
    case.later(hours=10)
    assert of_request(case) == []
    refusal = case.refused("lead-1", "approve", request_id="approval-1", approved=True)
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW, "decided once"
    assert faults(verified(case)) == {}


def test_every_clock_of_a_life_has_a_ladder_unless_it_is_no_duty() -> None:
    case = play(under=load_policy("default,uk-disp,uk-psd,cn-samr,cn-12345,au-rg271,us-cfpb"))
    case.owner("respond", kind="plan", text="t", promise_by=case.now + DAY)
    case.owner("open_task", unit="another", text="t", due=case.now + DAY)
    case.owner("transfer", to="agent-2", reason="r")
    case.owner("reclassify", severity=1, reason="r")
    kinds = {clock.kind for clock in case.case.state.clocks}
    assert kinds >= {"promise", "task", "transfer", "approval", "response_24h", "hotline_complex_answer"}
    without = {clock.name for clock in case.case.state.clocks if not clock.rungs and clock.duty}
    assert without == set()


def test_every_small_clock_has_a_ladder() -> None:
    for kind in ("approval", "transfer", "action", "feedback", "task"):
        assert policy().pack.limits.ladder_of(kind), kind


ALONE, AT_MOST = "alone: {clock: elapsed, amount: 28d}", "at_most: {clock: elapsed, amount: 90d}"
LADDER = "    ladder:\n      - {to: lead}\n"
PROMISE = "      - {to: owner, copy_to: [lead]}\n"


@pytest.mark.parametrize(
    ("was", "now", "field"),
    [
        (LADDER + "    title: {zh: 办结", "    title: {zh: 办结", "obligations.resolution.ladder"),
        (f"copy_to: [lead]}}\n{PROMISE}", "copy_to: [lead]}\n", "limits.promise.ladder"),
        (ALONE, "alone: {clock: elapsed, amount: 99d}", "limits.waiting.at_most.amount"),
        (AT_MOST, "at_most: {clock: business, amount: 90h}", "limits.extensions.at_most.clock"),
    ],
)
def test_a_deadline_without_a_recipient_is_refused_at_load(
    tmp_path: Path, was: str, now: str, field: str
) -> None:
    problem = PackCopy(tmp_path).change("obligations.yaml", was, now).problem()
    assert (problem.file, problem.field) == ("obligations.yaml", field)
    assert problem.line > 0
