"""Next steps: what to do, who has to, and why it is theirs, at every point of a complaint's life."""

from datetime import datetime
from typing import Any

import pytest

from services.routing.next_steps import WHY, WORDS, next_steps, waits_for
from services.routing.view import view
from shared.contract.queries import NextStep
from tests.unit.cases import Playing, play


def steps_of(case: Playing, **followup: Any) -> list[NextStep]:
    state = view(case.case.state).model_dump(mode="json")
    return next_steps({**state, "followup": followup})


def codes(case: Playing, who: str | None = None, **followup: Any) -> list[str]:
    return [one.code for one in steps_of(case, **followup) if who in (None, one.who)]


def test_the_owner_is_led_through_the_handling_step_by_step() -> None:
    case = play()
    assert codes(case)[0] == "respond"
    assert steps_of(case)[0].by is not None
    case.owner("respond", kind="plan", text="t")
    assert codes(case)[0] == "record_interest"
    case.owner("record_interest", party="customer", interest="money", confirmed=True)
    assert codes(case)[0] == "prepare_options"
    case = play().ready_to_offer()
    assert codes(case)[0] == "offer"
    offer = case.offered()
    assert codes(case)[0] == "await_answer"
    case.customer("answer", offer_id=offer, answer="rejected")
    assert codes(case)[0] == "offer_rejected"
    case.customer("answer", offer_id=case.offered("all"), answer="accepted")
    assert {one.code for one in steps_of(case)} >= {"complete_action"}
    assert {one.ref for one in steps_of(case) if one.code == "complete_action"} == {
        action.action_id for action in case.case.state.actions
    }


def test_an_expired_offer_and_a_wait_are_named() -> None:
    case = play().ready_to_offer()
    case.offered()
    case.later(days=30)
    assert "offer_expired" in codes(case)
    case = play()
    case.owner("respond", kind="plan", text="t")
    case.owner("pause", reason="r")
    assert codes(case)[0] == "await_customer"


def test_what_waits_for_others_is_theirs_and_the_owner_knows_for_whom_it_waits() -> None:
    case = play()
    case.owner("respond", kind="explanation", text="t")
    asked = case.owner("withdraw", reason="r").result
    lead = str(asked["to"])
    (step,) = [one for one in steps_of(case) if one.who == lead]
    assert (step.code, step.why, step.ref) == ("approve", "asked", asked["request_id"])
    assert "await_approval" in codes(case, case.owned_by)
    state = view(case.case.state).model_dump(mode="json")
    assert waits_for(state) == [lead]
    case.do(lead, "approve", request_id=asked["request_id"], approved=False)
    assert waits_for(view(case.case.state).model_dump(mode="json")) == []


def test_a_proposed_owner_has_to_accept() -> None:
    case = play()
    mate = "agent-2" if case.owned_by != "agent-2" else "agent-1"
    case.lead("transfer", to=mate, reason="r")
    (step,) = [one for one in steps_of(case) if one.who == mate]
    assert (step.code, step.why) == ("accept_transfer", "proposed")
    assert "await_acceptance" in codes(case, case.owned_by)


def test_a_finished_task_is_to_be_countersigned_by_the_owner_and_then_by_whom_the_ladder_asks() -> None:
    case = play()
    case.owner("respond", kind="plan", text="t")
    task = str(case.owner("open_task", unit="quality", text="t").result["task_id"])
    assert "chase_task" in codes(case, case.owned_by)
    case.do("quality-1", "finish_task", task_id=task, text="done")
    (step,) = [one for one in steps_of(case) if one.code == "countersign_task"]
    clock = next(one for one in case.case.state.clocks if one.kind == "signature")
    assert (step.who, step.why, step.ref, step.by) == (case.owned_by, "owner", task, clock.due)
    assert "chase_task" not in codes(case)
    owner = case.owned_by
    case.later(days=4)
    asked = {one.who for one in steps_of(case) if one.code == "countersign_task"} - {owner}
    assert asked == {case.case.state.tasks[0].asked}
    assert asked <= set(waits_for(view(case.case.state).model_dump(mode="json"))) | {case.owned_by}
    case.do(case.owned_by, "countersign_task", task_id=task, accepted=True)
    assert "countersign_task" not in codes(case)


def test_a_request_that_the_ladder_passed_on_waits_for_both() -> None:
    case = play()
    case.owner("respond", kind="explanation", text="t")
    first = str(case.owner("withdraw", reason="r").result["to"])
    case.later(days=4)
    asked = {one.who for one in steps_of(case) if one.code == "approve"}
    assert asked == {first, case.case.state.approvals[0].asked}


def test_a_callback_is_named_when_it_is_due_and_not_after_it_was_reported() -> None:
    case = play().resolved()
    scheduled = {"seq": 1, "cycle": 1, "due": "2026-12-01T02:00:00Z"}
    assert codes(case, callback_scheduled=scheduled) == ["await_callback"]
    due = {"seq": 2, "cycle": 1, "window_end": "2026-12-01T10:00:00Z"}
    (step,) = steps_of(case, callback_scheduled=scheduled, callback_due=due)
    assert (step.code, step.by) == ("callback", datetime.fromisoformat("2026-12-01T10:00:00+00:00"))
    reported = {"seq": 3, "cycle": 1}
    found = codes(case, callback_scheduled=scheduled, callback_due=due, callback_reported=reported)
    assert found == ["await_callback"]
    case.close()
    assert codes(case) == []


@pytest.mark.parametrize("code", WORDS)
def test_each_code_has_a_sentence_in_both_languages(code: str) -> None:
    en, zh = WORDS[code]
    assert en.endswith(".")
    assert zh.endswith("。")
    assert en.isascii()
    assert not zh.isascii()


def test_each_reason_has_a_sentence_in_both_languages() -> None:
    assert all(en.endswith(".") and zh.endswith("。") for en, zh in WHY.values())


def test_each_party_to_inform_is_a_step_of_its_own_and_the_answer_keeps_its_own_time() -> None:
    case = play(safety=True)
    parties = {one.party: one.due for one in case.case.state.stakeholders if one.due}
    steps = {one.ref or one.sentence["en"]: one for one in steps_of(case)}
    answer = next(one for one in steps.values() if one.code == "respond")
    assert answer.by is not None
    assert answer.by > min(parties.values())
    assert sum(one.code == "inform_party" for one in steps.values()) == len(parties) > 0
    case.owner("inform_party", party="departments", text="t")
    assert codes(case).count("inform_party") == len(parties) - 1
