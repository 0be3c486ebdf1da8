"""Masking for a service whose event loop waits for nothing: large texts are masked beside, and remembered.

What is remembered is taken when the text is stored a moment later, inside of a transaction.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from shared.contract.events import Signals
from shared.masking.masker import Masker
from shared.policy.models import Pack
from shared.runtime.side_work import SMALL, SideWork
from shared.runtime.texts.signal_search import SignalSearch, find_all
from shared.triage.finding import SignalFinder, finder_of, model_file_of

WORTH_KEEPING = 64
MOST_KEPT = 8_000_000
"""Characters: texts shorter than the one are masked in no time, and no more than the other are kept."""

Beside = Callable[[int, list[str]], Awaitable[list[str]]]
"""Masks texts of so many bytes together elsewhere. Raises `TooComplex`."""


class Covering:
    """Masks a text: call it."""

    def __init__(self, mask: Masker, beside: Beside) -> None:
        self._mask = mask
        self._beside = beside
        self._known: OrderedDict[str, str] = OrderedDict()
        self._kept = 0

    def __call__(self, text: str) -> str:
        known = self._known.get(text)
        return self._mask(text) if known is None else known

    async def prepare(self, size: int, texts: Iterable[str]) -> None:
        """Mask what a command of `size` bytes has in words. Raises `TooComplex`."""
        wanted = [text for text in texts if len(text) > WORTH_KEEPING and text not in self._known]
        if not wanted or size <= SMALL:
            return
        for text, masked in zip(wanted, await self._beside(size, wanted), strict=True):
            self._keep(text, masked)
            self._keep(masked, masked)

    def _keep(self, text: str, masked: str) -> None:
        if text in self._known:
            return
        self._known[text] = masked
        self._kept += len(text)
        while self._kept > MOST_KEPT:
            oldest, _ = self._known.popitem(last=False)
            self._kept -= len(oldest)


def mask_all(mask: Masker, texts: list[str]) -> list[str]:
    """Every text, masked."""
    return [mask(text) for text in texts]


@dataclass(frozen=True)
class Reader:
    """Reads large texts in the process beside the service."""

    mask: Masker
    finder: SignalFinder


def reader_of(pack: Pack, model_file: Path | None) -> Reader:
    return Reader(Masker(tuple(pack.masking)), finder_of(pack, model_file))


def covering(pack: Pack) -> tuple[Covering, SignalSearch, SideWork[Reader]]:
    """Masking and finding under this pack, and the process for large texts, which is closed at the end."""
    model_file = model_file_of(pack)
    reader = reader_of(pack, model_file)
    side = SideWork[Reader](reader_of, pack, model_file, state=reader)

    async def mask(size: int, texts: list[str]) -> list[str]:
        return await side.run(size, _mask, texts)

    async def find(size: int, groups: list[tuple[str, ...]]) -> list[Signals]:
        return await side.run(size, _find, groups)

    return Covering(reader.mask, mask), SignalSearch(reader.finder, find), side


def _mask(reader: Reader, texts: list[str]) -> list[str]:
    return mask_all(reader.mask, texts)


def _find(reader: Reader, groups: list[tuple[str, ...]]) -> list[Signals]:
    return find_all(reader.finder, groups)
