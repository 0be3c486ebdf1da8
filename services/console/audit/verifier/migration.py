"""Deadline facts that a migration asks for.

Starts and waits stay, terms change, and what would be over counts from the migration.
"""

from collections.abc import Iterator
from datetime import datetime

from services.console.audit.verifier import arithmetic
from services.console.audit.verifier.clock import RecomputedClock
from services.console.audit.verifier.expected import Expected
from services.console.audit.verifier.pack import Rule
from services.console.audit.verifier.seen import Seen
from services.console.audit.verifier.stream import Event

WHY = "policy"


def of(seen: Seen, event: Event) -> list[Expected]:
    """Expected facts of a migration. The pack of `seen` is already the new pack; its clocks change here."""
    carried = [clock for clock in seen.present if clock.status in ("running", "paused")]
    going_on = {clock.name for clock in seen.present if clock.status != "cancelled"}
    expected = [one for clock in carried for one in _carried(seen, clock, event)]
    new = [(name, rule) for name, rule in seen.pack.rules.items() if name not in going_on]
    return expected + [one for name, rule in new for one in _new(seen, name, rule, event)]


def _carried(seen: Seen, clock: RecomputedClock, event: Event) -> Iterator[Expected]:
    rule = seen.pack.rules.get(clock.name)
    if clock.rule.kind.endswith("-"):
        return
    if rule is None:
        yield Expected("deadline_cancelled", clock.name, event, by=WHY)
        return
    was = clock.due_now(clock.budget, seen.spans(event.at))
    clock.take(rule, rule.budget_at(seen.severity), event.at, waiting=seen.waiting)
    clock.respite(was, seen.spans(event.at), event.at)
    due = clock.due_at(clock.budget, seen.spans(event.at), event.at)
    if (due, clock.unsure(clock.since, due, clock.budget)) != (clock.due, clock.provisional):
        yield Expected("deadline_moved", clock.name, event, due, by=WHY, budget=clock.budget)


def _start(seen: Seen, rule: Rule) -> datetime | None:
    """Instant of the first fact that starts it, or of the last one if it was met in between."""
    if rule.starts == "received":
        return seen.first_receipt if rule.through else seen.began_at
    first, last = seen.said_first.get(rule.starts), seen.said.get(rule.starts)
    met = [seen.said[one] for one in rule.met_by if one in seen.said]
    return last if first and any(at >= first for at in met) else first


def _new(seen: Seen, name: str, rule: Rule, event: Event) -> Iterator[Expected]:
    """Deadline that the complaint did not have, unless an earlier fact meets it."""
    start = _start(seen, rule)
    budget = rule.budget_at(seen.severity)
    if start is None or budget is None or "notice" in rule.met_by:
        return
    if any(seen.said[one] >= start for one in rule.met_by if one in seen.said):
        return
    start = max([start, *(at for words, at in seen.words.items() if rule.set_anew_by(*words))])
    waits = seen.spans(event.at) if rule.pausable else []
    due = arithmetic.due(start, budget, rule.days, waits)
    if due <= event.at:
        start, due = event.at, arithmetic.due(event.at, budget, rule.days, [])
    by = "reopened" if rule.starts == "received" and seen.cycle > 1 else rule.starts
    by = event.name if start == event.at else by
    yield Expected("deadline_set", name, event, due, start, by)
