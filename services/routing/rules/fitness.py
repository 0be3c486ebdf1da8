"""Hard rules of ownership: who may own a complaint now (`sources.md` 57, 67, F32). Pure.

A choice, a transfer and a hand-over ask the same function. Nothing makes a person fit who does not meet one.
"""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contract.values import Concerned
from shared.policy.people import Person

HardRule = Literal["no_handler", "conflict", "junior", "language", "off_shift", "full"]
"""Codes of the hard rules, from those that last to those that pass."""

PASSING: frozenset[HardRule] = frozenset({"off_shift", "full"})
"""Rules that a person who does not meet them now may meet later."""


class Needs(BaseModel):
    """Requirements of a complaint for its owner. `language` is None where the roster has no speaker."""

    severity: int
    language: str | None
    concerned: Concerned = Field(default_factory=Concerned)


def unmet(person: Person, needs: Needs) -> list[HardRule]:
    """Hard rules that this person does not meet; empty where they may own the complaint."""
    rules: dict[HardRule, bool] = {
        "no_handler": person.role not in ("privacy", "department"),
        "conflict": not needs.concerned.holds(person.id, person.units),
        "junior": person.up_to >= needs.severity,
        "language": speaks(person, needs.language),
        "off_shift": person.present,
        "full": person.room,
    }
    return [rule for rule, holds in rules.items() if not holds]


def speaks(person: Person, language: str | None) -> bool:
    """Whether this person speaks the language, by its code before a hyphen."""
    if language is None or person.languages is None:
        return True
    return language.split("-")[0].lower() in person.languages
