"""Late truths: a complaint was received earlier, or later, than we thought. Facts are only added."""

from datetime import datetime, timedelta

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import (
    Assigned,
    DeadlineBreached,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    ReceiptCorrected,
)
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.certified import faults, verified

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _verdicts(case: Playing) -> dict[str, tuple[str, datetime]]:
    kinds = {"acknowledgement", "response_24h", "resolution"}
    return {c.name: (c.status, c.due) for c in case.case.state.clocks if c.name in kinds}


def _corrected(case: Playing, to: datetime) -> list[str]:
    second = "manager-1" if case.owned_by == "lead-1" else "lead-1"
    reply = case.do(second, "correct_receipt", received_at=to, reason="r")
    if "request_id" in reply.result:
        third = "lead-1" if second == "manager-1" else "manager-1"
        return case.do(third, "approve", request_id=reply.result["request_id"], approved=True).events
    return reply.events


def test_a_receipt_of_three_days_ago_sets_all_clocks_from_then_and_breaches_once() -> None:
    case = play(MONDAY - 3 * DAY, opened_at=MONDAY)
    starts = {s.started_at for s in case.all(DeadlineSet) if s.obligation in _verdicts(case)}
    assert starts == {MONDAY - 3 * DAY}
    breaches = [(b.obligation, b.late_registration) for b in case.all(DeadlineBreached)]
    assert breaches == [("acknowledgement", True), ("response_24h", True)]
    assert case.at(DeadlineBreached) == [MONDAY - 3 * DAY + timedelta(seconds=60), MONDAY - 2 * DAY]
    later = [one.name for one in case.later(hours=23)]
    assert "deadline_breached" not in later


def test_a_correction_names_the_former_instant_and_moves_deadlines_that_count_from_the_receipt() -> None:
    case = play()
    case.later(hours=2)
    _corrected(case, MONDAY - 3 * HOUR)
    said = case.last(ReceiptCorrected)
    assert (said.was, said.received_at, said.reason_ref) == (MONDAY, MONDAY - 3 * HOUR, "r")
    moved = {m.obligation: (m.was, m.due) for m in case.all(DeadlineMoved) if m.why == "receipt_corrected"}
    assert moved["response_24h"] == (MONDAY + DAY, MONDAY + 21 * HOUR)
    assert not {"silence", "promise-1"} & set(moved)


def test_a_deadline_that_a_correction_makes_past_is_breached_at_once_at_its_own_instant() -> None:
    case = play()
    case.later(hours=4)
    events = _corrected(case, MONDAY - 22 * HOUR)
    assert "deadline_breached" in events
    breach = next(b for b in case.all(DeadlineBreached) if b.obligation == "response_24h")
    assert breach.late_registration
    at = [
        one.at
        for one in case.recorded
        if one.data.get("obligation") == "response_24h" and "breach" in one.name
    ]
    assert at == [MONDAY + 2 * HOUR]
    assert case.last(Assigned).owner == "lead-1"


def test_the_ladder_of_a_late_truth_begins_when_it_is_known() -> None:
    case = play()
    case.later(hours=4)
    _corrected(case, MONDAY - 22 * HOUR)

    def climbed() -> list[timedelta]:
        rule = [one for one in case.recorded if one.data.get("obligation") == "response_24h"]
        return [one.at - MONDAY for one in rule if one.name == "escalated"]

    assert climbed() == [4 * HOUR]
    case.later(hours=24)
    assert climbed() == [4 * HOUR, 28 * HOUR]


@pytest.mark.parametrize("days", [0.01, 0.5, 0.9, 1.5, 3, 40])
def test_a_correction_gives_the_verdicts_that_the_truth_would_have_given(days: float) -> None:
    """Answer after half a day, the receipt being known at first or found out later (`sources.md` U13)."""
    truth = MONDAY - days * DAY
    known, found_out = play(truth, opened_at=MONDAY), play()
    for case in (known, found_out):
        case.later(hours=12)
        case.owner("respond", kind="plan", text="t")
    found_out.later(hours=1)
    _corrected(found_out, truth)
    assert {n: s for n, (s, _) in _verdicts(found_out).items()} == {
        n: s for n, (s, _) in _verdicts(known).items()
    }
    dues = {n: due for n, (s, due) in _verdicts(found_out).items() if s != "met"}
    assert dues == {n: due for n, (s, due) in _verdicts(known).items() if s != "met"}


def test_a_deadline_that_was_truly_met_too_late_is_breached_and_met_late() -> None:
    case = play()
    case.later(hours=11)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=1)
    _corrected(case, MONDAY - 20 * HOUR)
    of = [one for one in case.recorded if one.data.get("obligation") == "response_24h"]
    assert [one.name for one in of] == [
        "deadline_set", "deadline_met", "deadline_moved", "deadline_breached", "deadline_met",
    ]  # fmt: skip
    assert (of[-1].data["late"], of[-1].data["by_fact"], of[-1].at) == (True, "responded", case.now)
    assert "escalated" not in case.names


@pytest.mark.parametrize(("microseconds", "outcome"), [(-1, "met_late"), (0, "met_late"), (1, "met")])
def test_a_correction_that_makes_it_due_at_the_instant_of_the_response_breaches_it(
    microseconds: int, outcome: str
) -> None:
    """As the truth would have: at its due instant a deadline has run out. The verifier finds the same."""
    case = play()
    case.later(hours=11)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=1)
    _corrected(case, MONDAY - 13 * HOUR + timedelta(microseconds=microseconds))
    assert _verdicts(case)["response_24h"][0] == outcome
    case.later(days=40)
    assert faults(verified(case)) == {}


