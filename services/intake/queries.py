"""Queries to intake: the texts that it put away."""

from collections.abc import Callable
from datetime import datetime

from shared.policy.models import Pack
from shared.runtime.text_query import TextWork, readers
from shared.runtime.texts import Texts


def text_work(texts: Texts, pack: Pack, now: Callable[[], datetime]) -> TextWork:
    """Answers `text` for references that begin with `intake:`, and for those that begin with nobody."""
    return TextWork(texts, readers(pack), now)
