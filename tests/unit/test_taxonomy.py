"""The taxonomy is whole: each code has a label in both languages, and each table knows each code."""

import re
from enum import StrEnum

import pytest

from shared.contract.generate.taxonomy import taxonomy_page
from shared.contract.values import (
    EXPECTATIONS,
    MOTIVES,
    NEED_KINDS,
    NEEDS,
    PSYCHOLOGY,
    Behaviour,
    Category,
    CauseSide,
    Expectation,
    Gap,
    Interest,
    Motive,
    Nature,
    Need,
    Psychology,
    Style,
    Sub,
    Trigger,
    behaviour_of,
    needs_of,
    psychology_of,
)
from shared.contract.values.labels import LABELS, label

HAN = re.compile(r"[\u4e00-\u9fff]")
LISTS = (Category, Sub, CauseSide, Nature, Trigger, Motive, Need, Gap, Expectation, Style, Psychology)


@pytest.mark.parametrize("kind", LISTS)
def test_each_code_has_one_label_in_each_language(kind: type[StrEnum]) -> None:
    own = LABELS[kind]
    assert set(own) == set(kind)
    assert len({words.en for words in own.values()}) == len({words.zh for words in own.values()}) == len(own)
    assert all(HAN.search(words.zh) and words.en.isascii() for words in own.values())


@pytest.mark.parametrize("kind", LISTS)
def test_the_page_has_each_code_with_its_labels(kind: type[StrEnum]) -> None:
    page = taxonomy_page()
    for one in kind:
        assert any(
            f"`{one}`" in line and label(one).en in line and label(one).zh in line
            for line in page.split("\n")
        )


def test_the_tables_know_each_code() -> None:
    assert set(PSYCHOLOGY) == set(NEEDS) == set(Motive)
    assert set(PSYCHOLOGY.values()) == {*Psychology, None}
    assert set(NEEDS.values()) == {*Need, None} - {Need.SAFE}
    assert set(NEED_KINDS) == set(Need)
    assert set(MOTIVES) == set(Interest)
    assert set(EXPECTATIONS) == set(Gap)
    assert set(EXPECTATIONS.values()) == set(Expectation)


def test_each_sub_code_is_of_one_category_and_each_category_has_some() -> None:
    assert {one.category for one in Sub} == set(Category)
    assert {one.category for one in Sub if one.startswith("delivery.")} == {Category.SERVICE}
    others = [one for one in Sub if not one.startswith("delivery.")]
    assert all(one.partition(".")[0] == one.category for one in others)


def test_basic_needs_are_emotional_and_special_needs_are_rational() -> None:
    assert {one for one, kind in NEED_KINDS.items() if kind.basic} == {Need.HEARD, Need.RESPECTED, Need.SAFE}
    assert all(kind.basic == kind.emotional for kind in NEED_KINDS.values())


def test_types_and_needs_follow_from_the_motives_each_once() -> None:
    motives = [Motive.REFUND, Motive.COMPENSATION, Motive.VENTING, Motive.HARASSMENT]
    assert psychology_of(motives) == [Psychology.COMPENSATION, Psychology.VENTING]
    assert needs_of(motives, danger=True) == [Need.SAFE, Need.COMPENSATE, Need.HEARD]
    assert psychology_of([]) == needs_of([], danger=False) == []


@pytest.mark.parametrize("angry", [True, False])
@pytest.mark.parametrize(
    ("motives", "wish", "goal"),
    [([Motive.REFUND], None, True), ([Motive.VENTING], "refund", True), ([Motive.VENTING], None, False)],
)
def test_behaviour_has_two_axes_and_four_cells(
    angry: bool, motives: list[Motive], wish: str | None, goal: bool
) -> None:
    styles = [Style.ANGRY] if angry else [Style.PREPARED]
    assert behaviour_of(styles, motives, wish) == Behaviour(agitated=angry, clear_goal=goal)
