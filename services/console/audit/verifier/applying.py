"""Whether a deadline fact is what had to come, and what its clock is after it."""

from services.console.audit.verifier import granted
from services.console.audit.verifier.clock import RecomputedClock, written
from services.console.audit.verifier.expected import Expected
from services.console.audit.verifier.seen import Seen
from services.console.audit.verifier.stream import Event

BEFORE_CLOCKS = ("notice", "triaged", "assigned")
"""Facts that may precede the clocks of a cycle, and that meet them all the same."""


def apply(seen: Seen, clock: RecomputedClock, event: Event, expected: Expected | None) -> list[str]:
    """Make a deadline fact part of its clock; what is wrong with it."""
    match event.name:
        case "deadline_warned":
            return _warned(seen, clock, event)
        case "deadline_breached":
            return _breached(seen, clock, event)
        case "deadline_met":
            return _was_met(seen, clock, event, expected)
        case "deadline_cancelled":
            return _cancelled(clock, event, expected)
        case "deadline_extended":
            return _extended(seen, clock, event)
        case _:
            return _moved(clock, event, expected)


def _warned(seen: Seen, clock: RecomputedClock, event: Event) -> list[str]:
    mark = event.data.get("reminder") or event.data["percent"]
    waits = seen.spans(clock.due)
    at = clock.marks(waits, seen.opened_at, seen.corrected_at).get(mark)
    percent = clock.passed(at, waits) if at and event.data.get("reminder") else event.data["percent"]
    one = {"fact": event.id, "at": written(at or event.at), "percent": percent}
    clock.given.add(mark)
    clock.warnings.append(one | ({"reminder": mark} if event.data.get("reminder") else {}))
    wrong = clock.status != "running" or at != event.at or event.data["percent"] != percent
    at_ = written(at) if at else "never"
    return _due(clock, event) + ([f"{event.id} warns ({mark}), and that is due: {at_}"] if wrong else [])


def _breached(seen: Seen, clock: RecomputedClock, event: Event) -> list[str]:
    faults = _due(clock, event)
    if clock.rule.window:
        faults.append(f"{event.id} breaches it, and it is no duty")
    if clock.status != "running" or event.at != clock.due:
        faults.append(f"{event.id} breaches it, and it is {clock.status} until {written(clock.due)}")
    late = clock.due < (clock.moved_at or seen.opened_at)
    if event.data["late_registration"] != late:
        faults.append(f"{event.id} is wrong about a late registration")
    clock.late_registration, clock.breach = late, event
    clock.status, clock.end, clock.ended_by = "breached", event, event.name
    return faults


def _was_met(seen: Seen, clock: RecomputedClock, event: Event, expected: Expected | None) -> list[str]:
    faults, by = _due(clock, event), event.data["by_fact"]
    there = seen.opening and by in BEFORE_CLOCKS and event.at == seen.begin
    again = by == clock.met_before and event.at == clock.moved_at
    if not (again or (expected and expected.cause.name == by) or (there and by in clock.rule.met_by)):
        faults.append(f"{event.id} names {by} as its fulfilment, and that did not fulfil it")
    at = seen.received.instant("recorded_at") if there and by == "notice" else event.at
    late = clock.status == "breached"
    if not late and clock.ran_out(at):
        faults.append(f"{event.id} reports it as met, after it ran out at {written(clock.due)}")
    if late != event.data["late"] or not clock.is_open:
        faults.append(f"{event.id} is wrong about how it was met: it is {clock.status}")
    clock.go_on(event.at)
    clock.status = "met_late" if late else "met"
    clock.end, clock.ended_by, clock.met_before = event, by, ""
    return faults


def _cancelled(clock: RecomputedClock, event: Event, expected: Expected | None) -> list[str]:
    faults, why = _due(clock, event), event.data["reason"]
    if why == "window_over":
        if not clock.rule.window or clock.status != "running" or event.at != clock.due:
            faults.append(f"{event.id} ends a window, and it is {clock.status} until {written(clock.due)}")
        clock.status, clock.end, clock.ended_by = "cancelled", event, why
        return faults
    if expected is None or why not in (expected.by, expected.cause.name, expected.cause.data.get("why")):
        faults.append(f"{event.id} cancels it ({why}), and nothing asks for that")
    if clock.status == "running" and clock.ran_out(event.at):
        faults.append(f"{event.id} cancels it, after it ran out at {written(clock.due)}")
    clock.go_on(event.at)
    clock.status, clock.end, clock.ended_by = "cancelled", event, why
    return faults


def _extended(seen: Seen, clock: RecomputedClock, event: Event) -> list[str]:
    due, was = event.instant("due"), event.instant("was")
    faults = granted.extension(seen, clock, event)
    clock.extended.append((was, due))
    wrong = clock.status != "running" or was != clock.due or due <= was or clock.ran_out(event.at)
    clock.move(event, due, "extension")
    clock.extended_at, clock.extended_to, clock.provisional = event.at, due, False
    return faults + ([f"{event.id} extends what cannot be extended so"] if wrong else [])


def _moved(clock: RecomputedClock, event: Event, expected: Expected | None) -> list[str]:
    due, why = expected.due if expected else None, event.data["why"]
    if expected is None or due is None or expected.by != why:
        return [f"{event.id} moves it ({why}), and nothing asks for that"]
    said = (event.data["was"], event.data["due"], event.data["provisional"])
    unsure = clock.unsure(event.at if why == "told" else clock.since, due, expected.budget or clock.budget)
    recomputed = (written(clock.due), written(due), unsure)
    clock.move(event, due, why, expected.budget)
    clock.provisional = unsure
    if why == "told":
        clock.since, clock.given = event.at, set()
        clock.respite_at = clock.respite_to = None
    if clock.status == "met":
        clock.status, clock.met_before, clock.end = "running", clock.ended_by, None
    return [f"{event.id} has {said}, and it must be {recomputed}"] if said != recomputed else []


def _due(clock: RecomputedClock, event: Event) -> list[str]:
    """Compare the due instant, which every deadline fact repeats."""
    said, recomputed = event.data["due"], written(clock.due)
    return [f"{event.id} has the due instant {said}, and that is {recomputed}"] if said != recomputed else []
