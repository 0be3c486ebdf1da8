"""What `amends doctor` looks at, part by part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class CheckResult:
    """What was seen of one part, and what to do if it is not well."""

    part: str
    state: Literal["ok", "warning", "wrong"]
    seen: str
    remedy: str = ""


def well(part: str, seen: str) -> CheckResult:
    return CheckResult(part, "ok", seen)


def odd(part: str, seen: str, remedy: str) -> CheckResult:
    """Amends works, but somebody should look."""
    return CheckResult(part, "warning", seen, remedy)


def wrong(part: str, seen: str, remedy: str) -> CheckResult:
    """Amends does not work as it should."""
    return CheckResult(part, "wrong", seen, remedy)
