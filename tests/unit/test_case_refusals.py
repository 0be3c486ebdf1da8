"""Refusals: a code, a sentence in two languages, the field, and what is possible instead."""

from datetime import timedelta
from typing import Any

import pytest

from services.routing.rules.decision import ActorCommand
from services.routing.rules.permits import permit
from services.routing.rules.verbs import VERBS, allowed
from shared.contract.commands import Respond, verbs_of
from shared.contract.errors import ErrorCode
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, Actor
from tests.unit.case_packs import with_obligations
from tests.unit.cases import DECIDED, OPTIONS, play


def test_every_verb_has_a_row_and_the_case_decides_all_but_notes_signings_and_swaps() -> None:
    assert set(VERBS) == set(verbs_of(Service.ROUTING))
    apart = {"note", "sign_on", "sign_off", "propose_swap", "accept_swap", "refuse_swap"}
    assert set(VERBS) - DECIDED == apart


def test_a_verb_that_allows_no_actor_is_refused_to_every_actor() -> None:
    state = play().case.state
    supervisor, customer = Actor(id="lead-1", role="lead"), Actor(id=CUSTOMER, role=CUSTOMER)
    for actor in (Actor(id=state.owner, role="agent"), supervisor, customer):
        refusal = permit(state, (), ActorCommand(actor, Respond(kind="plan", text="t")))
        assert refusal is not None
        assert refusal.code == ErrorCode.NOT_OWNER


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("respond", {"kind": "apology", "text": "t"}, "data.kind"),
        ("respond", {"kind": "plan"}, "data.text"),
        ("clarify", {"cause": "c", "cause_side": "weather", "liability": "none"}, "data.cause_side"),
        ("record_interest", {"party": "customer", "interest": "money"}, "data.confirmed"),
        ("record_interest", {"party": "press", "interest": "money", "confirmed": True}, "data.party"),
        ("pause", {"reason": "r", "until": "tomorrow"}, "data.until"),
        ("pause", {}, "data.reason"),
        ("reclassify", {"severity": 6, "reason": "r"}, "data.severity"),
        ("reclassify", {"motives": ["greed"], "reason": "r"}, "data.motives.0"),
        ("reclassify", {"reason": "r"}, "data"),
        ("complete_record", {}, "data"),
        ("complete_record", {"loss": {"value": "-1", "currency": "CNY"}}, "data.loss.value"),
        ("raise_feedback", {"trigger": 7, "text": "t"}, "data.trigger"),
        ("change", {"what": "weather", "to": "x", "reason": "r"}, "data.what"),
        ("no_such_verb", {}, "verb"),
        ("report_callback", {"attempt": 1, "result": "busy"}, "verb"),
        ("note", {"text": "t"}, "verb"),
    ],
)
def test_a_malformed_order_is_refused_by_its_field_and_crashes_nothing(
    verb: str, data: dict[str, Any], field: str
) -> None:
    refusal = play().refused("agent-1", verb, **data)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, field)


def test_a_refusal_never_repeats_the_texts_of_the_command() -> None:
    refusal = play().refused("agent-1", "respond", kind="Zhang San, 138 0000 0000", text="t")
    assert "Zhang" not in refusal.model_dump_json()


def test_every_refusal_lists_the_allowed_verbs() -> None:
    case = play()
    now = allowed(case.case.state)
    for who, verb, data in (
        ("agent-2", "respond", {"kind": "plan", "text": "t"}),
        ("agent-1", "offer", {"option_id": "a", "standards": [], "text": "t"}),
        ("agent-1", "prepare_options", {"options": []}),
        ("agent-1", "respond", {}),
    ):
        refusal = case.refused(who, verb, **data)
        assert refusal.allowed == now
        assert refusal.message
        assert refusal.message_zh


def test_a_new_case_allows_only_possible_verbs() -> None:
    shut = {
        "accept_transfer", "acknowledge_feedback", "answer", "answer_question", "apologise", "approve",
        "complete_action", "confirm", "finish_mediation", "mediate",
        "countersign_task", "final_decision", "finish_task", "offer", "refer", "report_task", "resume",
        "withdraw_offer",
    }  # fmt: skip
    assert set(allowed(play().case.state)) & DECIDED == DECIDED - shut


def test_deadlines_that_fell_due_are_recorded_also_when_the_command_is_refused() -> None:
    case = play()
    case.now += timedelta(hours=25)
    reply = case.ask("agent-2", "respond", kind="plan", text="t")
    assert reply.code == ErrorCode.NOT_OWNER  # type: ignore[union-attr]
    assert "deadline_breached" in case.names


# --- obligations of other packs -------------------------------------------------------------------


def test_a_fact_that_comes_again_starts_no_second_clock_while_the_first_runs() -> None:
    visit = {"id": "visit", "starts": "responded", "met_by": ["action_completed"]}
    case = play(under=with_obligations(visit | {"budget": {"clock": "elapsed", "amount": "5h"}}))
    for _ in range(3):
        case.owner("respond", kind="plan", text="t", promise_by=case.now.replace(hour=20))
    case.later(hours=30)
    assert [one.name for one in case.recorded if one.data.get("obligation") == "visit"] == [
        "deadline_set",
        "deadline_breached",
    ]


def test_a_fact_may_meet_an_obligation_and_start_it_anew() -> None:
    word = {"id": "word", "starts": "notice", "met_by": ["notice"]}
    case = play(under=with_obligations(word | {"budget": {"clock": "elapsed", "amount": "6h"}}))
    case.owner("respond", kind="plan", text="t")
    case.later(hours=5)
    case.owner("respond", kind="plan", text="t")
    case.later(hours=7)
    assert [one.name for one in case.recorded if one.data.get("obligation") == "word"] == [
        "deadline_set",
        "deadline_met",
        "deadline_set",
        "deadline_breached",
    ]


def test_an_obligation_may_start_with_an_agreement() -> None:
    thanks = {"id": "thanks", "starts": "agreed", "met_by": ["resolved"]}
    case = play(under=with_obligations(thanks | {"budget": {"clock": "elapsed", "amount": "6h"}})).agreed()
    assert case.case.state.clock("thanks") is not None


def test_a_name_like_one_of_our_own_stays_the_packs() -> None:
    named = {"id": "action-plan", "starts": "received", "met_by": ["options_prepared"]}
    case = play(under=with_obligations(named | {"budget": {"clock": "elapsed", "amount": "6h"}}))
    case.owner("prepare_options", options=OPTIONS[:2])
    clock = case.case.state.clock("action-plan")
    assert clock is not None
    assert clock.status == "met"


def test_a_refusal_of_the_case_has_its_detail_in_chinese() -> None:
    refusal = play().refused("agent-1", "finish_task", task_id="task-1", text="t")
    assert refusal.message_zh == "当前不能这样做：没有未完成的任务。可行的操作见 allowed。"
