"""Nobody alone stops or moves a clock for long: waits, extensions, severity, receipts, authorities."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.routing.rules.state import ObligationClock
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalRequested,
    ContactAdded,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMoved,
    DeadlineSet,
    Escalated,
    Paused,
    Resumed,
    Triaged,
)
from shared.policy.loader import load_policy
from tests.unit.case_packs import edited, with_obligations
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import certified, faults, verified

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def clock(case: Playing, name: str) -> ObligationClock:
    found = case.case.state.clock(name)
    assert found is not None
    return found


def contact(case: Playing, **said: Any) -> None:
    """A contact that intake heard of."""
    case.receive(ContactAdded.model_validate({"channel": "email", "at": case.now, "text_ref": "t"} | said))


# --- waits --------------------------------------------------------------------------------------


def waits(case: Playing, agreed: bool) -> float:
    """Wait again and again for as long as anybody lets it; how many days that were."""
    total = 0.0
    for _ in range(12):
        began = case.now
        try:
            reply = case.owner("pause", reason="r")
            if "request_id" in reply.result:
                if not agreed:
                    break
                case.do("manager-1", "approve", request_id=reply.result["request_id"], approved=True)
        except AssertionError:
            break
        case.later(days=14)
        total += (case.case.state.pauses[-1].end - began) / DAY  # type: ignore[operator]
        case.later(seconds=1)
        case.owner("respond", kind="plan", text="t")
    return total


def test_twelve_waits_of_fourteen_days_are_not_possible_with_one_person_nor_with_two() -> None:
    alone, two = play(), play()
    for case in (alone, two):
        case.owner("respond", kind="plan", text="t")
    assert waits(alone, agreed=False) == pytest.approx(28, abs=0.01)
    assert waits(two, agreed=True) == pytest.approx(56, abs=0.01)
    for case in (alone, two):
        case.later(days=60)
        assert any(one.obligation == "resolution" for one in case.all(DeadlineBreached))
        assert faults(verified(case)) == {}


def test_no_person_grants_more_time_beyond_all_waiting_and_the_refusal_names_that() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    waits(case, agreed=True)
    who = case.owned_by
    refusal = case.refused(who, "pause", reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert "used up" in refusal.message


def test_a_wait_beyond_the_budget_of_one_person_begins_when_a_second_agrees() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    waits(case, agreed=False)
    until = case.now + 5 * DAY
    count = len(case.all(Paused))
    for one in case.case.state.approvals:
        if one.status == "open":
            case.do("manager-1", "approve", request_id=one.request.request_id, approved=False)
    reply = case.owner("pause", until=until, reason="r")
    assert len(case.all(Paused)) == count
    assert case.last(ApprovalRequested).what == "wait"
    assert case.refused(case.owned_by, "approve", request_id=reply.result["request_id"], approved=True)
    case.do("manager-1", "approve", request_id=reply.result["request_id"], approved=True)
    assert case.last(Paused).until == until
    assert faults(verified(case)) == {}


def test_a_request_for_a_wait_that_is_over_by_now_cannot_be_granted() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    waits(case, agreed=False)
    open_ = next(one.request for one in case.case.state.approvals if one.status == "open")
    case.later(days=20)
    refusal = case.refused("manager-1", "approve", request_id=open_.request_id, approved=True)
    assert (refusal.code, refusal.field) == (ErrorCode.TOO_LATE, "data.request_id")


def test_the_budget_of_waiting_goes_on_through_all_cycles() -> None:
    case = play().resolved()
    case.reopen()
    case.owner("pause", reason="r")
    case.later(days=14)
    case.owner("pause", reason="r")
    case.later(days=14, seconds=1)
    assert "request_id" in case.owner("pause", reason="r").result


def test_a_deadline_may_have_a_budget_of_waiting_of_its_own() -> None:
    visit: dict[str, Any] = {
        "id": "visit",
        "starts": "responded",
        "met_by": ["resolved"],
        "pausable": True,
        "budget": {"clock": "business_days", "amount": "10d"},
        "waits_at_most": {"clock": "business_days", "amount": "3d"},
        "ladder": [{"to": "lead"}],
    }
    under = edited(more=(visit,))
    case = play(under=under)
    case.owner("respond", kind="plan", text="t")
    case.owner("pause", reason="r")
    assert case.last(Paused).until == MONDAY + 3 * DAY + 8 * HOUR, "the end of the third working day"
    case.later(days=4)
    refusal = case.refused(case.owned_by, "pause", reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert faults(verified(case, under)) == {}


def test_a_human_word_ends_a_wait_at_once_and_once() -> None:
    case = play()
    case.owner("pause", until=MONDAY + 10 * DAY, reason="r")
    case.later(days=1)
    contact(case)
    assert (case.last(Resumed).why, case.at(Resumed)) == ("answer", [case.now])
    contact(case)
    case.later(days=20)
    assert len(case.all(Resumed)) == 1
    assert faults(verified(case)) == {}


def test_a_machines_word_ends_no_wait() -> None:
    case = play()
    case.owner("pause", until=MONDAY + 10 * DAY, reason="r")
    contact(case, automatic=True)
    assert case.all(Resumed) == []


@pytest.mark.parametrize("who", ["customer", "agent-1"])
def test_a_completion_of_the_record_ends_the_wait_for_any_sender(who: str) -> None:
    case = play()
    case.owner("pause", until=MONDAY + 10 * DAY, reason="r")
    case.do(who, "complete_record", product="a kettle")
    assert case.last(Resumed).why == "answer"


def test_the_end_of_an_earlier_wait_does_nothing_to_a_later_wait() -> None:
    case = play()
    case.owner("pause", until=MONDAY + 5 * DAY, reason="r")
    case.later(days=1)
    contact(case)
    case.owner("pause", until=MONDAY + 9 * DAY, reason="r")
    case.later(days=5)
    assert case.case.state.pause is not None
    case.later(days=4)
    assert [one.why for one in case.all(Resumed)] == ["answer", "limit"]


# --- extensions ---------------------------------------------------------------------------------


def test_one_or_two_people_do_not_extend_by_a_year() -> None:
    case = play()
    far = clock(case, "resolution").due + 364 * DAY
    refusal = case.refused("agent-1", "extend", obligation="resolution", until=far, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.until")
    assert case.all(ApprovalRequested) == []


def test_a_long_first_extension_needs_a_second_person() -> None:
    case = play()
    until = clock(case, "resolution").due + 31 * DAY
    case.owner("extend", obligation="resolution", until=until, reason="r")
    assert case.last(ApprovalRequested).what == "extension"
    case.lead("approve", request_id="approval-1", approved=True)
    assert clock(case, "resolution").due == until
    assert faults(verified(case)) == {}


def test_all_extensions_of_a_deadline_together_have_a_limit() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    first = clock(case, "resolution").due
    for number, days in enumerate((30, 60, 90)):
        case.owner("extend", obligation="resolution", until=first + days * DAY, reason="r")
        if number:
            case.lead("approve", request_id=f"approval-{number}", approved=True)
    refusal = case.refused("agent-1", "extend", obligation="resolution", until=first + 91 * DAY, reason="r")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert faults(verified(case)) == {}


# --- triage, receipt, policy --------------------------------------------------------------------


@pytest.mark.parametrize(("safety", "severity"), [(True, 1), (True, 3), (False, 1)])
def test_a_single_person_gives_no_time_by_a_lower_severity(safety: bool, severity: int) -> None:
    case = play(safety=safety, hints={"severity": 4})
    before = clock(case, "resolution").due
    case.do(case.owned_by, "reclassify", severity=severity, reason="r")
    assert (clock(case, "resolution").due, case.all(DeadlineMoved)) == (before, [])
    assert case.last(ApprovalRequested).what == "severity_downgrade"
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    assert case.last(Triaged).severity == severity
    assert clock(case, "resolution").due > before
    assert faults(verified(case)) == {}


def test_safety_and_severity_are_lowered_together_by_one_request() -> None:
    case = play(safety=True)
    was = case.case.state.triage.severity
    case.do(case.owned_by, "reclassify", severity=1, safety=False, category="price", reason="r")
    assert case.last(Triaged).category == "price"
    assert (case.last(Triaged).severity, case.last(Triaged).safety) == (was, True)
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    assert (case.last(Triaged).severity, case.last(Triaged).safety) == (1, False)


def test_a_higher_severity_needs_no_second_person() -> None:
    case = play(hints={"severity": 2})
    case.owner("reclassify", severity=5, reason="r")
    assert case.last(Triaged).severity == 5


def test_a_later_receipt_needs_one_more_person_and_an_earlier_one_none() -> None:
    case = play(MONDAY - 3 * HOUR, opened_at=MONDAY)
    reply = case.lead("correct_receipt", received_at=MONDAY - HOUR, reason="r")
    assert reply.events == ["approval_requested", "deadline_set"]
    case.do("manager-1", "approve", request_id="approval-1", approved=True)
    assert case.case.state.received_at == MONDAY - HOUR
    assert (
        "receipt_corrected" in case.lead("correct_receipt", received_at=MONDAY - 2 * HOUR, reason="r").events
    )
    assert faults(verified(case)) == {}


def test_an_accountable_owner_takes_no_complaint_to_another_policy() -> None:
    case = play()
    case.later(hours=25)
    assert case.owned_by == "lead-1"
    case.in_force = case.opening.pinned.model_copy(update={"identity": with_obligations().identity})
    refusal = case.refused("lead-1", "migrate_policy", reason="r")
    assert refusal.code in (ErrorCode.NEEDS_SECOND_PERSON, ErrorCode.NOT_ALLOWED_NOW)


# --- an authority's clocks ----------------------------------------------------------------------


def disp() -> Any:
    return load_policy("default,uk-disp")


def reopened(after: float) -> Playing:
    """A complaint under DISP that was resolved at once and is reopened after so many days."""
    case = play(under=disp()).resolved()
    case.later(days=after)
    case.reopen()
    return case


def starts(case: Playing, name: str) -> list[datetime]:
    return [one.started_at for one in case.all(DeadlineSet) if one.obligation == name]


def test_an_authoritys_clock_goes_on_through_a_reopening() -> None:
    case = reopened(20)
    final = clock(case, "disp_final_response")
    first = case.all(DeadlineSet)
    due = next(one.due for one in first if one.obligation == "disp_final_response")
    assert (final.started_at, final.due, final.cycle) == (MONDAY, due, 2)
    assert starts(case, "response_24h")[1] > starts(case, "response_24h")[0], "the house's own begins anew"
    case.later(days=60)
    assert [one.due for one in case.all(DeadlineBreached) if one.obligation == "disp_final_response"] == [due]
    assert faults(verified(case, disp())) == {}
    assert {one["started_by"] for one in certified(case, disp()) if one["cycle"] == 2} >= {"reopened"}


def test_a_deadline_met_in_time_that_would_be_over_stays_met() -> None:
    case = reopened(70)
    assert starts(case, "disp_final_response") == [MONDAY]
    assert clock(case, "disp_final_response").status == "met"
    assert faults(verified(case, disp())) == {}


def test_a_window_that_is_no_duty_ends_and_is_not_breached() -> None:
    case = play(under=disp())
    case.owner("respond", kind="plan", text="t")
    case.later(days=10)
    ended = [one for one in case.all(DeadlineCancelled) if one.obligation == "disp_summary_resolution"]
    assert [one.reason for one in ended] == ["window_over"]
    assert case.at(DeadlineCancelled)[0] == ended[0].due
    assert "disp_summary_resolution" not in {one.obligation for one in case.all(DeadlineBreached)}
    assert all(one.obligation != "disp_summary_resolution" for one in case.all(Escalated))
    assert faults(verified(case, disp())) == {}


def test_a_complex_complaint_counts_from_the_receipt_and_others_have_no_such_deadline() -> None:
    under = load_policy("default,cn-12345")
    simple, complex_ = play(under=under), play(under=under)
    for case in (simple, complex_):
        case.owner("respond", kind="plan", text="t")
        case.later(days=4)
    complex_.owner("open_task", unit="another", text="t")
    assert starts(simple, "hotline_complex_answer") == []
    assert starts(complex_, "hotline_complex_answer") == [MONDAY]
    assert faults(verified(complex_, under)) == {}


def test_a_complaint_that_turns_out_complex_late_still_has_its_time() -> None:
    under = load_policy("default,cn-12345")
    case = play(under=under)
    case.owner("respond", kind="plan", text="t")
    case.later(days=20)
    case.do(case.owned_by, "open_task", unit="another", text="t")
    assert starts(case, "hotline_complex_answer") == [case.now]
    assert faults(verified(case, under)) == {}


def test_the_verifier_finds_time_that_no_person_might_give() -> None:
    """By a pack that allows a person less than the one that the case was played under."""
    limits = policy().pack.limits
    rest = {
        "alone": {"clock": "elapsed", "amount": "200d"},
        "at_most": {"clock": "elapsed", "amount": "300d"},
    }
    generous = type(limits.waiting).model_validate(rest)
    wider = limits.model_copy(update={"waiting": generous, "extensions": generous})
    case = play(under=replace(policy(), pack=policy().pack.model_copy(update={"limits": wider})))
    case.owner("respond", kind="plan", text="t")
    case.owner("extend", obligation="resolution", until=clock(case, "resolution").due + 31 * DAY, reason="r")
    for _ in range(3):
        case.do(case.owned_by, "pause", reason="r")
        case.later(days=14)
        case.do(case.owned_by, "respond", kind="plan", text="t")
    found = faults(verified(case))
    assert any("no second person agreed to it" in one for one in found["resolution"])
    assert any("waits until" in one for one in found["(complaint)"])
