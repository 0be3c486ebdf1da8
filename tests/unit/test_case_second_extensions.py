"""More time a second time: somebody one level up has to agree, and nobody asks twice at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.contract.errors import ErrorCode, Refusal
from shared.contract.events import (
    ApprovalRequested,
    DeadlineExtended,
    Notice,
)
from tests.unit.cases import MONDAY, Playing, play

DAY = timedelta(days=1)
FIRST, SECOND = MONDAY + 40 * DAY, MONDAY + 50 * DAY


def _wants_more(who: str, **said: Any) -> Playing:
    """A deadline that was extended once, and now `who` wants yet more."""
    case = play(**said)
    case.owner("extend", obligation="resolution", until=FIRST, reason="r")
    reply = case.do(who, "extend", obligation="resolution", until=SECOND, reason="r")
    assert reply.events == ["approval_requested", "deadline_set"]
    assert reply.result == {"request_id": "approval-1", "to": case.last(ApprovalRequested).to}
    assert _dues(case) == [FIRST]
    return case


def _dues(case: Playing) -> list[datetime]:
    return [extended.due for extended in case.all(DeadlineExtended)]


def _may_not(case: Playing, who: str) -> Refusal:
    return case.refused(who, "approve", request_id="approval-1", approved=True)


@pytest.mark.parametrize(
    ("asker", "above", "others"),
    [
        ("agent-1", "lead-1", ["lead-2", "manager-1"]),
        ("lead-1", "manager-1", ["manager-2"]),
        ("lead-2", "manager-1", ["manager-2"]),
        ("manager-1", "lead-1", ["manager-2", "lead-3"]),
        ("manager-2", "manager-1", []),
    ],
)
def test_a_second_extension_asks_the_person_one_level_up(asker: str, above: str, others: list[str]) -> None:
    for approver in (above, *others):
        case = _wants_more(asker)
        assert case.last(ApprovalRequested).to == above
        reply = case.do(approver, "approve", request_id="approval-1", approved=True)
        assert reply.events == ["approval_given", "deadline_met", "deadline_extended", "notice"]
        assert _dues(case) == [FIRST, SECOND]
        assert case.last(Notice).template == "extension"


@pytest.mark.parametrize("asker", ["agent-1", "lead-1", "manager-1"])
def test_an_asker_does_not_agree_to_their_own_second_extension(asker: str) -> None:
    case = _wants_more(asker)
    code = ErrorCode.OVER_AUTHORITY if asker == "agent-1" else ErrorCode.NEEDS_SECOND_PERSON
    assert _may_not(case, asker).code == code
    assert _dues(case) == [FIRST]


@pytest.mark.parametrize("colleague", ["lead-2", "lead-3"])
def test_a_lead_does_not_agree_to_the_request_of_another_lead(colleague: str) -> None:
    refusal = _may_not(_wants_more("lead-1"), colleague)
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_AUTHORITY, "actor.id")
    assert "manager-1" in refusal.message
    assert "manager-1" in refusal.message_zh


def test_an_agent_agrees_to_nothing() -> None:
    assert _may_not(_wants_more("lead-1"), "agent-2").code == ErrorCode.OVER_AUTHORITY


def test_a_colleague_may_deny_and_then_nothing_is_extended() -> None:
    case = _wants_more("lead-1")
    case.do("lead-2", "approve", request_id="approval-1", approved=False, reason="r")
    assert _dues(case) == [FIRST]


def test_a_third_extension_asks_again() -> None:
    case = _wants_more("lead-1")
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    third = {"obligation": "resolution", "until": SECOND + DAY, "reason": "r"}
    assert case.lead("extend", **third).events == ["approval_requested", "deadline_set"]


def test_the_manager_decides_where_the_lead_is_concerned_and_the_lead_has_no_part() -> None:
    case = _wants_more("agent-1", about_staff="lead-1")
    assert case.last(ApprovalRequested).to not in ("lead-1", "agent-1")
    assert _may_not(case, "lead-1").code == ErrorCode.CONFLICT_OF_INTEREST


@pytest.mark.parametrize(
    ("until", "code", "field"),
    [
        (MONDAY, ErrorCode.MALFORMED, "data.until"),
        (MONDAY + 999 * DAY, ErrorCode.MALFORMED, "data.until"),
        ("soon", ErrorCode.MALFORMED, "data.until"),
        (None, ErrorCode.MALFORMED, "data.until"),
    ],
)
def test_nonsense_is_refused_before_an_approver_is_asked(until: Any, code: ErrorCode, field: str) -> None:
    case = play()
    case.lead("extend", obligation="resolution", until=FIRST, reason="r")
    refusal = case.refused("lead-1", "extend", obligation="resolution", until=until, reason="r")
    assert (refusal.code, refusal.field) == (code, field)
    assert case.all(ApprovalRequested) == []


def test_a_single_supervisor_without_others_does_not_extend_twice() -> None:
    case = play()
    case.opening.pinned.chain.manager = case.case.state.pinned.chain.manager = "lead-1"
    case.lead("extend", obligation="resolution", until=FIRST, reason="r")
    refusal = case.refused("lead-1", "extend", obligation="resolution", until=SECOND, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_SECOND_PERSON, "actor.id")


def test_no_more_time_is_requested_for_a_deadline_while_a_request_waits() -> None:
    case = _wants_more("agent-1")
    third = {"obligation": "resolution", "until": SECOND + DAY, "reason": "r"}
    for who in ("agent-1", "lead-1", "manager-1"):
        refusal = case.refused(who, "extend", **third)
        assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.obligation")
        assert "approval-1" in refusal.message
        assert "approval-1" in refusal.message_zh
    case.lead("approve", request_id="approval-1", approved=False, reason="r")
    assert case.owner("extend", **third).events == ["approval_requested", "deadline_set"]


def test_each_deadline_has_a_request_of_its_own() -> None:
    case = _wants_more("agent-1")
    promised = MONDAY + 5 * DAY
    case.owner("respond", kind="plan", text="t", promise_by=promised)
    for days in (1, 2):
        reply = case.owner("extend", obligation="promise-2", until=promised + days * DAY, reason="r")
    assert reply.result["request_id"] == "approval-2"


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("respond", {"kind": "plan", "text": "t", "promise_by": MONDAY}, "data.promise_by"),
        ("open_task", {"unit": "u", "text": "t", "due": MONDAY}, "data.due"),
    ],
)
def test_a_promise_lies_in_the_future(verb: str, data: dict[str, Any], field: str) -> None:
    refusal = play().refused("agent-1", verb, **data)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, field)
