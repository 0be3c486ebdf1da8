"""What a migration asks for: starts and waits stay, terms change, and what would be over counts from now."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from services.console.verifier import arithmetic
from services.console.verifier.clock import Clock
from services.console.verifier.owed import Owed
from services.console.verifier.pack import Rule
from services.console.verifier.stream import Event

if TYPE_CHECKING:
    from services.console.verifier.reckoning import Reckoning

WHY = "policy"


def of(seen: "Reckoning", event: Event) -> list[Owed]:
    """The pack of `seen` is the new one already; its clocks get their new terms here."""
    carried = [clock for clock in seen.present if clock.status in ("running", "paused")]
    going_on = {clock.name for clock in seen.present if clock.status != "cancelled"}
    owed = [one for clock in carried for one in _carried(seen, clock, event)]
    new = [(name, rule) for name, rule in seen.pack.rules.items() if name not in going_on]
    return owed + [one for name, rule in new for one in _new(seen, name, rule, event)]


def _carried(seen: "Reckoning", clock: Clock, event: Event) -> Iterator[Owed]:
    rule = seen.pack.rules.get(clock.name)
    if clock.rule.kind.endswith("-"):
        return
    if rule is None:
        yield Owed("deadline_cancelled", clock.name, event, by=WHY)
        return
    was = clock.due_now(clock.budget, seen.spans(event.at))
    clock.take(rule, rule.budget_at(seen.severity), event.at, waiting=seen.waiting)
    clock.respite(was, seen.spans(event.at), event.at)
    due = clock.due_at(clock.budget, seen.spans(event.at), event.at)
    if (due, clock.unsure(clock.since, due, clock.budget)) != (clock.due, clock.provisional):
        yield Owed("deadline_moved", clock.name, event, due, by=WHY, budget=clock.budget)


def _start(seen: "Reckoning", rule: Rule) -> datetime | None:
    """The first fact that starts it, or the last one if it was met in between."""
    if rule.starts == "received":
        return seen.first_receipt if rule.through else seen.began_at
    first, last = seen.said_first.get(rule.starts), seen.said.get(rule.starts)
    met = [seen.said[one] for one in rule.met_by if one in seen.said]
    return last if first and any(at >= first for at in met) else first


def _new(seen: "Reckoning", name: str, rule: Rule, event: Event) -> Iterator[Owed]:
    """A deadline that the complaint did not have, unless what was said already meets it."""
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
    yield Owed("deadline_set", name, event, due, start, by)
