"""Problems of a pack, in words: file, line, field, and the allowed values."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

Loc = tuple[str | int | date, ...]

MISSING = "is missing"

_DATE = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")


@dataclass(frozen=True)
class PackProblem:
    """Problem of a pack. `field` is a path such as `obligations.response_24h.met_by.0`.

    A problem that is in no file, as a regime named on the command line, has the file `""` and line 0.
    """

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{place}{field}{self.sentence}"


class PolicyError(Exception):
    """Raised for a pack that cannot be used. `problems` gives the reasons; as text, the first of them. `zh`:
    the same in Chinese.
    """

    def __init__(self, *problems: PackProblem | str, zh: str | None = None) -> None:
        self.zh = zh
        self.problems = [
            one if isinstance(one, PackProblem) else PackProblem("", 0, "", one) for one in problems
        ]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


MOST_NAMES = 12
"""Most names that a refusal lists where none is near."""


def complaints(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Loc, str]]:
    """Place and sentence of each objection of `model`."""
    for one in error.errors(include_url=False):
        loc = tuple(_key(step) for step in one["loc"] if step != "[key]")
        known = fields_at(model, loc[:-1])
        if one["type"] == "extra_forbidden":
            yield loc, f"there is no such field{_meant(str(loc[-1]), known)}; allowed are {', '.join(known)}"
        elif one["type"] == "missing":
            needed = (name for name, field in known.items() if field.is_required())
            yield loc, f"{MISSING}; needed here are {', '.join(needed)}"
        else:
            yield loc, _sentence(one["type"], one["msg"], one.get("input"), one.get("ctx") or {})


def _key(step: str | int) -> str | int | date:
    """Step of the path. A date as a key is written as YAML has it, not as Python does."""
    found = _DATE.fullmatch(step) if isinstance(step, str) else None
    return date(*(int(part) for part in found.groups())) if found else step


def _sentence(kind: str, value: str, given: Any, more: dict[str, Any]) -> str:
    match kind:
        case "literal_error" | "enum":
            return f"{given!r} is not allowed; allowed are {more['expected']}"
        case "value_error":
            return value.removeprefix("Value error, ")
        case "string_type" if isinstance(given, str | int | float | bool):
            return f'must be text; write "{given}", in quotes'
        case "string_pattern_mismatch":
            return f"{given!r} is not a name; allowed are a-z, 0-9 and _ . - , at most 64 of them"
        case _:
            found = f", and not {given!r}" if isinstance(given, str | int | float | bool) else ""
            return f"{value[:1].lower()}{value[1:]}{found}"


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, [*known], 1)
    return f" (did you mean {near[0]}?)" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Known names that are nearest to this word, for a refusal; some of them where none is near."""
    names = sorted({*known})
    return ", ".join(get_close_matches(word, names, 3, 0.5) or names[:MOST_NAMES]) or "none"


def fields_at(model: type[BaseModel], loc: Loc) -> dict[str, FieldInfo]:
    """Fields that the entry at `loc` may have, by name; none where it is no entry."""
    here: Any = model
    for step in loc:
        here = _step(inner(here), step)
    entry = inner(here)
    return entry.model_fields if isinstance(entry, type) and issubclass(entry, BaseModel) else {}


def inner(kind: Any) -> Any:
    """Type without `Annotated` and without `None`."""
    while get_origin(kind) in (Union, UnionType) or hasattr(kind, "__metadata__"):
        kind = next((one for one in get_args(kind) if one is not type(None)), None)
    return kind


def _step(kind: Any, step: str | int | date) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel) and str(step) in kind.model_fields:
        return kind.model_fields[str(step)].annotation
    return (get_args(kind) or (None,))[-1]
