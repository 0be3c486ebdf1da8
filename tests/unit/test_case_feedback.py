"""Internal feedback: six triggers, each with its recipients, and a clock until they have acknowledged it."""

from datetime import timedelta

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import (
    Assigned,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineSet,
    Escalated,
    FeedbackAcknowledged,
    FeedbackRaised,
)
from tests.unit.cases import MONDAY, Playing, play, policy
from tests.unit.certified import faults, verified

MINUTE = timedelta(minutes=1)


def raised(trigger: int = 3, by: str = "agent-6") -> Playing:
    case = play()
    case.do(by, "raise_feedback", trigger=trigger, text="t")
    return case


@pytest.mark.parametrize(
    ("trigger", "to", "within"),
    [
        (1, ["manager-1"], timedelta(hours=8)),  # the end of the working day
        (2, ["lead-1"], timedelta(hours=5)),  # four working hours, with the noon break
        (3, ["lead-1", "manager-1"], MINUTE),
        (4, ["lead-1", "manager-1"], MINUTE),
        (5, ["lead-1"], timedelta(hours=5)),
        (6, ["lead-1"], timedelta(hours=8)),
    ],
)
def test_each_of_the_six_triggers_has_its_recipients_and_its_time(
    trigger: int, to: list[str], within: timedelta
) -> None:
    case = raised(trigger)
    said = case.last(FeedbackRaised)
    assert (said.to, said.feedback_id, case.at(FeedbackRaised)) == (to, "feedback-1", [MONDAY])
    clock = case.last(DeadlineSet)
    assert (clock.obligation, clock.due) == ("feedback-1", said.due)
    if trigger not in (1, 6):  # a working day ends with its last shift
        assert said.due == MONDAY + within
    assert set(policy().pack.feedback) == {1, 2, 3, 4, 5, 6}


def test_grave_feedback_has_to_be_acknowledged_within_a_minute() -> None:
    for trigger in (3, 4):
        assert policy().pack.feedback[trigger].within.duration <= MINUTE


def test_its_clock_runs_until_every_recipient_has_acknowledged_it() -> None:
    case = raised()
    reply = case.do("manager-1", "acknowledge_feedback", feedback_id="feedback-1")
    assert reply.events == ["feedback_acknowledged"]
    assert case.last(FeedbackAcknowledged).waiting == ["lead-1"]
    reply = case.do("lead-1", "acknowledge_feedback", feedback_id="feedback-1")
    assert reply.events == ["feedback_acknowledged", "deadline_met"]
    assert (case.last(DeadlineMet).obligation, case.last(DeadlineMet).late) == ("feedback-1", False)
    assert faults(verified(case)) == {}


def test_feedback_that_is_not_acknowledged_climbs_and_the_owner_stays() -> None:
    case = raised(2)
    case.owner("respond", kind="plan", text="t")
    case.until(case.last(FeedbackRaised).due or MONDAY)
    assert case.last(DeadlineBreached).obligation == "feedback-1"
    passed = case.last(Escalated)
    assert (passed.to, passed.obligation, passed.copied_to) == ("manager-1", "feedback-1", ["lead-1"])
    assert len(case.all(Assigned)) == 1
    case.later(hours=24)
    assert [one.to for one in case.all(Escalated)] == ["manager-1", "manager-1"], "day by day"
    case.do("manager-1", "acknowledge_feedback", feedback_id="feedback-1")
    assert case.last(DeadlineMet).late, "the person whom it was passed to answers for all"
    assert faults(verified(case)) == {}


def test_a_recipient_who_raises_it_has_read_it() -> None:
    case = raised(3, by="lead-1")
    assert case.last(FeedbackAcknowledged).waiting == ["manager-1"]
    assert raised(2, by="lead-1").last(DeadlineMet).obligation == "feedback-1"


def test_another_person_does_not_acknowledge_it() -> None:
    case = raised(2)
    for who in ("agent-1", "agent-6", "lead-2", "manager-1"):
        refusal = case.refused(who, "acknowledge_feedback", feedback_id="feedback-1")
        assert (refusal.code, refusal.field) == (ErrorCode.NOT_OWNER, "actor.id")
        assert "lead-1" in refusal.message


def test_feedback_is_acknowledged_once() -> None:
    case = raised(3)
    refusal = case.refused("lead-1", "acknowledge_feedback", feedback_id="feedback-2")
    assert (refusal.code, refusal.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.feedback_id")
    case.do("lead-1", "acknowledge_feedback", feedback_id="feedback-1")
    assert (
        case.refused("lead-1", "acknowledge_feedback", feedback_id="feedback-1").code == ErrorCode.NOT_OWNER
    )
    case.do("manager-1", "acknowledge_feedback", feedback_id="feedback-1")
    refusal = case.refused("lead-1", "acknowledge_feedback", feedback_id="feedback-1")
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert "acknowledge_feedback" not in refusal.allowed


def test_a_supervisor_who_is_replaced_passes_the_duty_on() -> None:
    case = raised(2)
    case.came_again(about_staff="lead-1")
    heir = case.case.state.chain.lead
    assert heir != "lead-1"
    case.do(heir, "acknowledge_feedback", feedback_id="feedback-1")
    assert case.last(DeadlineMet).obligation == "feedback-1"


def test_an_end_cancels_the_clock_of_feedback() -> None:
    case = raised(1)
    case.resolved()
    assert "feedback-1" in {one.obligation for one in case.all(DeadlineCancelled)}
    case.reopen()
    assert "acknowledge_feedback" not in case.case.allowed
