"""The 24-hour rule and its ladder, and the warnings that come before: by the clock, each thing once."""

from datetime import UTC, datetime, timedelta

import pytest

from services.routing.view import next_obligation
from shared.contract.events import (
    Assigned,
    DeadlineBreached,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Escalated,
    Notice,
)
from shared.contract.recorded import RecordedFact
from tests.unit.cases import MONDAY, OPTIONS, Playing, play
from tests.unit.certified import faults, verified

DAY = timedelta(hours=24)


def _only(case: Playing, name: str = "response_24h") -> list[RecordedFact]:
    return [one for one in case.recorded if one.data.get("obligation") == name]


def _named(case: Playing, name: str = "response_24h") -> list[str]:
    return [one.name for one in _only(case, name)]


@pytest.mark.parametrize(
    "received_at",
    [
        MONDAY,
        datetime(2026, 3, 7, 20, 0, tzinfo=UTC),  # the night before clocks go forward in New York
        datetime(2026, 10, 24, 20, 0, tzinfo=UTC),  # the night before they go back in London
        datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2028, 2, 28, 12, 0, tzinfo=UTC),
    ],
)
def test_the_rule_is_breached_exactly_24_hours_after_the_complaint(received_at: datetime) -> None:
    case = play(received_at)
    case.until(received_at + DAY - timedelta(microseconds=1))
    assert "deadline_breached" not in _named(case)
    case.until(received_at + DAY)
    assert [one.at for one in _only(case) if one.name == "deadline_breached"] == [received_at + DAY]


@pytest.mark.parametrize("kind", ["explanation", "proposal", "plan"])
def test_a_substantive_response_meets_it(kind: str) -> None:
    case = play()
    case.later(hours=23.9)
    case.owner("respond", kind=kind, text="t")
    met = next(m for m in case.all(DeadlineMet) if m.obligation == "response_24h")
    assert (met.by_fact, met.late) == ("responded", False)
    case.later(days=5)
    assert "deadline_breached" not in _named(case)


@pytest.mark.parametrize(("microseconds", "late"), [(-1, False), (0, True), (1, True)])
def test_a_response_exactly_at_the_due_instant_is_late(microseconds: int, late: bool) -> None:
    """A breach is dated by the due instant: whatever is done at that instant, comes after it."""
    case = play()
    case.until(MONDAY + DAY + timedelta(microseconds=microseconds))
    case.owner("respond", kind="plan", text="t")
    met = next(m for m in case.all(DeadlineMet) if m.obligation == "response_24h")
    assert met.late == late
    assert faults(verified(case)) == {}


def test_deadlines_of_one_instant_all_run_out_before_an_owner_changes() -> None:
    """Else the lead who takes over at that instant would be in time for what ran out with it."""
    case = play()
    case.until(MONDAY + DAY)
    at_once = [one for one in case.recorded if one.at == MONDAY + DAY]
    assert [one.data.get("obligation") for one in at_once[:2]] == ["response_24h", "promise-1"]
    said = ["deadline_breached", "deadline_breached", "escalated", "assigned", "notice", "escalated"]
    assert [one.name for one in at_once] == said


def test_nothing_but_a_response_meets_it() -> None:
    """Neither our acknowledgement nor anything else that is said or done on the day (`sources.md` 64)."""
    case = play()
    case.owner("clarify", cause="broken", cause_side="defect", liability="company")
    case.owner("record_interest", party="customer", interest="fix", confirmed=True)
    case.owner("set_position", text="t")
    case.owner("prepare_options", options=OPTIONS[:2])
    case.owner("pause", reason="r")
    case.later(hours=24)
    assert "deadline_breached" in _named(case)


def test_a_pause_does_not_stop_it() -> None:
    case = play()
    case.later(hours=1)
    case.owner("pause", reason="r")
    case.later(hours=23)
    assert "deadline_breached" in _named(case)
    assert "resolution" not in {b.obligation for b in case.all(DeadlineBreached)}


def test_a_severity_leaves_it_alone() -> None:
    case = play()
    case.owner("reclassify", severity=5, reason="r")
    assert {m.obligation for m in case.all(DeadlineMoved)} == {"resolution"}


def test_the_rule_warns_at_50_75_and_90_percent_each_once() -> None:
    case = play()
    case.later(hours=23)
    warnings = [one for one in _only(case) if one.name == "deadline_warned"]
    assert [one.data["percent"] for one in warnings] == [50, 75, 90]
    assert [one.at - MONDAY for one in warnings] == [DAY / 2, DAY * 3 / 4, DAY * 9 / 10]
    assert {one.data["to"] for one in warnings} == {"agent-1"}


def test_a_met_deadline_does_not_warn() -> None:
    case = play()
    case.later(hours=13)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=11)
    assert [w.percent for w in case.all(DeadlineWarned) if w.obligation == "response_24h"] == [50]


def test_warnings_from_before_the_registration_are_not_sent() -> None:
    case = play(MONDAY - timedelta(hours=13), opened_at=MONDAY)
    case.later(hours=10.9)
    assert [w.percent for w in case.all(DeadlineWarned) if w.obligation == "response_24h"] == [75, 90]


