"""The rules of the follow-up, one sentence each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.followup.followup import FollowUp
from services.followup.recipients import recipients
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.recorded import RecordedFact
from shared.contract.values import Actor, Concerned, Contact, Stage
from shared.policy.loader import load_policy
from tests.unit.followups import (
    COLLEAGUE,
    COMPLAINANT,
    HANDLER,
    RESOLVED_AT,
    obey,
    opened,
    opening,
    pass_time,
    report,
    verdict,
)

SOON = timedelta(minutes=5)


SCHEDULED = ["callback_reported", "callback_scheduled"]
ENDED = ["callback_reported", "notice", "closed"]
CARE = Actor(id="agent-3", role="agent")
HELPED = Actor(id="agent-9", role="agent")


def due(followup: FollowUp) -> datetime:
    """The start of the current attempt's window, after it was let begin."""
    start = followup.progress.window_start
    assert start is not None
    pass_time(followup, start)
    return start


def refused(answer: list[str] | Refusal) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


def test_the_first_callback_is_due_a_week_after_the_resolution() -> None:
    followup = FollowUp(opening())
    (scheduled,) = followup.open(RESOLVED_AT)
    assert (scheduled.name, scheduled.seq, scheduled.stage) == ("callback_scheduled", 1, Stage.FOLLOWING_UP)
    assert datetime.fromisoformat(scheduled.data["due"]) == RESOLVED_AT + timedelta(days=7)


def test_a_callback_on_a_weekend_moves_to_the_next_working_hour() -> None:
    saturday = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)
    followup = opened(at=saturday - timedelta(days=7))
    assert followup.next_due == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)  # Monday, nine in Shanghai


def test_a_callback_comes_within_the_contact_hours_of_the_complainant() -> None:
    followup = opened(contact=Contact(timezone="Asia/Shanghai", contact_hours="14:00-15:00"))
    assert followup.next_due == RESOLVED_AT + timedelta(days=7, hours=4)


def test_a_window_that_is_nearly_over_asks_for_no_call() -> None:
    nearly_noon = RESOLVED_AT.replace(hour=3, minute=55)
    followup = opened(at=nearly_noon)
    assert followup.next_due == nearly_noon.replace(hour=5, minute=0) + timedelta(days=7)


def test_a_followup_that_opens_late_plans_no_callback_in_the_past() -> None:
    followup = FollowUp(opening())
    late = RESOLVED_AT + timedelta(days=30)
    followup.apply(followup.open(late))
    assert followup.next_due is not None
    assert followup.next_due >= late


def test_a_slot_beyond_the_published_holidays_is_provisional() -> None:
    followup = FollowUp(opening(at=datetime(2027, 3, 1, 2, 0, tzinfo=UTC)))
    assert followup.open(followup.opening.at)[0].data["provisional"] is True


def test_a_callback_is_due_at_its_instant_however_late_the_clock_is_looked_at() -> None:
    followup = opened()
    start = followup.progress.window_start
    assert start is not None
    (fact,) = pass_time(followup, start + SOON)
    assert (fact.name, fact.at) == ("callback_due", start)


def test_a_callback_cannot_be_reported_before_it_is_due() -> None:
    followup = opened()
    refusal = refused(obey(followup, report(1, "reached"), RESOLVED_AT + SOON))
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert refusal.allowed == ["record_satisfaction"]


def test_the_current_attempt_alone_can_be_reported() -> None:
    followup = opened()
    refusal = refused(obey(followup, report(2, "reached"), due(followup)))
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.attempt")
    assert "the attempt to report is 1" in refusal.message


def test_the_complainant_does_not_report_callbacks() -> None:
    followup = opened()
    refusal = refused(obey(followup, report(1, "reached", COMPLAINANT), due(followup)))
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW


