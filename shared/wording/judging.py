"""Ask the model about the sentences of a text, each with its neighbour: a reason or a date may be
there. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.contract.wording import WordingKind
from shared.wording.model import WordingModel, WordingVerdict
from shared.wording.sentences import Sentence

MOST_PIECES = 200
"""Most pieces of a text that the model reads; the rules read all of it."""


@dataclass(frozen=True)
class WordingFault:
    """Sentence that the model holds for faulty, by its number."""

    number: int
    kind: WordingKind
    sure: float


class Judged:
    """Verdicts on the pieces of one text, each of one sentence or two."""

    def __init__(self, model: WordingModel, parts: list[Sentence]) -> None:
        self._model, self._parts = model, parts
        self._verdicts = [(piece, model.verdict(self._text(piece))) for piece in pieces(len(parts))]
        self._sure = dict[int, float]()
        for piece, verdict in self._verdicts:
            for number in piece:
                self._sure[number] = max(verdict.sure, self._sure.get(number, 0.0))

    def sure(self, number: int) -> float:
        """Sureness of a fault in or beside this sentence; 1 where it did not read."""
        return self._sure.get(number, 1.0)

    def faults(self, least: float) -> Iterator[WordingFault]:
        """Faults of which the model is so sure, the worst sentence of each piece."""
        for piece, verdict in self._verdicts:
            if verdict.sure >= least:
                yield WordingFault(self._worst(piece), verdict.kind(), verdict.sure)

    def _worst(self, piece: range) -> int:
        if len(piece) == 1:
            return piece[0]
        alone: dict[int, WordingVerdict] = {one: self._model.verdict(self._parts[one].plain) for one in piece}
        return max(piece, key=lambda one: alone[one].sure)

    def _text(self, piece: range) -> str:
        return " ".join(self._parts[number].plain.strip() for number in piece)


def pieces(count: int) -> list[range]:
    """Numbers of the sentences of each piece: one sentence, or two neighbours."""
    return [range(1)] if count == 1 else [range(at, at + 2) for at in range(count - 1)][:MOST_PIECES]
