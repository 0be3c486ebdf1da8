"""Model of the wording gate: how likely a text is faulty, of which kind, and by which of its words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log, prod
from pathlib import Path

from shared.contract.wording import WordingKind
from shared.triage.model import Model, read_model
from shared.triage.reading import WORD
from shared.wording.marking import page_of
from shared.wording.reading import parts

FAULTY = "faulty"
SMALLEST = 1e-6
MOST_WORDS = 5
MARKED = ("xdate", "xname", "xnumber", "xmail", "xamount", "xpercent")


@dataclass(frozen=True)
class WordingVerdict:
    """Likelihood that a text is faulty at all, and of each kind."""

    faulty: float
    kinds: Mapping[WordingKind, float]

    @property
    def sure(self) -> float:
        """Sureness of a fault: the mean of two answers, whether there is one, and whether there
        is one of any kind.
        """
        any_kind = 1 - prod(1 - one for one in self.kinds.values())
        return 1 / (1 + exp(-(_odds(self.faulty) + _odds(any_kind)) / 2))

    def kind(self) -> WordingKind:
        """Most likely kind of the fault, if there is one."""
        return max(self.kinds, key=lambda one: self.kinds[one])


def _odds(sure: float) -> float:
    bounded = min(max(sure, SMALLEST), 1 - SMALLEST)
    return log(bounded / (1 - bounded))


def _whole(words: str, low: str) -> bool:
    """Whether these are words of the text, no beginnings of them and none that `marked` put in."""
    if any(mark in words for mark in MARKED):
        return False
    return words in low if not words.isascii() else f" {words} " in f" {' '.join(WORD.findall(low))} "


class WordingModel:
    """Trained model, asked about a sentence or two."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def verdict(self, text: str) -> WordingVerdict:
        """WordingVerdict of the model on a text."""
        answers = self._model.answers(page_of(text))
        return WordingVerdict(answers[FAULTY], {kind: answers[kind] for kind in WordingKind})

    def because(self, text: str, kind: WordingKind) -> list[str]:
        """Words of the text that count most for this verdict."""
        page = page_of(text)
        weighed = [*self._model.decisive(FAULTY, page), *self._model.decisive(kind, page)]
        words = (shown.partition(" (")[0].strip() for shown, _ in sorted(weighed, key=lambda one: -one[1]))
        low = page.lower()
        return [one for one in dict.fromkeys(words) if _whole(one, low)][:MOST_WORDS]


@cache
def wording_model(path: Path) -> WordingModel:
    """Model of this file, read once. Raises `BadModel`."""
    return WordingModel(read_model(path, parts))