def test_a_reached_complainant_is_not_called_again() -> None:
    followup = opened()
    assert obey(followup, report(1, "reached"), due(followup)) == ["callback_reported"]
    assert followup.allowed == ["report_callback", "record_satisfaction"]
    refused(obey(followup, report(1, "no_answer"), RESOLVED_AT + timedelta(days=8)))


@pytest.mark.parametrize("result", ["no_answer", "busy", "wrong_number", "later"])
def test_a_failed_attempt_is_followed_by_another_on_a_later_day(result: str) -> None:
    followup = opened()
    start = due(followup)
    assert obey(followup, report(1, result), start + SOON) == ["callback_reported", "callback_scheduled"]
    assert followup.progress.attempt == 2
    assert followup.next_due is not None
    assert followup.next_due.date() > start.date()


def test_a_complainant_who_asks_for_another_hour_is_called_at_that_hour() -> None:
    followup = opened()
    again = due(followup) + timedelta(hours=4)
    obey(followup, report(1, "later", again_at=again.isoformat()), due(followup) + SOON)
    assert followup.next_due == again


def test_a_call_cannot_be_put_off_for_years() -> None:
    followup = opened()
    far = "2100-01-01T00:00:00Z"
    refusal = refused(obey(followup, report(1, "later", again_at=far), due(followup)))
    assert refusal.field == "data.again_at"


def test_the_last_failed_attempt_closes_the_complaint_as_unreachable() -> None:
    followup = opened()
    for attempt in (1, 2):
        obey(followup, report(attempt, "no_answer"), due(followup) + SOON)
    assert obey(followup, report(3, "no_answer", COLLEAGUE), due(followup)) == ENDED
    assert (followup.progress.outcome, followup.progress.stage) == ("unreachable", Stage.CLOSED)


@pytest.mark.parametrize("result", ["no_answer", "busy", "wrong_number", "later", "refused"])
@pytest.mark.parametrize("who", [(HANDLER, HANDLER), (HANDLER, HELPED)])
def test_a_report_of_the_handlers_alone_makes_no_complainant_unreachable(
    who: tuple[Actor, Actor], result: str
) -> None:
    followup = opened(handlers=["agent-9"])
    planned = 6 if result == "refused" else 3
    for number in range(planned - 1):
        assert obey(followup, report(number + 1, result, who[number % 2]), due(followup)) == SCHEDULED
    last = report(planned, result, who[1])
    assert obey(followup, last, due(followup)) == ["callback_reported"]
    assert (followup.progress.callback, followup.progress.ended) == ("due", False)
    facts = pass_time(followup, followup.next_due or RESOLVED_AT)
    again = (followup.next_due or RESOLVED_AT) - SOON
    assert obey(followup, last, again) == ["callback_reported"], "their word again delays no rung"
    while followup.next_due is not None:
        facts += pass_time(followup, followup.next_due)
    assert told(facts) == [("call", 1, "lead-1"), ("call", 2, "manager-1")]
    assert (facts[-1].name, facts[-1].data["why"]) == ("closed", "not_called")


def test_another_person_or_a_recording_may_report_the_last_attempt_after_its_handler() -> None:
    for more in (report(3, "busy", COLLEAGUE), report(3, "no_answer", evidence=["https://calls.example/1"])):
        followup = opened()
        for number in (1, 2, 3):
            obey(followup, report(number, "no_answer"), due(followup))
        assert obey(followup, more, due(followup) + SOON) == ENDED


@pytest.mark.parametrize("first", [{"actor": COLLEAGUE}, {"evidence": ["https://calls.example/1"]}])
def test_one_attempt_that_is_more_than_a_handlers_word_is_enough(first: dict[str, Any]) -> None:
    followup = opened()
    obey(followup, report(1, "busy", **first), due(followup))
    obey(followup, report(2, "no_answer"), due(followup))
    assert obey(followup, report(3, "no_answer"), due(followup)) == ENDED


