"""Automatic replies are recognised by their wording; what a person writes about them is never one."""

from typing import Any

import pytest

from services.intake.robots.recognising import LOOKED_AT, written_by_machine
from shared.contract.door import FORM_SOURCE
from tests.unit.robots import Message, messages
from tests.unit.submissions import registered, submission

HALVES = ("tuned_on", "held_out")
RECALL = 0.9


@pytest.mark.parametrize("half", HALVES)
def test_nine_of_ten_automatic_replies_are_recognised_and_no_person(half: str) -> None:
    machines, people = messages("automatic", half), messages("human", half)
    taken = [message for message in people if written_by_machine(*message)]
    found = sum(written_by_machine(*message) for message in machines)
    assert (len(machines) >= 30, len(people) >= 60) == (True, True)
    assert taken == []
    assert found / len(machines) >= RECALL


@pytest.mark.parametrize("message", messages("automatic", "tuned_on")[::5])
def test_a_person_who_adds_a_word_to_an_automatic_text_is_recognised_as_a_person(message: Message) -> None:
    title, narrative = message
    assert not written_by_machine(title, f"{narrative}\nAnd my freezer is still broken.")
    assert not written_by_machine(title, f"{narrative}\n冰箱到现在还没人来修。")


def test_quoted_text_below_counts_neither_way() -> None:
    reply = (
        "I am out of the office until Monday.\n\n> You wrote: the freezer leaks.\n> Why is it still broken?"
    )
    assert written_by_machine("Automatic reply: Your complaint", reply)
    person = "The freezer leaks.\n\n-----Original Message-----\nThis is an automatic reply."
    assert not written_by_machine(None, person)


def test_a_long_letter_is_no_automatic_reply() -> None:
    assert not written_by_machine(
        None, "This is an automatic reply. " + "The freezer stands in the hall. " * 20
    )
    assert not written_by_machine(None, "x" * LOOKED_AT + " This is an automatic reply.")


@pytest.mark.parametrize(
    ("own", "source", "automatic"),
    [
        ({}, "mail.example", True),
        ({"safety": True}, "mail.example", False),
        ({}, FORM_SOURCE, False),
        ({"automatic": True, "safety": True}, "mail.example", True),
    ],
)
def test_the_form_and_what_is_sent_as_a_danger_are_a_persons(
    own: dict[str, Any], source: str, automatic: bool
) -> None:
    message = submission(
        title=None, narrative="I am out of the office until Monday.", **{"safety": False} | own
    )
    assert registered(message | {"source": source}).automatic == automatic
