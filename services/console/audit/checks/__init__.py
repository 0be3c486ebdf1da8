"""Checks of `amends doctor`, a module for each part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class CheckResult:
    """Result of checking one part: what was found, and what to do if the part is not well."""

    part: str
    state: Literal["ok", "warning", "wrong"]
    seen: str
    remedy: str = ""


def well(part: str, seen: str) -> CheckResult:
    return CheckResult(part, "ok", seen)


def odd(part: str, seen: str, remedy: str) -> CheckResult:
    """Finding of a part that works, and that a person should check."""
    return CheckResult(part, "warning", seen, remedy)


def wrong(part: str, seen: str, remedy: str) -> CheckResult:
    """Amends does not work as it should."""
    return CheckResult(part, "wrong", seen, remedy)