@pytest.mark.parametrize("who", [(HANDLER, COLLEAGUE), (COLLEAGUE, CARE)])
def test_a_reached_complainant_may_still_refuse_before_two_people(who: tuple[Actor, Actor]) -> None:
    followup = opened()
    obey(followup, report(1, "reached", who[0]), due(followup))
    pass_time(followup, followup.next_due or RESOLVED_AT)
    later = followup.progress.rung_at or RESOLVED_AT
    rung = followup.next_due
    assert obey(followup, report(1, "refused", who[0]), later) == ["callback_reported"]
    assert (followup.progress.callback, followup.next_due) == ("reported", rung), "the ladder goes on"
    assert obey(followup, report(1, "refused", who[0]), later) == ["callback_reported"]
    assert obey(followup, report(1, "refused", who[1]), later) == ENDED


def test_a_second_person_confirms_a_refusal_after_the_complainant_was_reached() -> None:
    followup = opened()
    obey(followup, report(1, "refused"), due(followup))
    obey(followup, report(2, "reached"), due(followup))
    order = report(2, "refused", COLLEAGUE)
    facts = followup.decide(order, due(followup) + SOON)
    assert not isinstance(facts, Refusal)
    assert facts[-1].data["why"] == "refused"


def test_a_refusal_that_a_recording_confirms_ends_the_asking() -> None:
    followup = opened()
    order = report(1, "refused", evidence=["https://calls.example/1"])
    assert obey(followup, order, due(followup)) == ENDED
    assert (followup.progress.outcome, followup.progress.refused_by) == ("unreachable", ["agent-1"])


@pytest.mark.parametrize("who", [(HANDLER, COLLEAGUE), (COLLEAGUE, HANDLER), (COLLEAGUE, CARE)])
def test_a_refusal_that_another_person_confirms_ends_the_asking(who: tuple[Actor, Actor]) -> None:
    followup = opened()
    assert obey(followup, report(1, "refused", who[0]), due(followup)) == SCHEDULED
    assert obey(followup, report(2, "refused", who[1]), due(followup)) == [
        "callback_reported",
        "notice",
        "closed",
    ]


def test_one_person_alone_does_not_end_the_asking_by_a_refusal() -> None:
    followup = opened()
    for number in range(5):
        assert obey(followup, report(number + 1, "refused", COLLEAGUE), due(followup)) == SCHEDULED
    assert obey(followup, report(6, "refused", COLLEAGUE), due(followup)) == ENDED, "not for ever"


def test_a_time_that_they_named_holds_also_after_the_last_attempt() -> None:
    followup = opened()
    for number in (1, 2):
        obey(followup, report(number, "no_answer"), due(followup) + SOON)
    again = due(followup) + timedelta(days=7)
    assert obey(followup, report(3, "later", again_at=again.isoformat()), due(followup) + SOON) == SCHEDULED
    assert (followup.progress.attempt, followup.next_due) == (4, again)
    assert obey(followup, report(4, "no_answer", COLLEAGUE), due(followup)) == ENDED


def test_an_unreported_attempt_is_superseded_when_its_window_ends() -> None:
    followup = opened()
    due(followup)
    end = followup.progress.window_end
    assert end is not None
    (fact,) = pass_time(followup, end)
    assert (fact.name, fact.data["attempt"], fact.at) == ("callback_scheduled", 2, end)
    refused(obey(followup, report(1, "reached"), end + SOON))


def told(facts: list[RecordedFact]) -> list[tuple[Any, ...]]:
    overdue = [one.data for one in facts if one.name == "callback_overdue"]
    return [(one["what"], one["level"], one["to"]) for one in overdue]


def test_an_unreported_last_attempt_goes_up_a_ladder_and_ends_for_that_reason() -> None:
    followup = opened()
    facts: list[RecordedFact] = []
    while followup.next_due is not None:
        facts += pass_time(followup, followup.next_due)
    assert told(facts) == [("call", 1, "lead-1"), ("call", 2, "manager-1")]
    assert (facts[-1].name, facts[-1].data["why"]) == ("closed", "not_called")
    assert facts[-1].at < RESOLVED_AT + timedelta(days=60)
    first, second = (one.at for one in facts if one.name == "callback_overdue")
    assert first == followup.progress.window_end
    assert second > first


