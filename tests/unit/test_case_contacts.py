"""The complainant comes again: what a joined submission brings is weighed, and makes nothing lighter."""

from datetime import timedelta
from typing import Any

import pytest

from services.routing.case import Case
from services.routing.rules.contacts import weighs
from shared.contract.events import DeadlineMoved, DeadlineSet, Triaged
from shared.contract.recorded import RecordedFact
from tests.unit.cases import MONDAY, Playing, contact, names, play
from tests.unit.certified import faults, verified


def money(amount: str) -> dict[str, str]:
    return {"value": amount, "currency": "CNY"}


def severity(case: Playing) -> int:
    return case.case.state.triage.severity


@pytest.mark.parametrize(
    ("brought", "graver"),
    [
        ({"loss": money("999.99")}, 2),
        ({"loss": money("1000")}, 3),
        ({"loss": money("20000")}, 4),
        ({"hints": {"severity": 4}}, 4),
        ({"signals": {"styles": ["angry"]}}, 3),
        ({"signals": {"styles": ["angry"]}, "loss": money("1000")}, 4),
        ({"signals": {"styles": ["prepared"]}, "hints": {"severity": 1}}, 2),
        ({"vip": True}, 2),
        ({}, 2),
    ],
)
def test_a_contact_weighs_by_the_points_of_receipt_and_contact_together(
    brought: dict[str, Any], graver: int
) -> None:
    case = play(loss=money("900"))
    assert severity(case) == 2
    found = case.came_again(**brought)
    assert severity(case) == graver
    assert ("triaged" in names(found)) == (graver > 2)


def test_the_new_triage_names_the_contact_and_its_points() -> None:
    case = play(loss=money("900"))
    case.came_again(loss=money("1100"), alias="Ccccccccccccccccc"[:16])
    triaged = case.last(Triaged)
    assert (triaged.contact, triaged.severity_score.points) == ("Cccccccccccccccc", {"base": 2, "loss": 1})
    assert triaged.severity_score.table == case.opening.triage.severity_score.table
    assert triaged.category == case.opening.triage.category


def test_a_graver_complaint_has_less_time_counted_from_the_same_start() -> None:
    case = play()
    case.later(days=1)
    case.came_again(loss=money("20000"))
    assert [(m.obligation, m.why) for m in case.all(DeadlineMoved) if m.why == "severity"] == [
        ("resolution", "severity")
    ]
    twin = play(loss=money("20000"))
    wanted = next(one.due for one in twin.all(DeadlineSet) if one.obligation == "resolution")
    clock = case.case.state.clock("resolution")
    assert clock is not None
    assert (clock.due, clock.started_at) == (wanted, MONDAY)
    case.later(days=40)
    assert faults(verified(case)) == {}


@pytest.mark.parametrize("brought", [{"safety": True}, {"signals": {"safety": True}}])
def test_a_danger_raises_the_flag_and_goes_up_to_the_lead(brought: dict[str, Any]) -> None:
    """Nothing dangerous joins by itself, but a person may confirm that two complaints are one."""
    case = play()
    found = case.came_again(**brought)
    grave = ("deadline", "commander", "stakeholder")
    assert [name for name in names(found) if not name.startswith(grave)] == [
        "triaged", "escalated", "assigned",
    ]  # fmt: skip
    assert (case.last(Triaged).safety, case.owned_by) == (True, "lead-1")
    assert severity(case) >= 4


def test_the_same_danger_again_makes_no_fact() -> None:
    case = play(safety=True)
    assert case.came_again(safety=True) == []


def test_the_same_content_again_makes_no_fact_and_less_lowers_nothing() -> None:
    case = play(loss=money("20000"))
    for loss in ("20000", "900", "1"):
        assert case.came_again(loss=money(loss)) == []
    assert severity(case) == 4


def test_a_persons_judgement_stays_unless_the_contact_is_graver_than_they_knew() -> None:
    case = play(loss=money("1000"))
    case.owner("reclassify", severity=1, reason="r")
    case.lead("approve", request_id="approval-1", approved=True)
    assert case.came_again(loss=money("1200")) == []
    assert severity(case) == 1
    case.came_again(loss=money("20000"))
    assert severity(case) == 4
    case.owner("reclassify", severity=2, reason="r")
    assert case.came_again(loss=money("20000")) == []
    case.owner("reclassify", severity=5, reason="r")
    assert case.came_again(loss=money("99999"), signals={"styles": ["angry"]}) == []
    assert severity(case) == 5


def test_deadlines_that_fell_due_before_come_first() -> None:
    case = play()
    case.now += timedelta(hours=25)
    found = names(case.came_again(loss=money("20000")))
    assert found.index("deadline_breached") < found.index("triaged")


def test_a_contact_of_a_complaint_that_went_into_another_changes_nothing() -> None:
    case = play()
    case.merged()
    assert case.came_again(loss=money("20000"), safety=True) == []


def test_a_danger_alone_counts_in_a_contact_after_the_resolution_and_reopens_for_the_lead() -> None:
    case = play().resolved()
    assert case.came_again(loss=money("20000")) == []
    assert names(case.came_again(signals={"safety": True})) == ["triaged"]
    assert (case.last(Triaged).safety, case.case.state.stage) == (True, "following_up")
    found = case.reopen("danger")
    assert [one.name for one in found if not one.name.startswith("deadline")] == ["assigned", "escalated"]
    assert (case.owned_by, severity(case)) == ("lead-1", 5)


def test_a_case_from_before_the_pinned_table_keeps_its_severity_but_handles_danger() -> None:
    case = play()
    case.opening.pinned.severity = case.case.state.pinned.severity = None
    assert case.came_again(loss=money("20000")) == []
    found = case.came_again(safety=True)
    assert (case.last(Triaged).safety, severity(case)) == (True, 2)
    assert "escalated" in names(found)


def test_a_case_that_is_built_again_from_its_facts_weighs_as_it_did() -> None:
    case = play()
    case.came_again(loss=money("1000"))
    again = Case.rebuilt(case.opening, case.recorded)
    assert again.state == case.case.state
    again.receive(contact(loss=money("1000")), case.now)
    found: list[RecordedFact] = again.take_new_facts()
    assert found == []


@pytest.mark.parametrize(
    ("brought", "heard"),
    [
        ({}, False),
        ({"vip": True, "unit": "u", "hints": {"category": "product"}}, False),
        ({"signals": {"categories": {"product": 2}}}, False),
        ({"loss": money("1")}, True),
        ({"hints": {"severity": 1}}, True),
        ({"signals": {"styles": ["angry"]}}, True),
        ({"signals": {"safety": True}}, True),
        ({"safety": True}, True),
    ],
)
def test_the_workflow_receives_only_fields_that_a_triage_reads(brought: dict[str, Any], heard: bool) -> None:
    assert weighs(contact(**brought)) == heard


def test_an_automatic_message_reports_weighs_and_completes_nothing() -> None:
    case = play()
    found = case.came_again(automatic=True, loss=money("20000"), safety=True, told=["loss"], group_ref="g-1")
    assert (found, severity(case)) == ([], 2)
