"""Departments: a part of the work with its own deadline, the record to read, and a countersignature."""

from datetime import timedelta

import pytest

from services.routing.rules.urging import Plan, plans
from shared.contract.errors import ErrorCode
from shared.contract.events import (
    DeadlineBreached,
    DeadlineMet,
    DeadlineSet,
    Escalated,
    TaskDone,
    TaskOpened,
    TaskSigned,
    TaskUrged,
)
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.certified import faults, verified

DAY = timedelta(days=1)


def opened(unit: str = "quality", **said: object) -> Playing:
    """Complaint that was answered, with a task of the quality department."""
    case = play(text_refs={"narrative": "intake:C:narrative"})
    case.owner("respond", kind="plan", text="t")
    case.owner("open_task", unit=unit, text="routing:C:text-1", **said)
    return case


def plan(case: Playing) -> Plan:
    return next(iter(plans(case.case.state)))


def urge(case: Playing) -> list[str]:
    """Send what the workflow of the task would send by now; returns whom it urged, urge by urge."""
    before = len(case.all(TaskUrged))
    for one in plan(case).urges:
        if one.at <= case.now and one.key not in plan(case).known:
            case.case.urge("task-1", one.key, case.now)
            case.later()
    return [f"{one.why} {','.join(one.to)}" for one in case.all(TaskUrged)[before:]]


# --- the record -----------------------------------------------------------------------------------


def test_a_department_gets_the_complete_record_to_read() -> None:
    assert opened().last(TaskOpened).reads == ["intake:C:narrative", "routing:C:text-1"]


# --- its own clock and ladder ---------------------------------------------------------------------


def test_a_silent_department_is_urged_by_a_ladder_of_its_own() -> None:
    """Task of five working days: a word every two, a reminder one day before the end, and then every day."""
    case = opened()
    assert urge(case) == []
    case.later(days=2, hours=8)  # the end of the second working day
    assert urge(case) == ["silence quality-1"]
    case.until(case.last(TaskOpened).due or MONDAY)
    assert urge(case) == ["reminder quality-1", "silence quality-1", "overdue quality-1"]
    case.later(days=1)
    assert urge(case) == ["overdue quality-1,quality-2"]
    assert urge(case) == [], "an urge comes once"


def test_a_word_of_the_department_ends_its_silence() -> None:
    case = opened()
    case.later(days=1)
    case.do("quality-2", "report_task", task_id="task-1", text="t")
    case.later(days=1, hours=8)
    assert urge(case) == []


def test_a_silent_department_moves_no_deadline_but_its_own() -> None:
    silent, answered = opened(due=MONDAY + DAY), opened(due=MONDAY + DAY)
    answered.owner("finish_task", task_id="task-1", text="t")
    for case in (silent, answered):
        case.later(days=3)
        urge(case)
    due = [
        {clock.name: clock.due for clock in case.case.state.clocks if clock.kind != "task"}
        for case in (silent, answered)
    ]
    assert due[0] == due[1]
    assert "task-1" in {one.obligation for one in silent.all(DeadlineBreached)}


def test_a_unit_that_nobody_answers_for_is_urged_through_the_owner() -> None:
    case = opened("warehouse")
    case.later(days=3)
    assert urge(case) == ["silence agent-1"]


def test_a_concerned_lead_of_the_department_is_not_asked() -> None:
    case = opened()
    case.came_again(about_staff="quality-1")
    case.later(days=3)
    assert urge(case) == ["silence agent-1"]


def test_an_extended_task_has_another_plan() -> None:
    case = opened(due=MONDAY + 2 * DAY)
    before = plan(case)
    case.owner("extend", obligation="task-1", until=MONDAY + 4 * DAY, reason="r")
    assert not plan(case).same(before)
    assert plan(case).same(plan(case))
    stale = next(one for one in before.urges if one.key.startswith("overdue"))
    assert not case.case.urge("task-1", stale.key, case.now)


def test_a_task_that_is_over_has_no_urges() -> None:
    case = opened()
    key = plan(case).urges[0].key
    case.owner("finish_task", task_id="task-1", text="t")
    assert (plan(case).over, plan(case).urges) == (True, [])
    assert not case.case.urge("task-1", key, case.now)
    assert case.all(TaskUrged) == []