@pytest.mark.parametrize(
    ("concerned", "owner", "found"),
    [
        (Concerned(), "agent-1", ("agent-1", "lead-1", "manager-1")),
        (Concerned(staff=["lead-1"]), "agent-1", ("agent-1", "lead-2", "manager-1")),
        (Concerned(units=["service-care"]), "agent-1", ("agent-1", "lead-1", "manager-2")),
        (Concerned(staff=["agent-1"]), "agent-1", ("lead-1", "lead-1", "manager-1")),
        (Concerned(), "agent-who-left", ("lead-1", "lead-1", "manager-1")),
        (Concerned(), None, ("lead-1", "lead-1", "manager-1")),
        (Concerned(staff=["lead-1", "lead-2", "lead-3", "manager-1", "manager-2"]), None, ("nobody",) * 3),
    ],
)
def test_a_notified_person_is_present_and_not_concerned(
    concerned: Concerned, owner: str | None, found: tuple[str, str, str]
) -> None:
    told_now = recipients(load_policy("default").pack, concerned, owner)
    assert tuple(told_now.at(role) for role in ("owner", "lead", "manager")) == found


def test_people_are_looked_up_only_for_a_rung() -> None:
    followup = opened()
    while not followup.climbs(followup.next_due or RESOLVED_AT):
        pass_time(followup, followup.next_due or RESOLVED_AT)
    assert (followup.progress.attempt, followup.progress.callback) == (3, "due")


def test_a_report_in_time_stops_the_ladder() -> None:
    followup = opened()
    for _ in range(6):  # three attempts fall due, two of them run out, and the first rung
        pass_time(followup, followup.next_due or RESOLVED_AT)
    assert followup.progress.rungs == 1
    late = (followup.next_due or RESOLVED_AT) - SOON
    assert obey(followup, report(3, "no_answer", COLLEAGUE), late) == ENDED


def test_an_unrecorded_verdict_goes_up_the_same_ladder() -> None:
    followup = opened()
    obey(followup, report(1, "reached", COLLEAGUE), due(followup))
    facts: list[RecordedFact] = []
    while followup.next_due is not None:
        facts += pass_time(followup, followup.next_due)
    assert told(facts) == [("verdict", 1, "lead-1"), ("verdict", 2, "manager-1")]
    assert (facts[-1].name, facts[-1].data["why"]) == ("closed", "no_verdict")


def test_a_verdict_during_the_ladder_still_counts() -> None:
    followup = opened()
    obey(followup, report(1, "reached", COLLEAGUE), due(followup))
    pass_time(followup, followup.next_due or RESOLVED_AT)
    assert followup.progress.rungs == 1
    assert obey(followup, verdict(), (followup.next_due or RESOLVED_AT) - SOON) == [
        "satisfaction_recorded",
        "notice",
        "closed",
    ]
    assert followup.progress.outcome == "satisfied"


def test_a_satisfied_complainant_closes_the_complaint() -> None:
    followup = opened()
    assert obey(followup, verdict(COLLEAGUE), due(followup)) == [
        "callback_reported",
        "satisfaction_recorded",
        "notice",
        "closed",
    ]
    assert followup.progress.outcome == "satisfied"


def test_the_complainant_may_speak_before_the_callback() -> None:
    followup = opened()
    assert obey(followup, verdict(), RESOLVED_AT + SOON) == ["satisfaction_recorded", "notice", "closed"]


def test_deadlines_due_before_a_command_come_before_it() -> None:
    followup = opened()
    start = followup.progress.window_start
    assert start is not None
    assert obey(followup, report(1, "reached"), start + SOON) == ["callback_due", "callback_reported"]


