"""Steps of a case that may meet a fault in a rule. Pure.

A fault is an exception, so a bug of ours. It must not stop the complaint until the bug is repaired: the step
has no effect, the fault is reported, and what comes next goes on.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

Value = TypeVar("Value")
Result = TypeVar("Result")

AGAIN = timedelta(minutes=10)
"""Time after which a step of the clock, or a received fact, is tried again."""

UNCHANGED = (str, int, float, Decimal, date, time, timedelta, Enum, type(None))
"""Types whose values cannot be changed: they need no copy."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Fault in a step: the name of the step, the class of the exception, and the place in the code.

    The words of the exception are left out, since they may repeat values.
    """

    step: str
    kind: str
    place: str = ""

    @classmethod
    def of(cls, step: str, error: Exception) -> "Fault":
        """Describe an exception."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
        return cls(step, type(error).__name__, place)


class Attempt(Protocol):
    """Runs a step and returns its result, or the fault in it."""

    def __call__(self, step: str, work: Callable[[], Result]) -> Result | Fault: ...


def caught(step: str, work: Callable[[], Result]) -> Result | Fault:
    """Run a step; an exception becomes a fault."""
    try:
        return work()
    except Exception as error:
        return Fault.of(step, error)


def copied(value: Value, *shared: object) -> Value:
    """Copy of a state that changes apart from it; what is `shared` never changes and is not copied."""
    return _copied(value, frozenset(map(id, shared)))  # type: ignore[no-any-return]


def _copied(value: Any, shared: frozenset[int]) -> Any:
    if isinstance(value, UNCHANGED) or id(value) in shared:
        return value
    if isinstance(value, list):
        return [_copied(one, shared) for one in value]
    if isinstance(value, dict):
        return {name: _copied(one, shared) for name, one in value.items()}
    if isinstance(value, BaseModel):
        fields = {name: _copied(one, shared) for name, one in value.__dict__.items()}
        return value.model_copy(update=fields)
    return value