# --- the countersignature -------------------------------------------------------------------------


def finished(by: str = "quality-1") -> Playing:
    case = opened()
    case.do(by, "finish_task", task_id="task-1", text="t")
    return case


def test_what_a_department_finishes_waits_for_the_owners_signature() -> None:
    case = finished()
    assert case.last(DeadlineMet).obligation == "task-1"
    assert case.last(DeadlineSet).obligation == "signature-1"
    assert case.last(DeadlineSet).due == case.last(TaskDone).sign_by
    refusal = case.refused("agent-1", "refer", to="ombudsman", reason="r")
    assert refusal.code == ErrorCode.STILL_OPEN
    assert "countersignature" in refusal.message
    reply = case.owner("countersign_task", task_id="task-1", accepted=True)
    assert reply.events == ["task_signed", "deadline_met"]
    case.owner("refer", to="ombudsman", reason="r")
    assert faults(verified(case)) == {}


@pytest.mark.parametrize("who", ["agent-1", "lead-2"])
def test_what_the_owner_or_a_supervisor_finishes_is_done(who: str) -> None:
    case = finished(who)
    assert case.last(TaskDone).sign_by is None
    assert case.case.state.tasks[0].done


def test_a_refused_task_is_open_again_with_a_new_deadline() -> None:
    case = finished()
    refusal = case.refused("agent-1", "countersign_task", task_id="task-1", accepted=False)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, "data.reason")
    case.owner("countersign_task", task_id="task-1", accepted=False, reason="r", due=MONDAY + 3 * DAY)
    signed = case.last(TaskSigned)
    assert (signed.accepted, signed.reason_ref) == (False, "r")
    assert (case.last(DeadlineSet).obligation, case.last(DeadlineSet).due) == ("task-1", MONDAY + 3 * DAY)
    assert plan(case).urges
    case.do("quality-2", "finish_task", task_id="task-1", text="t")
    case.owner("countersign_task", task_id="task-1", accepted=True)
    assert case.case.state.tasks[0].done
    assert faults(verified(case)) == {}


def test_an_owner_who_does_not_sign_is_reported_to_the_levels_above() -> None:
    case = finished()
    before = len(case.all(Escalated))
    case.later(days=2, hours=8)
    asked = [one.to for one in case.all(Escalated)[before:] if one.obligation == "signature-1"]
    assert asked == ["lead-1", "manager-1"]
    case.do("lead-1", "countersign_task", task_id="task-1", accepted=True)
    assert faults(verified(case)) == {}


def test_a_released_task_needs_no_signature() -> None:
    case = finished()
    case.customer("release", items=["task-1"], reason="r")
    assert case.case.state.clock("signature-1").status == "cancelled"  # type: ignore[union-attr]
    assert faults(verified(case)) == {}


def test_only_what_is_finished_is_signed() -> None:
    case = opened()
    refusal = case.refused("agent-1", "countersign_task", task_id="task-1", accepted=True)
    assert refusal.code == ErrorCode.NOT_ALLOWED_NOW
    assert finished().refused("quality-2", "countersign_task", task_id="task-1", accepted=True).code == (
        ErrorCode.NOT_OWNER
    )


# --- who may --------------------------------------------------------------------------------------


def test_people_of_a_department_do_their_own_task_and_nothing_else() -> None:
    case = opened("warehouse")
    for verb in ("report_task", "finish_task"):
        assert case.refused("quality-1", verb, task_id="task-1", text="t").code == ErrorCode.NOT_OWNER
    case.owner("open_task", unit="quality", text="t")
    assert case.refused("quality-1", "finish_task", task_id="task-1", text="t").field == "data.task_id"
    assert case.refused("quality-1", "escalate", reason="r").code == ErrorCode.NOT_OWNER
    assert case.refused("agent-1", "transfer", to="quality-1", reason="r").code == ErrorCode.NOT_ALLOWED_NOW
    case.do("quality-1", "raise_feedback", trigger=2, text="t")
    case.do("quality-1", "finish_task", task_id="task-2", text="t")
    case.owner("countersign_task", task_id="task-2", accepted=True)
    assert case.refused("quality-1", "raise_feedback", trigger=2, text="t").code == ErrorCode.NOT_OWNER
