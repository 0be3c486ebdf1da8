"""Substance of a response: what is left of it without words of courtesy (`sources.md` 55, 64). Pure."""

from shared.policy.patterns import compiled
from shared.policy.understanding import ResponseTerms, letters_of


class Substance:
    """Terms of one pack, ready for texts."""

    def __init__(self, terms: ResponseTerms) -> None:
        self._stock = [compiled(one) for one in terms.stock]

    def letters(self, text: str) -> int:
        """Letters that are left of the text, of which a Han character counts two."""
        for phrase in self._stock:
            text = phrase.without(text)
        return letters_of(text)
