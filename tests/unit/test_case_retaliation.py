"""Complainants who want a member of staff punished: an independent person handles it (`sources.md` 25)."""

from typing import Any

import pytest

from services.routing.view import view
from shared.contract.errors import ErrorCode
from shared.contract.events import Assigned, ConcernedAdded, StakeholderAdded
from tests.unit.cases import Playing, play

PUNISH: dict[str, Any] = {"hints": {"category": "product", "motives": ["retaliation"]}}


def added(case: Playing) -> list[ConcernedAdded]:
    return [one for one in case.all(ConcernedAdded) if one.why == "retaliation"]


def test_the_unit_of_the_person_has_no_part_and_the_complaint_moves_by_itself() -> None:
    case = play(about_staff="agent-2", **PUNISH)
    case.meet_people()
    assert [one.units for one in added(case)] == [["product-care"]]
    assert case.last(Assigned).why == "conflict"
    assert case.owned_by in {"agent-4", "agent-5", "agent-6", "agent-7", "agent-8"}
    assert case.case.state.chain.lead != "lead-1"
    assert case.refused("agent-1", "escalate", reason="r").code == ErrorCode.CONFLICT_OF_INTEREST


def test_a_motive_or_a_person_that_becomes_known_later_has_the_same_effect() -> None:
    later_motive = play(about_staff="agent-2")
    later_motive.owner("reclassify", motives=["retaliation"], reason="r")
    later_person = play(**PUNISH)
    later_person.came_again(about_staff="agent-2")
    for case in (later_motive, later_person):
        case.meet_people()
        assert [one.units for one in added(case)] == [["product-care"]]
        assert case.owned_by not in {"agent-1", "agent-2", "agent-3"}


@pytest.mark.parametrize("told", [{"about_staff": "agent-2"}, PUNISH], ids=["no motive", "no person"])
def test_without_the_motive_or_a_person_nothing_changes(told: dict[str, Any]) -> None:
    case = play(**told)
    case.meet_people()
    assert added(case) == []


def test_it_is_a_risk_to_the_reputation_of_which_the_press_office_is_informed() -> None:
    case = play(**PUNISH)
    assert view(case.case.state).reputation_risk
    assert [(one.party, one.why) for one in case.all(StakeholderAdded)] == [("media", "retaliation")]
    assert not view(play().case.state).reputation_risk
