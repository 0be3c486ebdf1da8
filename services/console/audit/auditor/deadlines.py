"""Each obligation ends one way; each warning and each level of escalation comes at most once in a cycle.

Source: `sources.md` 61, 64.
"""

from collections.abc import Iterator

from services.console.audit.auditor.stream import Fact, Memory

FROM = {
    "deadline_set": (None, "met", "met_late", "cancelled"),
    "deadline_moved": ("running",),
    "deadline_extended": ("running",),
    "deadline_warned": ("running",),
    "deadline_breached": ("running",),
    "deadline_cancelled": ("running",),
}
"""States of an obligation in which each fact of it is possible."""

STATES = (*FROM, "deadline_met")

AFTER = {
    "deadline_set": "running",
    "deadline_breached": "breached",
    "deadline_met": "met",
    "deadline_cancelled": "cancelled",
}
CORRECTED = "receipt_corrected"


def deadlines(own: Memory, fact: Fact) -> Iterator[str]:
    """Judge a fact of a deadline, or an escalation."""
    if fact.name == "escalated":
        yield from _escalated(own, fact)
    if fact.name not in STATES:
        return
    clocks = own.setdefault("clocks", {})
    clock = clocks.setdefault(fact.data["obligation"], {"status": None, "warned": []})
    late, corrected = fact.data.get("late", False), fact.data.get("why") == CORRECTED
    if not _is_possible(clock, fact, late=late, corrected=corrected):
        yield "obligation_ended_otherwise"
    if fact.name == "deadline_warned" and fact.data["percent"] in clock["warned"]:
        yield "warned_twice"
    _remember(clock, fact, late=late, corrected=corrected)


def _is_possible(clock: Memory, fact: Fact, *, late: bool, corrected: bool) -> bool:
    before = clock["status"]
    if fact.name == "deadline_set" and clock.get("cycle") != fact.cycle:
        return bool(before != "running")
    if fact.name == "deadline_met":
        return bool(before == ("breached" if late else "running"))
    return before in FROM[fact.name] or (corrected and before == "met")


def _remember(clock: Memory, fact: Fact, *, late: bool, corrected: bool) -> None:
    if fact.name == "deadline_set" or (fact.name == "deadline_moved" and fact.data["why"] == "told"):
        clock.update(warned=[], cycle=fact.cycle)
    if fact.name == "deadline_warned":
        clock["warned"].append(fact.data["percent"])
    after = "met_late" if late else AFTER.get(fact.name, clock["status"])
    clock["status"] = "running" if corrected else after


def _escalated(own: Memory, fact: Fact) -> Iterator[str]:
    level = own.get("level", 0) if own.get("cycle") == fact.cycle else 0
    if fact.data["level"] != level + 1:
        yield "escalated_twice"
    own.update(level=fact.data["level"], cycle=fact.cycle)
