"""People and units that a fact names as concerned, read in the same way by every service."""

from collections.abc import Mapping
from typing import Any

from shared.contract.events import (
    ConcernedAdded,
    ContactAdded,
    Fact,
    Grumbled,
    Received,
    RecordCompleted,
)
from shared.contract.values import DESCRIBED, Concerned

NAMING: tuple[type[Fact], ...] = (Received, Grumbled, ContactAdded, RecordCompleted, ConcernedAdded)
"""Facts that may name concerned people or units."""


def concerned_in(fact: Fact) -> Concerned:
    """People and units that this fact names by an id or a code; a description in words is left out."""
    return concerned_by(vars(fact)) if isinstance(fact, NAMING) else Concerned()


def concerned_by(data: Mapping[str, Any]) -> Concerned:
    """People and units that the fields of such a fact name, as in `concerned_in`."""
    if "staff" in data:
        return Concerned(staff=data["staff"], units=data["units"])
    own = Concerned(staff=_code(data.get("about_staff")), units=_code(data.get("unit")))
    besides = data.get("concerned")
    return own.joined(Concerned.model_validate(besides)) if besides else own


def _code(value: str | None) -> list[str]:
    return [value] if value and value != DESCRIBED else []
