"""Deadline facts that other facts ask for."""

from dataclasses import dataclass
from datetime import datetime

from services.console.audit.verifier import arithmetic
from services.console.audit.verifier.arithmetic import Budget
from services.console.audit.verifier.seen import Seen
from services.console.audit.verifier.stream import Event


@dataclass(frozen=True)
class Expected:
    """Deadline fact that has to come because of `cause`. `by` is the name of what starts a clock."""

    kind: str
    name: str
    cause: Event
    due: datetime | None = None
    started_at: datetime | None = None
    by: str = ""
    budget: Budget | None = None


def start(seen: Seen, name: str, cause: Event, at: datetime, by: str) -> Expected:
    """Start of a clock whose budget counts from `at`."""
    rule = seen.pack.rule(name)
    budget = rule.budget_at(seen.severity) if rule else None
    until = arithmetic.due(at, budget, rule.days, []) if rule and budget else at
    return Expected("deadline_set", name, cause, until, at, by)
