"""Recourse of a complainant at the end of a complaint. Pure."""

from collections.abc import Mapping, Sequence

HOUSE = "house"
"""Key of the organisation's own recourse, used where no regime that applied has one."""


def where_next(recourse: Mapping[str, dict[str, str]], applied: Sequence[str]) -> list[dict[str, str]]:
    """Sentences of these regimes, else those of the organisation."""
    own = [recourse[HOUSE]] if HOUSE in recourse else []
    return [recourse[name] for name in applied if name in recourse] or own
