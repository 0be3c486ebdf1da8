"""Finder that combines a policy's lexicon and its trained model: each finds signals that the other misses.
Pure.

The model finds category, motives, anger, gravity and danger. The lexicon finds the other styles, and the
words of danger that the policy's authors list.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shared.contract.events import Signals
from shared.contract.values import Category, CategoryGuess, Motive, MotiveGuess, Style
from shared.policy.models import Classifier
from shared.triage.lexicon import Finder
from shared.triage.model import Model, ModelAnswers
from shared.triage.reading import page_of

SOURCE = "classifier"
ANGRY, DANGER, GRAVE, VERY_GRAVE = "angry", "danger", "grave", "very_grave"
GRAVE_LEVEL, VERY_GRAVE_LEVEL = 3, 4
MOST_SURE = 0.99
ONE_WORD, SHORT = 3, 6
"""Length up to which a text is one word, such as the answer 孩子, and length below which it is short."""
SURE_OF_SHORT = 0.95
"""Confidence from which the model reports a danger in a short text."""
DENIED = 2.0
"""Factor of the confidence that a danger needs in a text that takes words of danger back."""


HAN, WORDS = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[^\W\d_\u4e00-\u9fff]+")


@dataclass(frozen=True)
class TrainedFinder:
    """Finds signals by the words of the policy and by a trained model."""

    lexicon: Finder
    model: Model
    terms: Classifier

    def signals(self, texts: Iterable[str | None]) -> Signals:
        """Signals found in these texts together."""
        said = "\n".join(text for text in texts if text)
        found = self.lexicon.signals([said])
        if not said.strip():
            return found
        page = page_of(said)
        answers = self.model.answers_and_worst(page, DANGER)
        safety = self.lexicon.certain(said) or self._danger(found.safety, page, answers[DANGER])
        perhaps = not safety and length(page) > ONE_WORD and answers[DANGER] >= self.terms.danger_unsure_from
        return found.model_copy(
            update={
                "category": category(answers, self.terms, perhaps),
                "motives": motives(answers, self.terms),
                "styles": self._styles(found.styles, answers),
                "safety": safety,
                "gravity": gravity(answers, self.terms),
            }
        )

    def _styles(self, by_words: list[Style], answers: ModelAnswers) -> list[Style]:
        others = [style for style in by_words if style != Style.ANGRY]
        return ([Style.ANGRY] if answers[ANGRY] >= self.terms.angry_from else []) + others

    def why_danger(self, text: str) -> list[str]:
        """Words of the text that make it a danger: of the lexicon, then those that the model weighs most.
        Only for people who may read the text.
        """
        weighed = self.model.decisive(DANGER, text, worst=True)
        return list(dict.fromkeys([*self.lexicon.danger_words(text), *(words for words, _ in weighed)]))

    def _danger(self, by_words: bool, page: str, sure: float) -> bool:
        """Whether a person is in danger; the text must pass both with and without its figures of speech. A
        text that has some, and no words of danger besides, must pass more clearly.

        Of a few characters the model must be very sure, and of one word it proves nothing.
        """
        if length(page) < SHORT:
            return by_words or (length(page) > ONE_WORD and sure >= SURE_OF_SHORT)
        least = self.terms.danger_with_words_from if by_words else self.terms.danger_from
        plain = self.lexicon.without_harmless(page)
        if sure >= least and plain != page.lower():
            sure = min(sure, self.model.answers_and_worst(plain, DANGER)[DANGER])
            least = least if by_words else min(1.0, least * DENIED)
        return sure >= least


def length(page: str) -> int:
    """Length of a text: a Chinese character counts one, any other word two."""
    return len(HAN.findall(page)) + 2 * len(WORDS.findall(page))


def category(answers: ModelAnswers, terms: Classifier, perhaps_danger: bool = False) -> CategoryGuess:
    """Most likely category, and its share of the probabilities of all categories. A person looks at an unsure
    category, and at a text that is perhaps about a danger.
    """
    likely = {one: answers[one] for one in Category}
    best = max(likely, key=lambda one: likely[one])
    confidence = min(MOST_SURE, round(likely[best] / sum(likely.values()), 2))
    unsure = perhaps_danger or confidence < terms.unsure_below
    return CategoryGuess(category=best, confidence=confidence, source=SOURCE, unsure=unsure)


def motives(answers: ModelAnswers, terms: Classifier) -> list[MotiveGuess]:
    """Motives that are likely enough, the most likely first. No machine decides that it is harassment."""
    likely = [(one, answers[one]) for one in Motive if one is not Motive.HARASSMENT]
    return [
        MotiveGuess(motive=one, confidence=min(MOST_SURE, round(sure, 2)), source=SOURCE)
        for one, sure in sorted(likely, key=lambda pair: -pair[1])
        if sure >= terms.motive_from
    ]


def gravity(answers: ModelAnswers, terms: Classifier) -> int | None:
    """Severity that the words suggest, if it is above the usual severity; else None."""
    if answers[VERY_GRAVE] >= terms.grave_from:
        return VERY_GRAVE_LEVEL
    return GRAVE_LEVEL if answers[GRAVE] >= terms.grave_from else None
