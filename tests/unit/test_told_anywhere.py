"""Whatever is told, wherever it comes in, is weighed as the receipt was."""

from datetime import timedelta
from typing import Any

import pytest

from services.followup.followup import FollowUp
from services.intake.grumbles.rules import dangerous, in_danger, repeated, with_earlier_reports
from services.routing.rules.triage_input import input_of_texts
from shared.contract.commands import COMMANDS, Command
from shared.contract.errors import Refusal
from shared.contract.events import (
    DeadlineMoved,
    Escalated,
    Fact,
    RecordCompleted,
    Referred,
    Reopened,
    Signals,
    Triaged,
    Withdrawn,
)
from shared.contract.orders import Order
from shared.contract.recorded import RecordedFact
from shared.contract.values import CUSTOMER
from shared.runtime.texts.text_fields import reported_in
from shared.triage.finding import finder_of, found_in, together
from tests.unit import followups
from tests.unit.cases import Playing, actor, names, play, policy
from tests.unit.followups import RESOLVED_AT, opened
from tests.unit.submissions import context
from tests.unit.test_grumbles import grumbled

FIRE = "冰箱起火了，我被烫伤住院了"
DANGER = Signals(categories={"product": 1}, safety=True)

SILENT = {
    "hand_over",
    "sign_on",
    "sign_off",
    "propose_swap",
    "accept_swap",
    "refuse_swap",
    "begin_conversation",
    "end_conversation",
    "erase",
    "confirm_duplicate",
    "accept_transfer",
    "acknowledge_feedback",
}
"""Verbs without a text that is put away; the reason of an erasure is kept nowhere."""

TOLD: dict[str, dict[str, Any]] = {
    "add_contact": {"channel": "phone", "text": FIRE},
    "complete_record": {"text": FIRE},
    "record_interest": {"party": "customer", "interest": "safety", "confirmed": True, "text": FIRE},
    "answer_question": {"question_id": "q", "text": FIRE},
    "answer": {"offer_id": "o", "answer": "rejected", "text": FIRE},
    "clarify": {"cause": FIRE, "cause_side": "defect", "liability": "company"},
    "complete_action": {"action_id": "a", "evidence": FIRE},
    "raise_feedback": {"trigger": 1, "text": FIRE},
    "note": {"text": FIRE},
    "open_task": {"unit": "u", "text": FIRE},
    "finish_task": {"task_id": "t", "text": FIRE},
    "pause": {"reason": FIRE},
    "escalate": {"reason": FIRE},
    "withdraw": {"reason": FIRE},
    "promote": {"reason": FIRE},
    "report_callback": {"attempt": 1, "result": "later", "text": FIRE},
    "record_satisfaction": {
        "resolved": True, "overall": 5, "outcome": 5, "process": 5, "treatment": 5, "text": FIRE,
    },
}  # fmt: skip

OURS: dict[str, dict[str, Any]] = {
    "respond": {"kind": "explanation", "text": FIRE},
    "set_position": {"text": FIRE},
    "offer": {"option_id": "o", "standards": [], "text": FIRE},
    "reclassify": {"safety": False, "reason": FIRE},
    "approve": {"request_id": "r", "approved": True, "reason": FIRE},
    "final_decision": {"decision": "rejected", "standards": [], "text": FIRE, "recourse": "court"},
    "answer_grumble": {"text": FIRE},
}


def command(verb: str, data: dict[str, Any]) -> Command:
    return COMMANDS[verb].model_validate(data)


@pytest.mark.parametrize("verb", TOLD)
@pytest.mark.parametrize("by_customer", [True, False])
def test_a_danger_is_found_in_every_text_that_reports_something(verb: str, by_customer: bool) -> None:
    told = reported_in(command(verb, TOLD[verb]), by_customer=by_customer)
    found = found_in(finder_of(policy().pack), told)
    assert found is not None
    assert found.safety


