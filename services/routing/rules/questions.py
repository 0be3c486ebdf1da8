"""Ledger of questions: complainants are asked nothing twice, nor what the record has (`sources.md` 57).

The ledger is part of the case, so every later owner has it.
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.completeness import known_already, supplied
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.state import CaseState, Question
from shared.contract.commands import AnswerQuestion, Ask
from shared.contract.errors import Refusal, refuse
from shared.contract.events import QuestionAnswered, QuestionAsked
from shared.contract.recorded import Notification
from shared.contract.values.problems import Words


def ask(state: CaseState, request: ActorCommand[Ask], now: datetime) -> Decision | Refusal:
    """Ask the complainant; a question in writing goes to them as a notice."""
    command = request.command
    if command.question is None and command.text is None:
        return refuse(refusals.NOTHING_ASKED)
    if command.send and command.text is None:
        return refuse(refusals.NO_WORDS_TO_SEND)
    refusal = _unknown(state, command.question) or _asked(state, command.question)
    if refusal:
        return refusal
    asked = QuestionAsked(
        question_id=f"question-{len(state.questions) + 1}",
        question=command.question,
        text_ref=command.text,
        sent=command.send or None,
    )
    words = {"complaint_id": state.complaint_id}
    told = [Notification(template="question", text_of=command.text, words=words)] if command.send else []
    return Decision([asked, *told], {"question_id": asked.question_id})


def answer_question(
    state: CaseState, request: ActorCommand[AnswerQuestion], now: datetime
) -> Decision | Refusal:
    """Record the answer; it completes the field of the record that the question is about."""
    command = request.command
    asked = next((one for one in state.questions if one.question_id == command.question_id), None)
    if asked is None:
        return refuse(refusals.NO_SUCH_QUESTION)
    if asked.answer_ref:
        return refuse(refusals.ANSWERED_ALREADY, question_id=asked.question_id, ref=asked.answer_ref)
    answered = QuestionAnswered(question_id=asked.question_id, text_ref=command.text)
    entry = state.pinned.question(asked.question)
    more = supplied(state, entry.fills, command.text) if entry and entry.fills else []
    return Decision([answered, *more])


def _unknown(state: CaseState, code: str | None) -> Refusal | None:
    """Refuse a code that the policy's catalogue does not have."""
    if code is None or state.pinned.question(code):
        return None
    known = ", ".join(one.id for one in state.pinned.questions) or refusals.NONE
    return refuse(refusals.NOT_IN_CATALOGUE, question=code, known=known)


def _asked(state: CaseState, code: str | None) -> Refusal | None:
    """Refuse what was asked before, by any owner, and what the record has."""
    if code is None:
        return None
    same = [one for one in state.questions if one.question == code]
    before = next((one for one in same if one.answer_ref), next(iter(same), None))
    if before:
        return _again(before)
    entry = state.pinned.question(code)
    if entry and entry.fills and known_already(state, entry.fills):
        field = Words(entry.fills, f"{refusals.FIELDS_ZH[entry.fills]}（{entry.fills}）")
        return refuse(refusals.IN_THE_RECORD, record=field)
    return None


def _again(before: Question) -> Refusal:
    if before.answer_ref:
        return refuse(refusals.ASKED_AND_ANSWERED, question_id=before.question_id, ref=before.answer_ref)
    return refuse(refusals.ASKED_AND_OPEN, question_id=before.question_id)
