"""Departments read the texts of their open tasks, and no others."""

from typing import Any

from services.intake.duplicates.open_items import open_in
from shared.contract.department_reads import readable
from shared.contract.events import TYPE_PREFIX
from tests.unit.cases import Playing, play

RECORD, TASK = "intake:C:narrative", "routing:C:text-1"


def given() -> Playing:
    case = play(text_refs={"narrative": RECORD})
    case.owner("respond", kind="plan", text="t")
    case.owner("open_task", unit="quality", text=TASK)
    return case


def facts(case: Playing) -> list[dict[str, Any]]:
    return [{"type": f"{TYPE_PREFIX}{one.name}.v1", "data": one.data} for one in case.recorded]


def reads(case: Playing, unit: str = "quality") -> set[str]:
    return set(readable(facts(case), [unit]))


def test_a_task_gives_its_department_the_record_and_the_task_itself() -> None:
    assert reads(given()) == {RECORD, TASK}
    assert reads(given(), "price-care") == set()


def test_what_waits_for_a_signature_is_still_read_and_what_is_signed_is_not() -> None:
    case = given()
    case.do("quality-1", "finish_task", task_id="task-1", text="t")
    assert reads(case) == {RECORD, TASK}
    assert open_in(facts(case)) == ["task-1"], "a merger does not drop it"
    case.owner("countersign_task", task_id="task-1", accepted=False, reason="r")
    assert reads(case) == {RECORD, TASK}
    case.do("quality-1", "finish_task", task_id="task-1", text="t")
    case.owner("countersign_task", task_id="task-1", accepted=True)
    assert reads(case) == set()
    assert open_in(facts(case)) == []


def test_a_released_task_gives_nothing_to_read() -> None:
    case = given()
    case.customer("release", items=["task-1"], reason="r")
    assert reads(case) == set()


def test_a_task_that_went_to_another_unit_goes_with_its_texts() -> None:
    case = given()
    case.live = case.live.model_copy(update={"departments": [], "staff": case.live.staff[:-2]})
    case.meet_people()
    (moved,) = [one for one in case.recorded if one.name == "task_moved"]
    assert (reads(case), reads(case, moved.data["unit"])) == (set(), {RECORD, TASK})


def test_a_closed_complaint_gives_nothing_to_read() -> None:
    closed = {"type": f"{TYPE_PREFIX}closed.v1", "data": {"outcome": "satisfied"}}
    assert readable([*facts(given()), closed], ["quality"]) == frozenset()


def test_the_survivor_of_a_merger_gives_the_same_to_read() -> None:
    case = given()
    (ended,) = [one for one in case.merged() if one.name == "case_ended"]
    assert reads(case) == set()
    carried = {"duplicate": "C", "was": {}, **ended.data["moved"]}
    survivor = [{"type": f"{TYPE_PREFIX}carried_over.v1", "data": carried}]
    assert readable(survivor, ["quality"]) == {RECORD, TASK}
