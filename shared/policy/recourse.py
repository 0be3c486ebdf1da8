"""Where a complainant can turn at the end of a complaint. Pure."""

from collections.abc import Mapping, Sequence

HOUSE = "house"
"""The recourse that the organisation itself names, where no regime that applied has one."""


def where_next(recourse: Mapping[str, dict[str, str]], applied: Sequence[str]) -> list[dict[str, str]]:
    """The sentences of these regimes, else what the organisation itself names."""
    own = [recourse[HOUSE]] if HOUSE in recourse else []
    return [recourse[name] for name in applied if name in recourse] or own
