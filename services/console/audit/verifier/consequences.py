"""Deadline facts that a fact asks for, and whether a deadline fact is an expected fact."""

from collections.abc import Iterator
from datetime import datetime

from services.console.audit.verifier import arithmetic, migration
from services.console.audit.verifier.clock import RecomputedClock
from services.console.audit.verifier.expected import Expected, start
from services.console.audit.verifier.seen import Seen
from services.console.audit.verifier.stream import Event

ENDS = ("resolved", "withdrawn", "referred", "case_ended")
PASSED = ("transfer", "hand_over")
SAME = {"action_completed": "action_id", "apology_given": "apology_id",
        "mediation_finished": "mediation_id", "approval_given": "request_id", "task_done": "task_id",
        "feedback_acknowledged": "feedback_id", "task_signed": "task_id",
        "stakeholder_informed": "party"}  # fmt: skip


def of(seen: Seen, event: Event) -> list[Expected]:
    """Deadline facts that a fact about another subject asks for; `seen` already includes that fact."""
    found = [*_met(seen, event), *_ended(seen, event), *_notified(seen, event), *_started(seen, event)]
    found += _smaller(seen, event)
    if event.name == "triaged":
        found += _graver(seen, event)
    if event.name == "resumed":
        found += _resumed(seen, event)
    if event.name == "receipt_corrected":
        found += _corrected(seen, event)
    if event.name == "policy_migrated":
        found += migration.of(seen, event)
    if event.name == "assigned" and event.data["why"] in ("triage", "reopening"):
        found += _opening(seen, event)
    return found


def _met(seen: Seen, event: Event) -> Iterator[Expected]:
    for clock in seen.present:
        if clock.is_open and event.name in clock.rule.met_by and _same(clock, event):
            yield Expected("deadline_met", clock.name, event)


def _same(clock: RecomputedClock, event: Event) -> bool:
    if event.name in SAME and clock.rule.kind.endswith("-"):
        name = str(event.data[SAME[event.name]])
        expected = name.replace("task-", "signature-") if event.name == "task_signed" else name
        expected = f"inform-{name}" if event.name == "stakeholder_informed" else expected
        return clock.name == expected and not event.data.get("waiting")
    if clock.rule.kind == "transfer-":
        return event.data.get("why") in PASSED and clock.status == "running"
    return True


def _ended(seen: Seen, event: Event) -> Iterator[Expected]:
    for clock in seen.present:
        over = event.name in ENDS and event.name not in clock.rule.met_by
        if (over and clock.status in ("running", "paused")) or _returned(clock, event):
            yield Expected("deadline_cancelled", clock.name, event)
    if event.name == "apology_due":
        for clock in seen.present:
            if clock.rule.kind == "apology-" and clock.status in ("running", "paused"):
                yield Expected("deadline_cancelled", clock.name, event, by="liability")
    if event.name == "released":
        by = "released_by_customer" if event.data["by"] == "customer" else "released"
        for clock in seen.present:
            response = "response" in event.data["items"] and clock.rule.met_by == ("responded",)
            item = clock.name.replace("signature-", "task-")
            if clock.status in ("running", "paused") and (response or item in event.data["items"]):
                yield Expected("deadline_cancelled", clock.name, event, by=by)


def _over(seen: Seen) -> bool:
    """Whether the complaint has left routing in this cycle: no later fact starts a clock any more."""
    return any(end in seen.said for end in ENDS)


def _started(seen: Seen, event: Event) -> Iterator[Expected]:
    if event.stage in ("following_up", "closed"):  # no person handles it, so nothing can be due
        return
    going_on = {c.name for c in seen.present if c.is_open and event.name not in c.rule.met_by}
    for name, rule in seen.pack.rules.items():
        if rule.starts != event.name or name in going_on:
            continue
        if rule.through:
            yield from _through(seen, name, event, event.name)
        else:
            yield start(seen, name, event, event.at, event.name)


def _through(seen: Seen, name: str, event: Event, by: str) -> Iterator[Expected]:
    """Clock of the first receipt: it goes on if it was not over; if it never ran, it gets its whole time."""
    before = seen.newest(name)
    if before is None:
        first = start(seen, name, event, seen.first_receipt, by)
        late = first.due is None or first.due <= event.at
        yield start(seen, name, event, event.at, by) if late else first
    elif before.due > event.at:
        yield Expected("deadline_set", name, event, before.due, before.since, by)


def _opening(seen: Seen, event: Event) -> Iterator[Expected]:
    """Clocks that every complaint has, and in the first cycle the promises of the acknowledgement."""
    first = event.cycle == 1
    by = "received" if first else "reopened"
    for name, rule in seen.pack.rules.items():
        if rule.starts != "received" or not (first or "notice" not in rule.met_by):
            continue
        if rule.through and not first:
            yield from _through(seen, name, event, by)
        else:
            yield start(seen, name, event, seen.began_at, by)
    for promise in seen.received.data.get("promises", []) if first else []:
        until = max(datetime.fromisoformat(promise["by_when"]), event.at)
        yield Expected("deadline_set", promise["promise_id"], event, until, event.at, by)


