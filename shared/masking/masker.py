"""What the policy wants masked, found and covered. Masking what is masked changes nothing. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from shared.masking import cards, identity, phones
from shared.masking.scanning import Shape, look, plain

Kind = Literal["card", "identity", "phone"]

WORTH_A_LOOK = re.compile(r"(?:[0-9０-９][ ().\-–‐－\u00a0\u3000（）]{0,2}){6}")
"""Six digits close to each other; a text without them, which is nearly every one, costs one search."""

SHAPES: dict[Kind, tuple[Shape, ...]] = {
    "identity": identity.SHAPES,
    "card": cards.SHAPES,
    "phone": phones.SHAPES,
}
"""In the order in which they are looked for: the surer ones first."""


class Masker:
    """Covers numbers of these kinds: call it with a text."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        wanted = set(kinds)
        self._shapes = [shape for kind, shapes in SHAPES.items() if kind in wanted for shape in shapes]

    def __call__(self, text: str) -> str:
        """The text with `[card ••••1111]`, `[identity ••••]` or `[phone ••••00]` in the place of numbers."""
        before = ""
        # What was covered may leave a whole number beside it; each round has fewer digits, so this ends.
        while text != before and WORTH_A_LOOK.search(text):
            before = text
            for shape in self._shapes:
                text = "".join(_covered(text, shape))
        return text


def _covered(text: str, shape: Shape) -> Iterator[str]:
    at = 0
    for one in look(plain(text), shape):
        yield text[at : one.start]
        yield one.mask
        at = one.end
    yield text[at:]
