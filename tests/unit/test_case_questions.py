"""Ledger of questions: it travels with the complaint, and nobody asks the complainant twice."""

import pytest

from services.routing.rules.completeness import completeness
from services.routing.view import view
from shared.contract.errors import ErrorCode
from shared.contract.events import Notice, QuestionAnswered, QuestionAsked, RecordCompleted
from tests.unit.cases import play


def test_a_question_that_was_answered_is_refused_to_a_later_owner_with_the_place_of_the_answer() -> None:
    case = play()
    assert case.owner("ask", question="proof").result == {"question_id": "question-1"}
    case.customer("answer_question", question_id="question-1", text="routing:C:answer")
    case.owner("transfer", to="agent-2", reason="r")
    case.do("agent-2", "accept_transfer")
    refusal = case.refused("agent-2", "ask", question="proof", text="t")
    assert (refusal.code, refusal.field) == (ErrorCode.ASKED_ALREADY, "data.question")
    assert "routing:C:answer" in refusal.message
    (seen,) = view(case.case.state).questions
    assert (seen.question, seen.answer_ref) == ("proof", "routing:C:answer")


def test_a_question_that_waits_for_its_answer_is_not_asked_again() -> None:
    case = play()
    case.owner("ask", question="bought_when")
    refusal = case.refused("agent-1", "ask", question="bought_when")
    assert refusal.code == ErrorCode.ASKED_ALREADY
    assert "question-1" in refusal.message


def test_what_the_record_has_is_not_asked() -> None:
    case = play(remedy_sought="refund", completeness={"score": 0.4, "missing": ["product", "order_ref"]})
    assert case.refused("agent-1", "ask", question="remedy_wanted").code == ErrorCode.ASKED_ALREADY
    case.owner("ask", question="order_number")


def test_an_answer_completes_the_record() -> None:
    case = play(remedy_sought="refund", completeness={"score": 0.4, "missing": ["product", "order_ref"]})
    case.owner("ask", question="order_number")
    reply = case.do("agent-7", "answer_question", question_id="question-1", text="routing:C:order")
    assert reply.events == ["question_answered", "record_completed"]
    completed = case.last(RecordCompleted)
    assert (completed.fields, completed.text_refs) == (["order_ref"], {"order_ref": "routing:C:order"})
    found = completeness(case.case.state)
    assert found is not None
    assert found.missing == ["product"]


def test_a_question_in_writing_goes_to_the_complainant_as_a_notice() -> None:
    case = play()
    reply = case.owner("ask", text="routing:C:words", send=True)
    assert reply.events[:2] == ["question_asked", "notice"]
    assert case.last(QuestionAsked).sent
    assert case.last(Notice).template == "question"


def test_a_question_in_a_conversation_sends_nothing() -> None:
    case = play()
    assert case.owner("ask", question="proof", text="routing:C:words").events == ["question_asked"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "data.question"),
        ({"question": "proof", "send": True}, "data.text"),
        ({"question": "no-such"}, "data.question"),
    ],
)
def test_a_question_without_sense_is_refused(said: dict[str, object], field: str) -> None:
    refusal = play().refused("agent-1", "ask", **said)
    assert (refusal.code, refusal.field) == (ErrorCode.MALFORMED, field)


def test_a_question_is_answered_once_by_an_id_that_exists() -> None:
    case = play()
    assert case.refused("agent-1", "answer_question", question_id="question-1", text="t").allowed
    case.owner("ask", question="proof")
    case.owner("ask", question="bought_when")
    wrong = case.refused("agent-1", "answer_question", question_id="question-3", text="t")
    assert (wrong.code, wrong.field) == (ErrorCode.NOT_ALLOWED_NOW, "data.question_id")
    case.owner("answer_question", question_id="question-1", text="t")
    again = case.refused("agent-1", "answer_question", question_id="question-1", text="t")
    assert again.field == "data.question_id"
    assert len(case.all(QuestionAnswered)) == 1


def test_the_ledger_outlives_a_reopening() -> None:
    case = play()
    case.owner("ask", question="proof")
    case.resolved()
    case.reopen()
    assert case.refused(case.owned_by, "ask", question="proof").code == ErrorCode.ASKED_ALREADY
