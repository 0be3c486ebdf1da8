"""Complaints under the same rules share one object of them, however they came into the process."""

import json

import pytest

from services.routing.rules.state import Opening
from shared.policy import sharing
from shared.policy.chains import Chain
from shared.policy.pinned import PINNED, Pinned
from shared.policy.sharing import Shared
from tests.unit.cases import play


def test_two_complaints_under_the_same_rules_have_one_object_of_them() -> None:
    text = play().opening.model_dump_json()
    one, other = Opening.model_validate_json(text), Opening.model_validate_json(text)
    assert one.pinned is other.pinned
    assert one == play().opening


def test_rules_travel_as_one_text_and_are_read_from_an_object_too() -> None:
    opening = play().opening
    written = json.loads(opening.model_dump_json())
    assert written["pinned"] == opening.pinned.model_dump_json()
    written["pinned"] = json.loads(written["pinned"])
    assert Opening.model_validate(written).pinned == opening.pinned


def test_other_rules_are_another_object() -> None:
    pinned = play().opening.pinned
    other = pinned.model_copy(update={"chain": Chain(lead="lead-2", manager="manager-1")})
    assert PINNED.one(other) is not PINNED.one(pinned)
    assert PINNED.parsed(PINNED.text(other)) == other


def test_a_copy_of_a_case_shares_its_rules() -> None:
    state = play().case.state
    assert state.model_copy(deep=True).pinned is state.pinned


def test_a_collection_that_is_full_begins_anew_and_mixes_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MOST", 2)
    shared: Shared[Pinned] = Shared(lambda: Pinned)
    pinned = play().opening.pinned
    values = [pinned.model_copy(update={"team": f"team-{number}"}) for number in range(5)]
    for value in values:
        assert shared.parsed(shared.text(shared.one(value))).team == value.team
    assert [json.loads(shared.text(value))["team"] for value in values] == [value.team for value in values]
