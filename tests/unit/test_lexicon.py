"""What the policy's lexicon finds in texts."""

import pytest

from shared.policy.loader import load_policy
from shared.triage.lexicon import Finder, confidence


@pytest.fixture
def finder() -> Finder:
    return Finder(load_policy("default").pack.lexicon)


def test_chinese_words_count_at_any_place(finder: Finder) -> None:
    assert finder.signals(["电池故障，又故障了"]).categories == {"product": 2}


def test_english_words_count_whole_and_in_any_case(finder: Finder) -> None:
    assert finder.signals(["REFUND me. Refund!"]).motives[0].confidence == confidence(2)
    assert finder.signals(["the refundable feet of a chargeable fee-collector"]).categories == {"price": 1}


def test_english_words_count_between_chinese_words(finder: Finder) -> None:
    assert [guess.motive for guess in finder.signals(["请给我refund谢谢"]).motives] == ["refund"]


def test_an_entry_with_signs_of_a_pattern_is_one(finder: Finder) -> None:
    assert finder.signals(["根据第二十四条"]).styles == ["prepared"]


def test_danger_is_seen_in_the_title_as_in_the_narrative(finder: Finder) -> None:
    assert finder.signals(["充电时冒烟", "请处理"]).safety
    assert finder.signals([None, "it caught fire"]).safety
    assert not finder.signals(["fireworks were nice", None]).safety


def test_the_surest_motive_comes_first(finder: Finder) -> None:
    motives = finder.signals(["道歉。退款，退货，退钱"]).motives

    assert [guess.motive for guess in motives] == ["refund", "apology"]
    assert [guess.confidence for guess in motives] == [confidence(3), confidence(1)]


def test_confidence_grows_with_each_hit_and_never_becomes_certainty() -> None:
    assert [confidence(hits) for hits in (1, 2, 3, 100)] == [0.5, 0.75, 0.88, 0.95]


def test_nothing_is_found_in_nothing(finder: Finder) -> None:
    found = finder.signals([None, None])

    assert (found.categories, found.motives, found.styles, found.safety) == ({}, [], [], False)