def _smaller(seen: Seen, event: Event) -> Iterator[Expected]:
    """Promises, agreed actions, approvals, transfers and tasks."""
    said = event.data
    promised = {"responded": "promise_by", "changed": "due"}.get(event.name)
    if promised and said.get(promised):
        number = sum(clock.rule.kind == "promise-" for clock in seen.clocks) + 1
        due = max(event.instant(promised), event.at)
        yield Expected("deadline_set", f"promise-{number}", event, due, event.at, event.name)
    elif event.name == "agreed":
        for action in said["actions"]:
            due = datetime.fromisoformat(action["due"])
            yield Expected("deadline_set", action["action_id"], event, due, event.at, event.name)
    elif (event.name == "apology_due" and said.get("due")) or (
        event.name == "mediator_named" and not said.get("previous")
    ):
        name = said["apology_id" if event.name == "apology_due" else "mediation_id"]
        yield Expected("deadline_set", name, event, event.instant("due"), event.at, event.name)
    elif event.name == "carried_over":
        for one in [*said["actions"], *(task for task in said["tasks"] if task.get("due"))]:
            due = max(datetime.fromisoformat(one["due"]), event.at)
            name = one.get("action_id") or one["task_id"]
            yield Expected("deadline_set", name, event, due, event.at, event.name)
    elif event.name == "stakeholder_added":
        yield Expected(
            "deadline_set", f"inform-{said['party']}", event, event.instant("due"), event.at, event.name
        )
    elif event.name == "task_done" and said.get("sign_by"):
        name = said["task_id"].replace("task-", "signature-")
        yield Expected("deadline_set", name, event, event.instant("sign_by"), event.at, event.name)
    elif event.name in ("task_opened", "task_signed", "feedback_raised") and said.get("due"):
        name = said["feedback_id" if event.name == "feedback_raised" else "task_id"]
        yield Expected("deadline_set", name, event, event.instant("due"), event.at, event.name)
    elif event.name in ("approval_requested", "transferred", "handed_over"):
        name = said["request_id" if event.name == "approval_requested" else "transfer_id"]
        yield start(seen, name, event, event.at, event.name)


def _graver(seen: Seen, event: Event) -> Iterator[Expected]:
    """Another severity gives other budgets; what was extended keeps its instant."""
    for clock in seen.present:
        budget = clock.rule.budget_at(seen.severity)
        if clock.status not in ("running", "paused") or clock.named or budget == clock.budget:
            continue
        due = clock.due_at(budget, seen.spans(event.at), event.at)
        yield Expected("deadline_moved", clock.name, event, due, by="severity", budget=budget)


def _resumed(seen: Seen, event: Event) -> Iterator[Expected]:
    """Later due instants of the clocks that were paused, if the wait took any of their time."""
    for clock in seen.present:
        if clock.status == "running" and clock.stood and clock.stood[-1][1] == event.at:
            due = clock.due_at(clock.budget, seen.spans(event.at), event.at)
            if due != clock.due:
                yield Expected("deadline_moved", clock.name, event, due, by="pause")


def _returned(clock: RecomputedClock, event: Event) -> bool:
    """Whether a transfer ended unaccepted: another person became the owner, or it was sent back early."""
    if clock.rule.kind != "transfer-" or clock.status != "running":
        return False
    sent_back = event.name == "transfer_returned" and event.data["transfer_id"] == clock.name
    return sent_back or (event.name == "assigned" and event.data["why"] not in PASSED)


def _notified(seen: Seen, event: Event) -> Iterator[Expected]:
    """Silence limits: each message to the complainant sets them anew, until the last message is sent."""
    if "final_decision" in seen.said or _over(seen):
        return
    for clock in seen.present:
        if not clock.is_open or not clock.rule.set_anew_by(event.name, event.data.get("template")):
            continue
        if clock.status == "breached":
            yield Expected("deadline_met", clock.name, event)
            if clock.name in seen.pack.rules:
                yield start(seen, clock.name, event, event.at, clock.rule.starts)
        elif clock.budget:
            due = arithmetic.due(event.at, clock.budget, clock.rule.days, [])
            if due != clock.due:
                yield Expected("deadline_moved", clock.name, event, due, by="told")


def _corrected(seen: Seen, event: Event) -> Iterator[Expected]:
    """Clocks of a corrected receipt: those that count from the receipt, and were not breached, count anew."""
    recorded_at = seen.received.instant("recorded_at")
    for clock in seen.clocks if seen.cycle == 1 else []:
        if clock.rule.starts != "received" or clock.status not in ("running", "paused", "met"):
            continue
        if clock.since != event.instant("was"):  # a later word or a migration is what it counts from
            continue
        clock.since = event.instant("received_at")
        due = clock.due_now(clock.budget, seen.spans(event.at))
        met_at = recorded_at if clock.ended_by == "notice" or clock.end is None else clock.end.at
        if due != clock.due and (clock.status != "met" or due <= met_at):
            yield Expected("deadline_moved", clock.name, event, due, by="receipt_corrected")