@pytest.mark.parametrize(("microseconds", "outcome"), [(-1, "met_late"), (0, "met_late"), (1, "met")])
def test_an_acknowledgement_at_its_due_instant_is_late(microseconds: int, outcome: str) -> None:
    case = play()
    _corrected(case, MONDAY - timedelta(seconds=60) + timedelta(microseconds=microseconds))
    assert _verdicts(case)["acknowledgement"][0] == outcome
    case.later(days=40)
    assert faults(verified(case)) == {}


def test_a_later_receipt_gives_time_to_what_runs_and_takes_back_no_breach() -> None:
    case = play(MONDAY - 23 * HOUR, opened_at=MONDAY)
    case.later(hours=2)
    before = [one.model_dump() for one in case.recorded]
    _corrected(case, MONDAY - HOUR)
    assert [one.model_dump() for one in case.recorded[: len(before)]] == before
    clocks = _verdicts(case)
    assert clocks["response_24h"] == ("breached", MONDAY + HOUR)
    resolution = next(m for m in case.all(DeadlineMoved) if m.obligation == "resolution")
    assert resolution.due > resolution.was


def test_a_paused_deadline_moves_too_and_keeps_its_wait() -> None:
    case, known = play(), play(MONDAY - 7 * DAY, opened_at=MONDAY)
    for one in (case, known):
        one.owner("respond", kind="plan", text="t")
        one.later(days=1)
        one.owner("pause", reason="r")
        one.later(days=1)
    _corrected(case, MONDAY - 7 * DAY)
    for one in (case, known):
        one.later(days=1)
        one.owner("resume", reason="r")
    assert _verdicts(case)["resolution"] == _verdicts(known)["resolution"]


def test_a_warning_that_an_earlier_receipt_makes_past_comes_at_once() -> None:
    """An extension has named the due instant: a correction moves nothing but the marks before it."""
    case = play()
    due = next(c.due for c in case.case.state.clocks if c.name == "resolution")
    case.do("lead-1", "extend", obligation="resolution", until=due + 2 * DAY, reason="r")
    case.later(days=10)
    already = len(case.all(DeadlineWarned))
    _corrected(case, MONDAY - 60 * DAY)
    case.later(seconds=0)
    corrected_at = case.at(ReceiptCorrected)[-1]
    warned = case.at(DeadlineWarned)[already:]
    assert warned
    assert set(warned) == {corrected_at}
    assert faults(verified(case)) == {}


@pytest.mark.parametrize("hours", [0, 0.001, 100])
def test_a_receipt_after_the_registration_and_the_same_receipt_are_no_correction(hours: float) -> None:
    refusal = play().refused("lead-1", "correct_receipt", received_at=MONDAY + hours * HOUR, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.received_at")


def test_a_receipt_before_the_calendar_of_the_clocks_is_refused() -> None:
    """The default pack's calendar begins with 2024, in Shanghai."""
    case, first = play(), datetime.fromisoformat("2024-01-01T00:00:00+08:00")
    before = first - timedelta(seconds=1)
    refusal = case.refused("lead-1", "correct_receipt", received_at=before, reason="r")
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.received_at")
    assert "2024-01-01" in refusal.message
    assert "receipt_corrected" in _corrected(case, first)


@pytest.mark.parametrize("who", ["agent-1", "agent-2"])
def test_a_supervisor_corrects_and_neither_the_owner_nor_a_colleague(who: str) -> None:
    case = play()
    refusal = case.refused(who, "correct_receipt", received_at=MONDAY - DAY, reason="r")
    assert refusal.code == ErrorCode.OVER_AUTHORITY
    case.lead("correct_receipt", received_at=MONDAY - HOUR, reason="r")


def test_a_supervisor_who_is_accountable_needs_a_second_person() -> None:
    case = play()
    case.later(hours=25)
    assert case.owned_by == "lead-1"
    refusal = case.refused("lead-1", "correct_receipt", received_at=MONDAY - HOUR, reason="r")
    assert refusal.code == ErrorCode.NEEDS_SECOND_PERSON
    case.do("manager-1", "correct_receipt", received_at=MONDAY - HOUR, reason="r")
    reply = case.do("manager-1", "correct_receipt", received_at=MONDAY, reason="r")  # and it can be undone
    case.lead("approve", request_id=reply.result["request_id"], approved=True)
    assert case.case.state.received_at == MONDAY


def test_no_clock_of_a_later_cycle_counts_from_the_receipt() -> None:
    case = play().resolved()
    case.reopen()
    verdicts = _verdicts(case)
    assert _corrected(case, MONDAY - 3 * DAY) == ["receipt_corrected"]
    assert _verdicts(case) == verdicts


def test_no_breach_comes_twice_however_often_it_is_corrected() -> None:
    case = play()
    case.later(hours=12)
    case.owner("respond", kind="plan", text="t")
    for days in (2, 3, 0.1, 5):
        case.lead("correct_receipt", received_at=MONDAY - days * DAY, reason="r")
    assert [b.obligation for b in case.all(DeadlineBreached)].count("response_24h") == 1
    assert [m.late for m in case.all(DeadlineMet) if m.obligation == "response_24h"] == [False, True]
