"""Processor time of reading one text: lexicon and classifier of the default pack, on the held-out texts."""

import time
from statistics import median

from shared.policy.loader import load_policy
from shared.triage.corpus import corpus
from shared.triage.finding import finder_of
from tests.bench.figures import Count, Figure, quantile

MOST_MILLISECONDS = 5.0


def measure() -> list[Figure]:
    """Read each held-out text once, after a few to warm up."""
    finder = finder_of(load_policy("default").pack)
    texts = [one.text for one in corpus() if one.part != "train"]
    for text in texts[:50]:
        finder.signals([text])
    spent = [_milliseconds(finder.signals, text) for text in texts]
    return [
        Count("classification of a text, median", "ms", median(spent), MOST_MILLISECONDS),
        Count("classification of a text, 99 of 100", "ms", quantile(spent, 0.99), MOST_MILLISECONDS),
    ]


def _milliseconds(signals: object, text: str) -> float:
    assert callable(signals)
    began = time.process_time()
    signals([text])
    return (time.process_time() - began) * 1000
