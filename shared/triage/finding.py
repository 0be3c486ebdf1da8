"""Finder of signals that every service uses, and functions that combine several of its answers. Pure."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol

from shared.contract.events import Signals
from shared.contract.values import MotiveGuess
from shared.policy.classifiers import file_of
from shared.policy.models import Pack
from shared.triage.classifying import TrainedFinder
from shared.triage.lexicon import Finder
from shared.triage.model import Model, read_model


class SignalFinder(Protocol):
    """Finds signals in texts that belong together, such as a title and its narrative."""

    def signals(self, texts: Iterable[str | None]) -> Signals: ...


def finder_of(pack: Pack, model_file: Path | None = None) -> SignalFinder:
    """Finder for texts that come in under this pack: its lexicon, and the model that it names.

    `model_file`: the file of that model, for a process that has not loaded the pack itself.
    """
    model = _read_once(model_file) if model_file else model_of(pack)
    lexicon = Finder(pack.lexicon)
    return TrainedFinder(lexicon, model, pack.classifier) if pack.classifier and model else lexicon


def model_of(pack: Pack) -> Model | None:
    """Model that the pack's classifier names, read once; None for a pack without a classifier."""
    path = model_file_of(pack)
    return _read_once(path) if path else None


def model_file_of(pack: Pack) -> Path | None:
    """File of the model that the pack's classifier names; None for a pack without a classifier."""
    return file_of(pack.classifier.sha256) if pack.classifier and pack.classifier.sha256 else None


_read_once = cache(read_model)


def found_in(finder: SignalFinder, texts: Iterable[str | None]) -> Signals | None:
    """Signals in later texts of a complaint; None if there are none, so that no empty field travels.

    Category and gravity of the complaint were found when it came in, so they are left out here.
    """
    said = [text for text in texts if text]
    if not said:  # as in most commands: a search costs as much in no text as in a short one
        return None
    signals = finder.signals(said).model_copy(update={"category": None, "gravity": None})
    return signals if signals != Signals() else None


def together(*several: Signals | None) -> Signals:
    """All of these signals as one: counts are added, of each motive the surest guess is kept."""
    present = [one for one in several if one]
    guesses: dict[str, MotiveGuess] = {}
    counts = dict.fromkeys((category for one in present for category in one.categories), 0)
    for one in present:
        for category, count in one.categories.items():
            counts[category] += count
        for guess in one.motives:
            known = guesses.get(guess.motive)
            if known is None or guess.confidence > known.confidence:
                guesses[guess.motive] = guess
    return Signals(
        categories=counts,
        motives=sorted(guesses.values(), key=lambda guess: -guess.confidence),
        styles=list(dict.fromkeys(style for one in present for style in one.styles)),
        safety=any(one.safety for one in present),
    )