def test_the_verdict_is_never_recorded_by_the_handler() -> None:
    followup = opened()
    refusal = refused(obey(followup, verdict(HANDLER), due(followup)))
    assert refusal.code == ErrorCode.CONFLICT_OF_INTEREST
    assert "satisfaction_recorded" in obey(followup, verdict(COLLEAGUE), due(followup))


@pytest.mark.parametrize(
    ("resolved", "overall", "why"), [(False, 5, "not_resolved"), (True, 2, "dissatisfied")]
)
def test_a_dissatisfied_complainant_gets_a_new_cycle(resolved: bool, overall: int, why: str) -> None:
    followup = opened(cycle=2, seq=6)
    order = verdict(resolved=resolved, overall=overall)
    facts = followup.decide(order, RESOLVED_AT + SOON)
    assert not isinstance(facts, Refusal)
    reopened = facts[-1]
    assert (reopened.name, reopened.seq, reopened.cycle) == ("reopened", 10, 2)
    assert (facts[-2].name, facts[-2].data["template"]) == ("notice", "reopened")
    assert reopened.data == {"why": why, "to_cycle": 3}
    assert reopened.stage == Stage.ANALYSING


def test_a_complaint_is_not_reopened_for_ever() -> None:
    followup = opened(cycle=3)
    obey(followup, verdict(resolved=False), RESOLVED_AT + SOON)
    assert followup.progress.outcome == "dissatisfied"


def test_a_final_decision_stays_whatever_the_verdict_is() -> None:
    followup = opened(because="decided")
    obey(followup, verdict(resolved=False, overall=1), RESOLVED_AT + SOON)
    assert followup.progress.outcome == "decided"


def test_a_final_decision_that_satisfies_closes_as_satisfied() -> None:
    followup = opened(because="decided")
    obey(followup, verdict(), RESOLVED_AT + SOON)
    assert followup.progress.outcome == "satisfied"


@pytest.mark.parametrize("because", ["withdrawn", "referred"])
def test_a_withdrawn_or_referred_complaint_gets_no_call(because: str) -> None:
    followup = FollowUp(opening(because=because, cycle=2, seq=4))
    (closed,) = followup.open(RESOLVED_AT + SOON)
    assert (closed.name, closed.data, closed.seq) == ("closed", {"outcome": because}, 5)
    assert closed.at == RESOLVED_AT


def test_a_closed_follow_up_accepts_nothing() -> None:
    followup = opened()
    obey(followup, verdict(), RESOLVED_AT + SOON)
    later = RESOLVED_AT + timedelta(days=8)
    for order in (verdict(COLLEAGUE), report(1, "reached")):
        refusal = refused(obey(followup, order, later))
        assert (refusal.code, refusal.allowed) == (ErrorCode.NOT_ALLOWED_NOW, [])
    assert pass_time(followup, later) == []


def test_staff_record_a_verdict_from_a_callback_only() -> None:
    followup = opened()
    early = obey(followup, verdict(COLLEAGUE), RESOLVED_AT)
    assert refused(early).code == ErrorCode.NOT_ALLOWED_NOW
    start = due(followup)
    assert obey(followup, verdict(COLLEAGUE), start) == [
        "callback_reported",
        "satisfaction_recorded",
        "notice",
        "closed",
    ]


def test_a_former_handler_does_not_record_the_verdict() -> None:
    followup = opened(handlers=[COLLEAGUE.id])
    answer = obey(followup, verdict(COLLEAGUE), due(followup))
    assert refused(answer).code == ErrorCode.CONFLICT_OF_INTEREST


@pytest.mark.parametrize("overall", [5, 1])
def test_no_closing_notice_is_sent_after_an_erasure(overall: int) -> None:
    before, meanwhile = opened(erased=True), opened()
    meanwhile.silence()
    for followup in (before, meanwhile):
        said = obey(followup, verdict(overall=overall), RESOLVED_AT + SOON)
        assert said == ["satisfaction_recorded", "closed" if overall == 5 else "reopened"]
