"""Grave complaints: a commander, all parties informed in time, and cost limits that give way to safety."""

from datetime import timedelta

import pytest

from services.routing.view import view
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    ApprovalRequested,
    Assigned,
    CommanderNamed,
    DeadlineBreached,
    DeadlineMet,
    DeadlineSet,
    Escalated,
    OfferMade,
    Overridden,
    StakeholderAdded,
    StakeholderInformed,
)
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.certified import faults, verified

DEAR = {"option_id": "dear", "remedy": "refund", "amount": {"value": "60000", "currency": "CNY"}}
CHEAP = {"option_id": "cheap", "remedy": "apology"}


def raised(case: Playing, severity: int) -> Playing:
    case.owner("reclassify", severity=severity, reason="r")
    return case


# --- the commander --------------------------------------------------------------------------------


@pytest.mark.parametrize(("severity", "commander"), [(3, None), (4, "lead-1"), (5, "manager-1")])
def test_grave_complaints_have_a_commander_and_still_one_owner(severity: int, commander: str | None) -> None:
    case = raised(play(), severity)
    assert case.case.state.commander == commander == view(case.case.state).commander
    assert len(case.all(CommanderNamed)) == (commander is not None)
    assert case.owned_by == "agent-1"
    assert len(case.all(Assigned)) == 1


def test_the_commander_changes_with_the_severity_and_is_relieved_with_it() -> None:
    case = raised(raised(play(), 4), 5)
    assert [one.commander for one in case.all(CommanderNamed)] == ["lead-1", "manager-1"]
    case.owner("reclassify", severity=2, reason="r")
    case.do("lead-1", "approve", request_id="approval-1", approved=True)
    assert case.last(CommanderNamed).commander is None
    assert case.last(CommanderNamed).previous == "manager-1"


def test_a_commander_whom_the_complaint_concerns_is_replaced() -> None:
    case = raised(play(), 4)
    case.came_again(about_staff="lead-1")
    assert case.case.state.commander == case.case.state.chain.lead != "lead-1"
    assert faults(verified(case)) == {}


# --- all parties ----------------------------------------------------------------------------------


def test_each_party_of_a_grave_complaint_has_a_clock_until_it_is_informed() -> None:
    case = raised(play(), 5)
    added = {one.party: one.due - MONDAY for one in case.all(StakeholderAdded)}
    hours = {"departments": 4, "regulator": 24, "media": 24}
    assert added == {party: timedelta(hours=most) for party, most in hours.items()}
    assert {f"inform-{party}" for party in hours} <= {one.obligation for one in case.all(DeadlineSet)}
    case.owner("inform_party", party="regulator", text="t")
    assert case.last(StakeholderInformed).party == "regulator"
    assert case.last(DeadlineMet).obligation == "inform-regulator"
    told = {one.party: one.informed_at for one in view(case.case.state).stakeholders}
    assert told == {"departments": None, "regulator": MONDAY, "media": None}
    assert faults(verified(case)) == {}


def test_a_party_that_nobody_informs_is_reported_to_the_levels_above_and_the_owner_stays() -> None:
    case = raised(play(), 5)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=4)
    assert case.last(DeadlineBreached).obligation == "inform-departments"
    assert (case.last(Escalated).to, case.last(Escalated).obligation) == ("lead-1", "inform-departments")
    assert len(case.all(Assigned)) == 1
    assert faults(verified(case)) == {}


def test_people_who_are_named_are_informed_of_it() -> None:
    case = play()
    assert case.all(StakeholderAdded) == []
    case.came_again(about_staff="agent-5")
    assert [(one.party, one.why) for one in case.all(StakeholderAdded)] == [("staff", "concerned")]
    case.came_again(about_staff="agent-6")
    assert len(case.all(StakeholderAdded)) == 1, "each party once"
    assert faults(verified(case)) == {}


def test_a_party_is_informed_once_also_without_the_policy() -> None:
    case = play()
    case.owner("inform_party", party="media", text="t")
    refusal = case.refused("agent-1", "inform_party", party="media", text="t")
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.party")


def test_a_reopened_complaint_asks_for_no_party_again() -> None:
    case = raised(play(), 5)
    before = len(case.all(StakeholderAdded))
    case.resolved()
    case.reopen()
    assert len(case.all(StakeholderAdded)) == before


# --- vulnerable people, and limits that give way --------------------------------------------------


def test_the_sender_or_staff_mark_a_vulnerable_complainant() -> None:
    assert view(play(hints={"vulnerable": True}).case.state).vulnerable
    case = play()
    case.owner("mark_vulnerable", reason="r")
    assert view(case.case.state).vulnerable


def test_one_person_does_not_end_the_mark() -> None:
    case = play(hints={"vulnerable": True})
    refusal = case.refused(case.owned_by, "mark_vulnerable", vulnerable=False, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_SECOND_PERSON, "actor.id")
    case.lead("mark_vulnerable", vulnerable=False, reason="r")
    assert not view(case.case.state).vulnerable
    again = case.refused("lead-1", "mark_vulnerable", vulnerable=False, reason="r")
    assert again.code == ErrorCode.NOT_ALLOWED_NOW


def prepared(case: Playing) -> Playing:
    case.owner("respond", kind="plan", text="t")
    case.owner("record_interest", party="customer", interest="safety", confirmed=True)
    case.owner("prepare_options", options=[CHEAP, DEAR])
    return case


@pytest.mark.parametrize(("said", "why"), [({"safety": True}, "safety"), ({}, "vulnerable")])
def test_safety_and_vulnerable_people_override_the_limits_of_authority(
    said: dict[str, bool], why: str
) -> None:
    case = prepared(play(hints={"category": "product", "vulnerable": why == "vulnerable"}, **said))
    case.owner("override", reason="r")
    fact = case.last(Overridden)
    assert (fact.limit, fact.why, fact.reason_ref) == ("authority", why, "r")
    assert fact.to not in (case.owned_by, "nobody"), "the person above is notified"
    case.offered("dear")
    assert case.all(ApprovalRequested) == []
    assert case.last(OfferMade).amount is not None
    assert view(case.case.state).overridden


def test_without_a_higher_interest_no_limit_gives_way() -> None:
    case = prepared(play())
    assert case.refused("agent-1", "override", reason="r").code == ErrorCode.NOT_ALLOWED_NOW
    assert case.refused("agent-2", "override", reason="r").code == ErrorCode.NOT_OWNER


def test_a_limit_gives_way_for_one_cycle() -> None:
    case = play(hints={"category": "product", "vulnerable": True})
    case.owner("override", reason="r")
    assert case.refused(case.owned_by, "override", reason="r").code == ErrorCode.NOT_ALLOWED_NOW
    case.resolved()
    case.reopen()
    assert not view(case.case.state).overridden
    case.owner("override", reason="r")
