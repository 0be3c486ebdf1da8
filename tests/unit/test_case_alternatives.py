"""Alternatives really differ, and each answers an interest of the complaint."""

from typing import Any

import pytest

from shared.contract.errors import ErrorCode
from shared.contract.events import OptionsPrepared
from tests.unit.cases import Playing, play


def option(name: str, remedy: str = "refund", value: str | None = None, **more: Any) -> dict[str, Any]:
    amount = {"value": value, "currency": "CNY"} if value else None
    return {"option_id": name, "remedy": remedy, "amount": amount} | more


def wanting(*interests: str) -> Playing:
    case = play()
    for one in interests:
        case.owner("record_interest", party="customer", interest=one, confirmed=True)
    return case


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (option("a", value="100"), option("b", value="100.00")),
        (option("a", "apology"), option("b", "apology", text="t")),
    ],
)
def test_two_names_for_one_alternative_are_refused(first: dict[str, Any], second: dict[str, Any]) -> None:
    options = [first, option("c", value="50"), second]
    refusal = wanting("money").refused("agent-1", "prepare_options", options=options)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_OPTIONS, "data.options.2")


@pytest.mark.parametrize(
    ("interest", "remedy", "value"),
    [
        ("apology", "refund", "10"),
        ("fix", "goodwill", "10"),
        ("safety", "goodwill", "10"),
        ("money", "repair", None),
    ],
)
def test_an_alternative_that_answers_no_interest_is_refused(
    interest: str, remedy: str, value: str | None
) -> None:
    options = [option("a", "apology"), option("b", remedy, value)]
    refusal = wanting(interest).refused("agent-1", "prepare_options", options=options)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_INTEREST, "data.options.1")
    reason = wanting(interest).owner("prepare_options", options=options, why="t")
    assert reason.events == ["options_prepared"]


@pytest.mark.parametrize("claimed", [[], ["safety"], ["money", "respect"]])
def test_an_alternative_answers_only_known_interests_that_its_remedy_serves(claimed: list[str]) -> None:
    options = [option("a", value="50"), option("b", value="100", interests=claimed)]
    refusal = wanting("money").refused("agent-1", "prepare_options", options=options)
    assert (refusal.code, refusal.field) == (ErrorCode.NEEDS_INTEREST, "data.options.1.interests")


def test_the_fact_names_the_interests_that_each_alternative_answers() -> None:
    case = wanting("money", "respect")
    options = [option("a", "apology"), option("b", value="50"), option("c", value="60", interests=["money"])]
    case.owner("prepare_options", options=options)
    assert [one.interests for one in case.last(OptionsPrepared).options] == [
        ["money", "respect"],
        ["money"],
        ["money"],
    ]


def test_what_was_sought_and_the_loss_are_known_interests() -> None:
    options = [option("a", value="50"), option("b", value="60")]
    case = play(remedy_sought="refund", loss={"value": "99.00", "currency": "CNY"})
    case.owner("record_interest", party="customer", interest="apology", confirmed=True)
    assert case.owner("prepare_options", options=options).events == ["options_prepared"]
