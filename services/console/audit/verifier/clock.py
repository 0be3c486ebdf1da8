"""Clock as the verifier recomputes it: its own due instant, the facts about it, and where the two differ."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.console.audit.verifier import arithmetic
from services.console.audit.verifier.arithmetic import Budget, Span
from services.console.audit.verifier.pack import Rule
from services.console.audit.verifier.stream import Event


def written(instant: datetime) -> str:
    """Instant as certificates have it."""
    return instant.isoformat().replace("+00:00", "Z")


@dataclass
class RecomputedClock:
    """`status` is running, paused, met, met_late, breached or cancelled; `due` is the recomputed instant."""

    name: str
    rule: Rule
    cycle: int
    start: Event
    started_at: datetime
    since: datetime
    started_by: str
    first_rule: Rule
    first_budget: Budget | None
    policy: dict[str, str]
    budget: Budget | None
    due: datetime
    provisional: bool
    status: str = "running"
    stood: list[list[datetime | None]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    given: set[int | str] = field(default_factory=set)
    met_before: str = ""
    extended_at: datetime | None = None
    extended_to: datetime | None = None
    extended: list[Span] = field(default_factory=list)
    respite_at: datetime | None = None
    respite_to: datetime | None = None
    moved_at: datetime | None = None
    late_registration: bool = False
    breach: Event | None = None
    end: Event | None = None
    ended_by: str = ""
    faults: list[str] = field(default_factory=list)

    def goes_on_from(self, before: "RecomputedClock") -> None:
        """Take over extensions and respites of the earlier cycle, for a clock of all cycles."""
        self.extended_at, self.extended_to = before.extended_at, before.extended_to
        self.respite_at, self.respite_to = before.respite_at, before.respite_to
        self.extended = [*before.extended]

    @property
    def is_open(self) -> bool:
        return self.status in ("running", "paused", "breached")

    def ran_out(self, at: datetime) -> bool:
        """Whether nothing may be in time at this instant: the due one is past the end.

        Only a move at that very instant may bring it there, and then what comes with the move counts.
        """
        return self.due <= at and (self.moved_at is None or self.moved_at < at)

    def due_at(self, budget: Budget | None, spans: list[Span], at: datetime) -> datetime:
        """Instant at which it runs out now that it is moved: never before the move itself."""
        return max(self.due_now(budget, spans), at)

    def due_now(self, budget: Budget | None, spans: list[Span]) -> datetime:
        """Instant at which its budget, extension or respite is used up; waits move each of them later."""
        if budget is None:
            return self.due
        waits = spans if self.rule.pausable else []
        if self.named is None:
            return arithmetic.due(self.since, budget, self.rule.days, waits)
        at, until = self.named
        later = [(max(a, at), b) for a, b in waits if b > at]
        return arithmetic.later(until, budget["clock"], later, self.rule.days)

    @property
    def named(self) -> Span | None:
        """Instant that replaces the budget's, and since when it does."""
        if self.extended_at and self.extended_to:
            return self.extended_at, self.extended_to
        return (self.respite_at, self.respite_to) if self.respite_at and self.respite_to else None

    def unsure(self, since: datetime, due: datetime, budget: Budget | None) -> bool:
        """Whether unknown holidays could move it: never an instant that a person named."""
        kind = budget["clock"] if budget and due != self.extended_to else ""
        return arithmetic.provisional(since, due, kind, self.rule.days)

    def go_on(self, at: datetime) -> None:
        """End its pause."""
        if self.stood and self.stood[-1][1] is None:
            self.stood[-1][1] = at

    def take(self, rule: Rule, budget: Budget | None, at: datetime, *, waiting: bool) -> None:
        """Apply other terms from now on. Under them it may have to go on during a wait, or to pause."""
        self.rule, self.budget, self.moved_at = rule, budget, at
        if not rule.pausable:
            self.go_on(at)
        elif self.status == "running" and waiting and rule.pausable:
            self.stood.append([at, None])
        self.status = "paused" if waiting and rule.pausable else "running"

    def respite(self, was: datetime, spans: list[Span], at: datetime) -> None:
        """Give its whole budget from now if it is over by new terms.

        The new due instant is not later than the former due instant, if that is still ahead.
        """
        self.respite_at = self.respite_to = None
        if self.named is None and self.budget and self.due_now(self.budget, spans) <= at:
            whole = arithmetic.due(at, self.budget, self.rule.days, [])
            self.respite_at, self.respite_to = at, min(was, whole) if was > at else whole

    def move(self, event: Event, due: datetime, why: str, budget: Budget | None = None) -> None:
        """Set another due instant."""
        one = {"fact": event.id, "at": written(event.at), "was": written(self.due), "due": written(due)}
        self.moves.append(one | {"why": why} | ({"budget": budget} if budget else {}))
        self.due, self.moved_at = due, event.at
        self.budget = budget or self.budget

    def marks(
        self, spans: list[Span], opened_at: datetime, corrected_at: datetime | None
    ) -> dict[int | str, datetime]:
        """Instant of each warning and reminder that was not given yet: none before what made it so."""
        found: dict[int | str, datetime] = {}
        waits, kind, days = self._waits(spans), self._kind, self.rule.days
        for percent in self.rule.warn_at:
            at = arithmetic.share(kind, self.since, self.due, percent, days, waits)
            if at >= self.start.at:
                found[percent] = max(at, self.moved_at or at, corrected_at or at)
        for step in self.rule.reminders:
            at = arithmetic.before(self.due, step["before"], days)
            if at > max(self.since, opened_at):
                found[step["name"]] = max(at, self.moved_at or at, corrected_at or at)
        return {mark: at for mark, at in found.items() if mark not in self.given}

    def passed(self, at: datetime, spans: list[Span]) -> int:
        """Per cent of its time that have passed, without waits."""
        waits, kind, days = self._waits(spans), self._kind, self.rule.days
        whole = arithmetic.used(kind, self.since, self.due, days, waits)
        return int(100 * arithmetic.used(kind, self.since, at, days, waits) / whole) if whole else 0

    @property
    def _kind(self) -> str:
        """Kind of time that it counts."""
        return str(self.budget["clock"]) if self.budget else "elapsed"

    def _waits(self, spans: list[Span]) -> list[Span]:
        """Waits in which it was paused."""
        return [span for span in spans if span[0] < self.due] if self.rule.pausable else []

    def certificate(self, complaint_id: str) -> dict[str, Any]:
        """Content that its certificate must have, without the digest."""
        calendar = self.first_rule.days.data
        whole: dict[str, Any] = {
            "complaint_id": complaint_id,
            "obligation": self.name,
            "cycle": self.cycle,
            "regime": self.first_rule.regime,
            "version": self.first_rule.version,
            "policy": self.policy,
            "calendar": {"id": calendar["id"], "version": calendar["version"]},
            "budget": self.first_budget,
            "started_at": written(self.started_at),
            "started_by": self.started_by,
            "start_fact": self.start.id,
            "pauses": [_pause(*span) for span in self.stood],
            "moves": self.moves,
            "warnings": self.warnings,
            "due": written(self.due),
            "provisional": self.provisional,
            "outcome": "running" if self.status == "paused" else self.status,
            "late_registration": self.late_registration,
            "breach_fact": self.breach.id if self.breach else None,
            "ended_at": written(self.end.at) if self.end else None,
            "ended_by": self.ended_by if self.end else None,
            "end_fact": self.end.id if self.end else None,
        }
        return {key: value for key, value in whole.items() if value is not None}


def _pause(start: datetime | None, end: datetime | None) -> dict[str, str]:
    spans = {"start": start, "end": end}
    return {key: written(value) for key, value in spans.items() if value}
