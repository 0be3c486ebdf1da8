"""Hard rules of ownership: one function, asked by every choice of an owner."""

from typing import Any

import pytest

from services.routing.rules.fitness import Needs, unmet
from shared.contract.values import Concerned
from shared.policy.people import Person

NEEDS = Needs(severity=3, language="zh-Hans", concerned=Concerned(staff=["x"], units=["two"]))


def _person(**own: Any) -> Person:
    usual = {"id": "a", "role": "agent", "team": "one", "units": ["one"], "languages": ["zh"]}
    return Person.model_validate(usual | own)


@pytest.mark.parametrize(
    ("own", "rules"),
    [
        ({}, []),
        ({"languages": None}, []),
        ({"up_to": 3}, []),
        ({"role": "privacy"}, ["no_handler"]),
        ({"id": "x"}, ["conflict"]),
        ({"units": ["one", "two"]}, ["conflict"]),
        ({"up_to": 2}, ["junior"]),
        ({"languages": ["en"]}, ["language"]),
        ({"present": False}, ["off_shift"]),
        ({"room": False}, ["full"]),
        ({"room": False, "up_to": 1, "present": False}, ["junior", "off_shift", "full"]),
    ],
)
def test_each_hard_rule_is_named_that_a_person_does_not_meet(own: dict[str, Any], rules: list[str]) -> None:
    assert unmet(_person(**own), NEEDS) == rules


def test_a_language_that_nobody_speaks_binds_nobody() -> None:
    assert unmet(_person(), NEEDS.model_copy(update={"language": None})) == []
