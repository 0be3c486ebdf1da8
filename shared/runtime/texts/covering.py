"""Masking for a service whose event loop waits for nothing: large texts are masked beside, and remembered.

What is remembered is taken when the text is stored a moment later, inside of a transaction.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable

from shared.masking.masker import Kind, Masker
from shared.runtime.side_work import SMALL, SideWork

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


def covering(kinds: Iterable[Kind]) -> tuple[Covering, SideWork[Masker]]:
    """Masking of these kinds of numbers, and the process for large texts, which is closed at the end."""
    named = tuple(kinds)
    side = SideWork[Masker](Masker, named)

    async def beside(size: int, texts: list[str]) -> list[str]:
        return await side.run(size, mask_all, texts)

    return Covering(Masker(named), beside), side