@pytest.mark.parametrize("verb", OURS)
def test_staff_words_for_the_organisation_report_nothing_and_customer_words_always_report(
    verb: str,
) -> None:
    assert reported_in(command(verb, OURS[verb]), by_customer=False) == []
    assert reported_in(command(verb, OURS[verb]), by_customer=True) == [FIRE] or verb == "final_decision"


@pytest.mark.parametrize("verb", sorted(set(COMMANDS) - SILENT))
def test_each_verb_with_a_text_reports_it_or_is_marked_as_staff_words(verb: str) -> None:
    kind = COMMANDS[verb]
    assert set(kind.OURS) <= {*kind.TEXTS, "recourse"}
    assert kind.TEXTS, "a verb without a text belongs to SILENT"


@pytest.mark.parametrize(("recourse", "read"), [("court", ("text",)), ("the court", ("text", "recourse"))])
def test_the_wording_of_a_code_of_a_body_is_not_judged(recourse: str, read: tuple[str, ...]) -> None:
    data = OURS["final_decision"] | {"recourse": recourse}
    assert command("final_decision", data).told() == read


def ordered(case: Playing, verb: str, signals: Signals | None, **data: Any) -> list[str]:
    """What a command by the owner causes, whose texts had these signals."""
    order = Order(command_id=verb, verb=verb, actor=actor(case.owned_by), data=data, signals=signals)
    before = len(case.recorded)
    case.case.decide(order, case.now)
    case._take()
    return [one.name for one in case.recorded[before:]]


VERBS: list[tuple[str, dict[str, Any]]] = [
    ("complete_record", {"text": "ref"}),
    ("record_interest", {"party": "customer", "interest": "safety", "confirmed": True, "text": "ref"}),
    ("raise_feedback", {"trigger": 1, "text": "ref"}),
    ("clarify", {"cause": "wire", "cause_side": "defect", "liability": "company", "text": "ref"}),
    ("escalate", {"reason": "ref"}),
    ("pause", {"reason": "ref"}),
]


@pytest.mark.parametrize(("verb", "data"), VERBS)
def test_a_danger_in_a_command_is_a_severity_of_five_and_goes_to_the_lead(
    verb: str, data: dict[str, Any]
) -> None:
    case = play()
    case.later(minutes=30)
    found = ordered(case, verb, DANGER, **data)
    assert "triaged" in found
    assert (case.last(Triaged).safety, case.last(Triaged).severity) == (True, 5)
    assert case.last(Escalated).why == "safety"
    assert case.at(Escalated)[-1] - case.now <= timedelta(seconds=60)
    assert case.owned_by in ("lead-1", "manager-1")
    assert "deadline_moved" in found


def test_the_same_command_without_a_danger_changes_nothing() -> None:
    case = play()
    assert ordered(case, "complete_record", Signals(categories={"product": 2}), text="ref") == [
        "record_completed"
    ]


def test_a_loss_in_a_later_text_weighs_what_it_would_have_weighed_at_first() -> None:
    case, twin = play(), play(loss={"value": "20000", "currency": "CNY"})
    case.owner("complete_record", loss={"value": "20000", "currency": "CNY"})
    assert case.case.state.triage.severity == twin.case.state.triage.severity == 4
    assert [one.obligation for one in case.all(DeadlineMoved)] == ["resolution"]
    assert case.last(RecordCompleted).loss is not None


def test_content_in_pieces_weighs_as_much_as_at_once() -> None:
    """A loss, then anger, then a hint, each by another way; the sum is as if the receipt had all of it."""
    at_once = play(
        loss={"value": "1000", "currency": "CNY"}, signals={"styles": ["angry"]}, hints={"severity": 3}
    )
    case = play(hints={"severity": 3})
    case.owner("complete_record", loss={"value": "1000", "currency": "CNY"})
    ordered(case, "record_interest", Signals(styles=["angry"]), party="customer", interest="money",
            confirmed=True)  # fmt: skip
    assert case.case.state.triage.severity == at_once.case.state.triage.severity == 4
    case.came_again(loss={"value": "10000", "currency": "CNY"})
    assert case.case.state.triage.severity == 5