def test_the_lead_becomes_accountable_on_the_breach_then_the_manager_each_further_day() -> None:
    case = play()
    case.later(hours=24 * 4)
    assert [(a.owner, a.level, a.why) for a in case.all(Assigned)] == [
        ("agent-1", 0, "triage"),
        ("lead-1", 1, "escalation"),
        ("manager-1", 2, "escalation"),
    ]
    ladder = [one for one in _only(case) if one.name == "escalated"]
    assert [one.at - MONDAY for one in ladder] == [DAY * n for n in (1, 2, 3, 4)]
    every = [one.data["level"] for one in case.recorded if one.name == "escalated"]
    assert every == [1, 2, 3, 4, 5, 6]  # one about the silence, one about the promise of an answer
    assert [one.data["to"] for one in ladder] == ["lead-1", "manager-1", "manager-1", "manager-1"]


def test_each_rung_notifies_the_complainant() -> None:
    case = play()
    case.later(hours=49)
    assert [n.template for n in case.all(Notice)] == ["delay", "delay"]


def test_a_rung_names_a_new_owner_only_where_it_brings_one() -> None:
    case = play()
    case.later(days=5)
    told = [one.notification for one in case.recorded if one.notification]
    assert [one.template for one in told] == ["delay"] * 5
    assert [one.parts[0] for one in told] == ["delay_new_owner"] * 2 + ["delay_same_owner"] * 3


def test_each_apology_names_the_next_word_and_it_comes_by_then() -> None:
    case = play()
    case.later(days=40)
    told = [(one.at, one.notification) for one in case.recorded if one.notification]
    said = [notice.instants["by_when"].at for _, notice in told]
    assert len({*said}) >= 40  # two deadlines may run out before one instant
    for (_, notice), (later, _), by_when in zip(told, told[1:], said, strict=False):
        assert notice.parts[-1] == "delay_next_word"
        assert later <= by_when


def test_a_rung_to_the_lead_who_owns_already_names_no_new_owner() -> None:
    case = play()
    case.lead("escalate", reason="r")
    case.later(hours=25)
    notices = [one.notification for one in case.recorded if one.notification]
    assert [one.parts[0] for one in notices] == ["delay_same_owner"]


def test_breaches_of_one_instant_share_one_apology() -> None:
    case = play(MONDAY - 80 * DAY, opened_at=MONDAY)
    assert [escalated.level for escalated in case.all(Escalated)] == [1, 2]
    assert [n.template for n in case.all(Notice)] == ["delay"]
    case.later(days=1)
    assert [n.template for n in case.all(Notice)] == ["delay", "delay"]


def test_the_ladder_ends_with_the_response() -> None:
    case = play()
    case.later(hours=30)
    case.owner("respond", kind="plan", text="t")
    assert next(m for m in case.all(DeadlineMet) if m.obligation == "response_24h").late
    case.later(days=2)
    assert [one.obligation for one in case.all(Escalated)] == ["response_24h", "promise-1"]


def test_everything_happens_in_its_order_and_once_after_an_outage() -> None:
    """`sources.md` P4 to P6: whoever looks late finds the same history as whoever looked all the time."""
    late, steady = play(), play()
    late.later(hours=60)
    for _ in range(120):
        steady.later(hours=0.5)
    assert [one.model_dump() for one in late.recorded] == [one.model_dump() for one in steady.recorded]
    late.later()
    assert len(late.recorded) == len(steady.recorded)


def test_warnings_of_business_time_are_in_business_time() -> None:
    """`sources.md` P1: three quarters of fifteen working days, by the working hour."""
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.later(days=30)
    warned = [one for one in _only(case, "resolution") if one.name == "deadline_warned"]
    # 7 h of the Monday and 15 days of 8 h; 75 % of 127 h are 95 h 15 min: 09:15 of day 12.
    assert [one.at for one in warned] == [datetime(2026, 12, 9, 1, 15, tzinfo=UTC)]


def test_each_obligation_keeps_its_identity_and_the_next_is_the_earliest() -> None:
    """`sources.md` P9: a shorter one never overrules another."""
    case = play()
    assert next_obligation(case.case.state) == (MONDAY + DAY, "response_24h")
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + timedelta(hours=5))
    assert next_obligation(case.case.state) == (MONDAY + timedelta(hours=5), "promise-2")
    case.later(hours=6)
    case.owner("respond", kind="plan", text="t")
    assert next_obligation(case.case.state) == (case.now + timedelta(hours=72), "silence")


def test_a_deadline_that_started_before_the_first_published_year_is_provisional_wherever_it_moves() -> None:
    case = play(datetime(2019, 9, 30, 2, 0, tzinfo=UTC), opened_at=datetime(2019, 9, 30, 3, 0, tzinfo=UTC))
    flags = {s.obligation: s.provisional for s in case.all(DeadlineSet)}
    assert (flags["resolution"], flags["response_24h"]) == (True, False)
    case.owner("reclassify", severity=3, reason="r")
    assert (case.last(DeadlineMoved).why, case.last(DeadlineMoved).provisional) == ("severity", True)
    assert faults(verified(case)) == {}


def test_a_deadline_past_the_last_published_year_is_provisional_also_when_it_moves() -> None:
    case = play(datetime(2026, 12, 28, 2, 0, tzinfo=UTC))
    flags = {s.obligation: s.provisional for s in case.all(DeadlineSet)}
    assert flags["resolution"]
    assert not flags["response_24h"]
    case.owner("reclassify", severity=3, reason="r")
    assert case.last(DeadlineMoved).provisional
