"""Faults in rules: one stops no complaint: its step has no effect, and what comes next goes on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.routing import case as case_module
from services.routing.attempting import AGAIN, caught, copied
from services.routing.rules import clockwork
from services.routing.rules.clockwork import Due
from services.routing.rules.state import CaseState
from services.routing.rules.verbs import VERBS
from shared.contract.errors import ErrorCode
from shared.contract.events import DeadlineBreached, DeadlineWarned, Notice
from tests.unit.cases import Playing, play


def guarded() -> Playing:
    """Case as its workflow has it: with an exception, a step has no effect."""
    case = play()
    case.case._attempt = caught
    return case


def broken(*_: Any) -> Any:
    raise ZeroDivisionError("a fault")


def state_of(case: Playing) -> CaseState:
    return copied(case.case.state)


def test_a_rule_with_a_fault_refuses_its_command_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    case = guarded()
    monkeypatch.setitem(VERBS, "respond", replace(VERBS["respond"], rule=broken))
    before = state_of(case)
    refusal = case.refused(case.owned_by, "respond", kind="plan", text="t")
    assert refusal.code == ErrorCode.INTERNAL
    assert "respond" in refusal.allowed
    assert case.case.state == before
    case.owner("clarify", cause="defect", cause_side="defect", liability="company")


def test_a_fault_amid_the_facts_of_a_command_leaves_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    case = guarded()
    before = state_of(case)
    monkeypatch.setattr(case_module, "following", broken)
    assert case.refused(case.owned_by, "respond", kind="plan", text="t").code == ErrorCode.INTERNAL
    assert case.case.state == before
    monkeypatch.undo()
    assert case.owner("respond", kind="plan", text="t").events[0] == "responded"
    assert [fact.seq for fact in case.recorded] == list(range(1, len(case.recorded) + 1))


def test_an_event_of_time_with_a_fault_waits_while_everything_else_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, real = guarded(), clockwork.fire

    def fire(state: CaseState, event: Due) -> Iterator[Any]:
        if event.kind == "warning":
            raise ZeroDivisionError
        return real(state, event)

    monkeypatch.setattr(case_module, "fire", fire)
    case.later(hours=13)
    assert (case.all(DeadlineWarned), bool(case.case.state.parked)) == ([], True)
    assert case.case.next_due is not None
    assert case.case.next_due <= case.now + AGAIN
    case.owner("clarify", cause="defect", cause_side="defect", liability="company")
    case.later(hours=12)
    assert "response_24h" in [one.obligation for one in case.all(DeadlineBreached)]
    monkeypatch.undo()
    case.later(minutes=11)
    assert case.case.state.parked == {}


def test_an_event_that_was_parked_is_dated_by_its_own_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, case = play(), guarded()
    monkeypatch.setattr(case_module, "fire", broken)
    case.later(hours=13)
    monkeypatch.undo()
    case.later(minutes=11)
    whole.later(hours=13, minutes=11)
    assert case.at(DeadlineWarned) == whole.at(DeadlineWarned) != []
    assert len(case.all(Notice)) == len(whole.all(Notice))


def test_a_gate_with_a_fault_is_shut_and_the_other_verbs_stay_possible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = guarded()
    monkeypatch.setitem(VERBS, "pause", replace(VERBS["pause"], gates=(broken,)))
    assert case.refused(case.owned_by, "pause", reason="r").code == ErrorCode.INTERNAL
    assert "pause" not in case.case.allowed
    assert "respond" in case.case.allowed