def test_no_later_text_lowers_anything() -> None:
    case = play(loss={"value": "20000", "currency": "CNY"}, signals={"safety": True})
    was = case.case.state.triage
    case.came_again(loss={"value": "1", "currency": "CNY"}, hints={"severity": 1}, signals={})
    case.owner("complete_record", loss={"value": "1", "currency": "CNY"})
    assert (case.case.state.triage.severity, case.case.state.triage.safety) == (was.severity, True)


def test_a_danger_in_a_note_is_weighed_too() -> None:
    case = play()
    case.case.weigh_input(input_of_texts(DANGER), case.now)
    grave = ("deadline", "commander", "stakeholder")
    assert [one for one in names(case._take()) if not one.startswith(grave)] == [
        "triaged", "escalated", "assigned",
    ]  # fmt: skip


def test_the_signals_of_several_texts_are_the_gravest_of_all() -> None:
    both = together(Signals(categories={"product": 1}, styles=["angry"]), None, DANGER)
    assert both == Signals(categories={"product": 2}, styles=["angry"], safety=True)


# --- in a callback --------------------------------------------------------------------------------


@pytest.mark.parametrize("result", ["reached", "refused", "no_answer"])
def test_a_danger_in_a_callback_reopens_whatever_the_result_of_the_call_is(result: str) -> None:
    followup = opened()
    now = followup.next_due or RESOLVED_AT
    order = followups.report(1, result).model_copy(update={"signals": DANGER})
    facts = followup.decide(order, now)
    assert not isinstance(facts, Refusal)
    assert [one.name for one in facts][-3:] == ["callback_reported", "notice", "reopened"]
    told = facts[-1].fact()
    assert isinstance(told, Reopened)
    assert (told.why, told.to_cycle, told.signals) == ("danger", 2, DANGER)


@pytest.mark.parametrize("changed", [{}, {"because": "decided"}, {"cycle": 9}])
def test_a_satisfied_verdict_with_a_danger_closes_nothing(changed: dict[str, Any]) -> None:
    followup = opened(**changed)
    order = followups.verdict().model_copy(update={"signals": DANGER})
    facts = followup.decide(order, RESOLVED_AT + timedelta(days=1))
    assert not isinstance(facts, Refusal)
    assert [one.name for one in facts] == ["satisfaction_recorded", "notice", "reopened"]


def test_a_case_that_is_reopened_by_a_danger_is_as_grave_as_one_that_began_with_it() -> None:
    case = play().resolved()
    case.receive(Reopened(why="danger", to_cycle=2, signals=DANGER))
    assert (case.last(Triaged).severity, case.last(Escalated).why, case.owned_by) == (5, "safety", "lead-1")


# --- in a grumble ---------------------------------------------------------------------------------


def test_a_grumble_with_a_danger_is_marked_and_is_a_complaint_at_once() -> None:
    one = grumbled(narrative=FIRE)
    assert dangerous(one.received)
    complaint = repeated(one, in_danger(one), context().policy)
    assert [fact.name for fact in complaint.facts][:3] == ["grumbled", "promoted", "received"]


def test_the_content_of_an_earlier_grumble_weighs_on_the_complaint_that_it_becomes() -> None:
    first, last = grumbled("g-1", narrative="气死我了，忍无可忍"), grumbled("g-2")
    together_told = with_earlier_reports(last.received, [first.received], context().policy)
    assert "angry" in together_told.signals.styles
    assert "angry" not in last.received.signals.styles


def test_an_automatic_message_is_not_weighed() -> None:
    """An out-of-office reply that names a hospital is no report."""
    case = play()
    assert case.came_again(signals={"safety": True}, automatic=True) == []


# --- with or after an end -------------------------------------------------------------------------


def ending_with(case: Playing, who: str, verb: str, **data: Any) -> list[RecordedFact]:
    """What a command brings about whose texts report a danger."""
    order = Order(command_id=verb, verb=verb, actor=actor(who), data=data, signals=DANGER)
    before = len(case.recorded)
    assert not isinstance(case.case.decide(order, case.now), Refusal)
    case._take()
    return case.recorded[before:]


