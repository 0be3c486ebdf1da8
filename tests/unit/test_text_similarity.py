"""How alike two texts are: judged on pairs that nothing was tuned on (`sources.md` F6)."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.intake.duplicates.text_similarity import (
    form_letters,
    only_asks,
    plain,
    text_similarity,
    verbatim,
)
from tests.unit.submissions import context

PAIRS = Path(__file__).with_name("duplicates") / "held_out.yaml"
PRECISION, RECALL = 0.9, 0.8


def pairs() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(PAIRS.read_text("utf-8"))
    return found


def alike(one: str, other: str) -> float:
    return text_similarity(plain(one), plain(other))


def suspected(language: str) -> list[tuple[bool, bool]]:
    """For each held-out pair of a language: whether it is the same matter, and whether that is suspected."""
    threshold = context().policy.pack.duplicates.suspect_from
    chosen = [pair for pair in pairs() if language in ("all", "en" if pair["a"].isascii() else "zh")]
    return [(pair["same"], alike(pair["a"], pair["b"]) >= threshold) for pair in chosen]


@pytest.mark.parametrize("language", ["all", "zh", "en"])
def test_suspicions_are_nearly_always_right_and_most_duplicates_are_found(language: str) -> None:
    judged = suspected(language)
    right = sum(same and said for same, said in judged)
    assert right / sum(said for _, said in judged) >= PRECISION
    assert right / sum(same for same, _ in judged) >= RECALL


def test_the_held_out_set_is_large_and_balanced() -> None:
    same = [pair["same"] for pair in pairs()]
    assert len(same) >= 60
    assert 0.4 <= sum(same) / len(same) <= 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("手机死机了！", "手机死机了"),
        ("ＡＢＣ １２３", "abc 123"),
        ("It is BROKEN, again.", "it is broken again"),
    ],
)
def test_width_case_and_punctuation_make_no_difference(one: str, other: str) -> None:
    assert alike(one, other) == 1.0


def test_form_letters_that_differ_in_a_number_are_not_the_same() -> None:
    letter = (
        "Dear shop, order {} has not arrived although it was promised for last week. Please look into it."
    )
    assert alike(letter.format("58812"), letter.format("58813")) < 0.95
    assert form_letters(plain(letter.format("58812")), plain(letter.format("58813")))
    assert alike(letter.format("58812"), letter.format("58812") + " Thank you") > 0.9


@pytest.mark.parametrize(
    ("one", "other"), [("5 €", "5 $"), ("a" * 3000, "a" * 3000 + "b"), ("की", "का"), ("4.2", "42")]
)
def test_texts_that_differ_in_a_telling_sign_are_not_word_for_word_the_same(one: str, other: str) -> None:
    assert verbatim(one) != verbatim(other)


@pytest.mark.parametrize(
    "text",
    ["请回复我", "还是没有人联系我。", "Still no reply from anybody.", "Any news?", "催办，等了三天了"],
)
def test_a_mere_question_names_nothing(text: str) -> None:
    assert only_asks(plain(text))


@pytest.mark.parametrize(
    "text",
    ["面包机冒烟", "The toaster sparks.", "还是没有人来修空调", "发票抬头开错了。", "You broke my vase"],
)
def test_a_text_that_names_something_does_more_than_ask(text: str) -> None:
    assert not only_asks(plain(text))


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_the_same_both_ways_and_whole_for_the_same(one: str, other: str) -> None:
    share = alike(one, other)
    assert 0 <= share <= 1
    assert share == alike(other, one)
    assert alike(one, one) == (1.0 if plain(one) else 0.0)
