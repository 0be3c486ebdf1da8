"""A danger to somebody is noticed in whatever words it is told, and a figure of speech is none.

The words of the default pack are few and sure: they are meant to be right, and the model to notice the rest.
The author of both files also wrote the corpus: they measure less than foreign texts would.
"""

from datetime import date
from pathlib import Path

import pytest

from shared.policy.loader import load_policy
from shared.triage.finding import SignalFinder, finder_of
from shared.triage.lexicon import Finder

HERE = Path(__file__).parent / "dangers"


@pytest.fixture(scope="module")
def finder() -> SignalFinder:
    return finder_of(load_policy("default", date(2026, 12, 1)).pack)


@pytest.fixture(scope="module")
def words() -> SignalFinder:
    return Finder(load_policy("default", date(2026, 12, 1)).pack.lexicon)


def shares(finder: SignalFinder, file: str) -> tuple[float, float]:
    """The share of dangers that are noticed, and of harmless texts that are taken for one."""
    found: dict[str, list[bool]] = {"D": [], ".": []}
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition("|")
        found[kind].append(finder.signals([text]).safety)
    return sum(found["D"]) / len(found["D"]), sum(found["."]) / len(found["."])


FILES = ("tuned.txt", "held_out.txt")


@pytest.mark.parametrize("file", FILES)
def test_the_words_alone_are_seldom_wrong(words: SignalFinder, file: str) -> None:
    noticed, false = shares(words, file)
    assert noticed >= 0.25
    assert false <= 0.03


@pytest.mark.parametrize("file", FILES)
def test_words_and_model_together_notice_dangers(finder: SignalFinder, file: str) -> None:
    noticed, false = shares(finder, file)
    assert noticed >= 0.96
    assert false <= 0.08


@pytest.mark.parametrize(
    "text", ["Fire that clerk!", "没有人受伤，只是外壳裂了。", "no fire, nobody was injured", "气死我了"]
)
def test_a_figure_of_speech_or_a_negation_is_no_danger(finder: SignalFinder, text: str) -> None:
    assert not finder.signals([text]).safety


@pytest.mark.parametrize(
    "text", ["没有受伤，可是插座还在冒烟。", "Fire that clerk, and by the way the socket is smoking."]
)
def test_a_harmless_phrase_hides_no_danger_beside_it(finder: SignalFinder, text: str) -> None:
    assert finder.signals([text]).safety
