"""Rules that very many complaints are under: parsed once in a process, and one object for all of them.

A value travels as its JSON text in one string. The text is its key: the same text is the same object, so a
complaint adds a reference to the rules, and no copy of them. What is shared is never changed in place.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

Rules = TypeVar("Rules", bound=BaseModel)

MOST = 1000
"""Most different values that are held. One more empties the collection, and sharing begins anew."""


class Shared(Generic[Rules]):
    """Shared values of one model, by their text."""

    def __init__(self, model: Callable[[], type[Rules]]) -> None:
        """`model` names the model when it is needed: it may be declared later."""
        self._model = model
        self._by_text: dict[str, Rules] = {}
        self._texts: dict[int, str] = {}

    def parsed(self, text: str) -> Rules:
        """Value of this text. Raises `ValidationError`."""
        found = self._by_text.get(text)
        return found if found is not None else self._keep(self._model().model_validate_json(text), text)

    def one(self, value: Rules) -> Rules:
        """Object shared by all equal values."""
        if id(value) in self._texts:
            return value
        text = value.model_dump_json()
        found = self._by_text.get(text)
        return found if found is not None else self._keep(value, text)

    def text(self, value: Rules) -> str:
        """Value as text, as it is sent."""
        known = self._texts.get(id(value))
        return known if known is not None else value.model_dump_json()

    def validate(self, value: Any, proceed: Callable[[Any], Rules]) -> Rules:
        """Wrapping validator for fields: accepts the text, and all that the model accepts."""
        return self.parsed(value) if isinstance(value, str) else proceed(value)

    def _keep(self, value: Rules, text: str) -> Rules:
        if len(self._by_text) >= MOST:
            # The ids go first: without their object they could come to name another.
            self._texts = {}
            self._by_text = {}
        self._by_text[text] = value
        self._texts[id(value)] = text
        return value
