"""What `amends doctor` looks at, part by part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What was seen of one part, and what to do if it is not well."""

    part: str
    state: Literal["ok", "warning", "wrong"]
    seen: str
    remedy: str = ""


def well(part: str, seen: str) -> Finding:
    return Finding(part, "ok", seen)


def odd(part: str, seen: str, remedy: str) -> Finding:
    """Amends works, but somebody should look."""
    return Finding(part, "warning", seen, remedy)


def wrong(part: str, seen: str, remedy: str) -> Finding:
    """Amends does not work as it should."""
    return Finding(part, "wrong", seen, remedy)
