"""Deadline facts that other facts ask for."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.console.verifier import arithmetic
from services.console.verifier.arithmetic import Budget
from services.console.verifier.stream import Event

if TYPE_CHECKING:
    from services.console.verifier.reckoning import Reckoning


@dataclass(frozen=True)
class Owed:
    """A deadline fact that has to come because of `cause`. `by` is the name of what starts a clock."""

    kind: str
    name: str
    cause: Event
    due: datetime | None = None
    started_at: datetime | None = None
    by: str = ""
    budget: Budget | None = None


def start(seen: "Reckoning", name: str, cause: Event, at: datetime, by: str) -> Owed:
    """A clock whose budget counts from `at`."""
    rule = seen.pack.rule(name)
    budget = rule.budget_at(seen.severity) if rule else None
    until = arithmetic.due(at, budget, rule.days, []) if rule and budget else at
    return Owed("deadline_set", name, cause, until, at, by)