def followed(fact: Fact) -> list[RecordedFact]:
    """What the follow-up of this end says at its beginning."""
    known = fact.model_dump(include={"owner", "handlers", "language", "customer_ref", "channel"})
    because = "withdrawn" if isinstance(fact, Withdrawn) else "referred"
    assert isinstance(fact, Withdrawn | Referred)
    followup = FollowUp(followups.opening(because=because, danger=bool(fact.danger), **known))
    return followup.open(RESOLVED_AT)


@pytest.mark.parametrize("known", [False, True], ids=["new", "told before"])
@pytest.mark.parametrize(
    ("verb", "data"), [("withdraw", {"reason": "r"}), ("refer", {"to": "ombudsman", "reason": "r"})]
)
def test_a_danger_in_the_command_that_ends_it_reopens_it_and_the_lead_acts(
    verb: str, data: dict[str, Any], known: bool
) -> None:
    case = play(signals={"safety": known})
    case.owner("respond", kind="proposal", text="t")
    told = ending_with(case, CUSTOMER if verb == "withdraw" else case.owned_by, verb, **data)
    order = [one.name for one in told if one.name in ("triaged", "withdrawn", "referred")]
    assert order == ([] if known else ["triaged"]) + ["withdrawn" if verb == "withdraw" else "referred"]
    assert case.last(Triaged).safety
    assert [one.name for one in followed(case.last(Withdrawn if verb == "withdraw" else Referred))] == [
        "notice", "reopened",
    ]  # fmt: skip
    case.reopen("danger")
    assert case.last(Escalated).why == "safety"
    assert case.owned_by in ("lead-1", "manager-1")


def test_an_end_without_a_danger_closes_also_where_an_earlier_text_had_one() -> None:
    case = play(signals={"safety": True})
    case.customer("withdraw", reason="r")
    assert case.last(Withdrawn).danger is None
    assert [one.name for one in followed(case.last(Withdrawn))] == ["closed"]


def test_a_second_danger_after_the_resolution_reaches_followup_as_the_first_does() -> None:
    case = play(signals={"safety": True}).resolved()
    told = case.came_again(signals={"safety": True})
    assert [(one.name, one.stage) for one in told] == [("triaged", "following_up")]


# --- in a command that is refused -----------------------------------------------------------------


def refused_with(case: Playing, who: str, signals: Signals | None) -> list[str]:
    """What comes of an answer to an offer that is not open."""
    data = {"offer_id": "offer-1", "answer": "rejected", "text": "ref"}
    order = Order(command_id="late", verb="answer", actor=actor(who), data=data, signals=signals)
    before, heard = len(case.recorded), case.case.leaves_a_fact(order)
    reply = case.case.decide(order, case.now)
    assert isinstance(reply, Refusal)
    case._take()
    told = [one.name for one in case.recorded[before:]]
    assert heard is bool(told)
    return told


def test_a_refused_command_of_the_customer_ends_a_wait_and_one_of_staff_does_not() -> None:
    case = play()
    case.owner("pause", reason="r")
    assert refused_with(case, case.owned_by, None) == []
    assert case.case.state.pause is not None
    assert "resumed" in refused_with(case, CUSTOMER, None)
    assert case.case.state.pause is None
    assert refused_with(case, CUSTOMER, None) == []


def test_a_danger_in_a_refused_command_of_the_customer_goes_to_the_lead_once() -> None:
    case = play()
    assert {"triaged", "escalated"} <= set(refused_with(case, CUSTOMER, DANGER))
    assert case.owned_by in ("lead-1", "manager-1")
    assert refused_with(case, CUSTOMER, DANGER) == []


def test_a_danger_in_a_command_that_comes_too_late_reaches_followup() -> None:
    assert refused_with(play().resolved(), CUSTOMER, DANGER) == ["triaged"]


def test_a_command_to_a_closed_complaint_leaves_no_fact() -> None:
    case = play().resolved()
    case.close()
    assert refused_with(case, CUSTOMER, DANGER) == []
