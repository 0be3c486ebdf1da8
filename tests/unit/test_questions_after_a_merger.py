"""Questions that were asked about a duplicate are not asked again about its survivor."""

from services.routing.case import Case
from shared.contract.errors import Refusal
from shared.contract.events import CarriedOver, CaseEnded
from tests.unit.cases import Playing, play

FIRST, SECOND = (one.id for one in play().opening.pinned.questions[:2])


def duplicate() -> Playing:
    case = play()
    case.owner("ask", question=FIRST)
    case.owner("ask", question=SECOND, text="t")
    case.customer("answer_question", question_id="question-1", text="a")
    return case


def moved(case: Playing) -> CarriedOver:
    case.merged()
    ended = case.last(CaseEnded).moved
    assert ended is not None
    return CarriedOver(duplicate="Cbbbbbbbbbbbbbbb", was={}, **dict(ended))


def test_the_ledger_of_a_duplicate_goes_along_under_free_numbers_with_the_answers() -> None:
    survivor, left = play(), moved(duplicate())
    survivor.owner("ask", text="something of its own")
    survivor.receive(left)
    carried = survivor.last(CarriedOver)
    assert [one.question_id for one in carried.questions] == ["question-2", "question-3"]
    assert carried.was == {"question-2": "question-1", "question-3": "question-2"}
    first, second = (survivor.refused(survivor.owned_by, "ask", question=one) for one in (FIRST, SECOND))
    assert "question-2" in first.message
    assert str(carried.questions[0].answer_ref) in first.message
    assert "question-3" in second.message
    survivor.receive(left)
    assert len(survivor.all(CarriedOver)) == 1


def test_a_question_of_the_duplicate_is_answered_at_the_survivor() -> None:
    survivor = play()
    survivor.receive(moved(duplicate()))
    survivor.customer("answer_question", question_id="question-2", text="a")
    assert isinstance(
        survivor.ask("customer", "answer_question", question_id="question-2", text="b"), Refusal
    )


def test_a_survivor_that_is_merged_itself_passes_the_ledger_on() -> None:
    middle = play()
    middle.merged()
    middle.receive(moved(duplicate()))
    passed = middle.last(CaseEnded).moved
    assert passed is not None
    assert [one.question for one in passed.questions] == [FIRST, SECOND]


def test_the_facts_alone_give_the_ledger_again() -> None:
    survivor = play()
    survivor.receive(moved(duplicate()))
    again = Case.rebuilt(survivor.opening, survivor.recorded).state
    assert again.questions == survivor.case.state.questions
