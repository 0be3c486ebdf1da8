"""Finding signals for a service whose event loop waits for nothing: in large texts beside, and remembered.

What is remembered is taken a moment later, on the event loop or inside of a transaction.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable

from shared.contract.events import Signals
from shared.runtime.side_work import SMALL
from shared.triage.finding import SignalFinder

MOST_KEPT = 4_000_000
"""Characters of the texts whose signals are remembered."""

Texts = tuple[str, ...]
Beside = Callable[[int, list[Texts]], Awaitable[list[Signals]]]
"""Finds the signals of each group of texts elsewhere; they have so many bytes. Raises `TooComplex`."""


class SignalSearch:
    """Finder of signals that knows the result for large texts that were prepared."""

    def __init__(self, finder: SignalFinder, beside: Beside) -> None:
        self._finder = finder
        self._beside = beside
        self._known: OrderedDict[Texts, Signals] = OrderedDict()
        self._kept = 0

    def signals(self, texts: Iterable[str | None]) -> Signals:
        """Signals in these texts together."""
        said = _text(texts)
        known = self._known.get(said)
        return self._finder.signals(said) if known is None else known

    async def prepare(self, size: int, texts: Iterable[str | None]) -> None:
        """Find what is in these texts together, of a command of `size` bytes. Raises `TooComplex`."""
        said = _text(texts)
        if size <= SMALL or not said or said in self._known:
            return
        (found,) = await self._beside(size, [said])
        self._known[said] = found
        self._kept += _length(said)
        while self._kept > MOST_KEPT:
            oldest, _ = self._known.popitem(last=False)
            self._kept -= _length(oldest)


def _text(texts: Iterable[str | None]) -> Texts:
    return tuple(text for text in texts if text)


def _length(texts: Texts) -> int:
    return sum(map(len, texts))


def find_all(finder: SignalFinder, groups: list[Texts]) -> list[Signals]:
    """Signals of every group."""
    return [finder.signals(texts) for texts in groups]
