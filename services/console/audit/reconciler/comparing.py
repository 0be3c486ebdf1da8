"""Differences between facts, row and workflow of one complaint. Pure: each finding is a sentence."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.console.audit.reconciler.views import (
    CLOSED,
    OPEN,
    PAUSED,
    RUNNING,
    Deadline,
    RowView,
    StreamView,
    WorkflowView,
)

LENIENCY = timedelta(minutes=1)
"""Delay that a timer may have under load: it counts from when Temporal accepted the order for it."""


def findings(
    facts: StreamView | None, row: RowView | None, workflow: WorkflowView | None, now: datetime
) -> Iterator[str]:
    """Faults by which this complaint could be forgotten; `now` is the wall clock."""
    if facts is None or not facts.seq:
        yield from _without_facts(facts, row, workflow)
        return
    if row is None:
        yield "routing has no row of it, although its facts are in the stream"
    else:
        yield from _row(facts, row)
        yield from _kept(row)
    if facts.closed:
        if workflow and workflow.running:
            yield "its workflow still runs, although it was closed"
        return
    yield from _people(row) if row else ()
    yield from _overdue(facts, now)
    if workflow is None or not workflow.running:
        yield "no workflow runs for it, although it is open: its deadlines are not watched"
    else:
        yield from _workflow(facts, workflow, now)
        if facts.following_up and not workflow.followed_up:
            yield "no follow-up runs for it, although it is not closed: no callback will come"


def _people(row: RowView) -> Iterator[str]:
    """Persons with a role in the complaint who are not on the roster, or who are concerned by it."""
    for who in row.missing:
        if who == "nobody":
            yield "no person is left for a role in it: add a person to the policy who is not concerned"
        else:
            yield f"{who} has a role in it, and is not on the roster any more"
    for who in row.interested:
        yield f"{who} has a role in it, and is concerned"


def _without_facts(
    facts: StreamView | None, row: RowView | None, workflow: WorkflowView | None
) -> Iterator[str]:
    if row:
        yield "routing has a row for it, and the stream has no fact of routing about it"
    if workflow and workflow.running:
        yield "a workflow runs for it, and the stream has no fact of routing about it"
    if facts is not None and not row and not workflow:
        yield "it was received, and routing never opened a case for it"


def _row(facts: StreamView, row: RowView) -> Iterator[str]:
    if row.seq < facts.seq:
        yield f"its row includes fact {row.seq} of routing, and the stream has {facts.seq}"
    elif row.seq > facts.seq:
        yield f"its row includes fact {row.seq} of routing, and the stream ends with {facts.seq}"
    if row.closed != facts.closed:
        stream = "was closed" if facts.closed else "is open"
        yield f"its row has the stage {row.stage}, and by its facts it {stream}"
    else:
        yield from _listed(facts, row)
    for key in sorted(facts.deadlines.keys() | row.deadlines.keys()):
        ours, theirs = facts.deadlines.get(key), row.deadlines.get(key)
        if not _agree(ours, theirs):
            name = f"{key[0]} #{key[1]}"
            yield f"{name}: by its facts it is {_shown(ours)}, by its row {_shown(theirs)}"


def _listed(facts: StreamView, row: RowView) -> Iterator[str]:
    """Differences in the columns by which people find a complaint in the lists: owner, stage, next due."""
    closed = {"stage": CLOSED} if facts.closed else {}
    for name, ours in (facts.listed | closed).items():
        if row.listed[name] != ours:
            yield f"the lists show {name} {row.listed[name]}, and by its facts it is {ours}"
    due = facts.next_due()
    if row.next_due not in due:
        known = " or ".join(sorted(one.isoformat() if one else "nothing" for one in due))
        said = row.next_due.isoformat() if row.next_due else "nothing"
        yield f"the lists show {said} as due next, and by its facts it is {known}"


def _kept(row: RowView) -> Iterator[str]:
    """Missing facts and policies: a case is rebuilt from them, and its certificates rest on them."""
    if (row.facts, row.last) != (row.seq, row.seq):
        there = f"{row.facts} stored facts, the last is {row.last}"
        without = f": without {', '.join(map(str, row.missing_facts))}" if row.missing_facts else ""
        yield f"routing has {there}, and its row includes {row.seq}{without}"
    for one in row.missing_policies:
        yield f"the text of policy {one}, which it was under, is not stored"


def _overdue(facts: StreamView, now: datetime) -> Iterator[str]:
    """Deadlines that run and are past due: no fact reports that they ran out."""
    past = max(now - LENIENCY, facts.last_at or now - LENIENCY)
    for (name, _), deadline in facts.deadlines.items():
        if deadline.status == RUNNING and deadline.due < past:
            yield f"{name} ran out at {deadline.due.isoformat()}, and no fact records it"


def _workflow(facts: StreamView, workflow: WorkflowView, now: datetime) -> Iterator[str]:
    if workflow.seq != facts.seq:
        yield f"its workflow has published {workflow.seq} facts, and the stream has {facts.seq}"
    present = {key: one for key, one in facts.deadlines.items() if key[1] == facts.cycle}
    running = {key: one.due for key, one in present.items() if one.status == RUNNING}
    first = min(running, key=lambda key: running[key], default=None)
    if first and (workflow.next_due is None or workflow.next_due > running[first]):
        later = workflow.next_due.isoformat() if workflow.next_due else "nothing"
        yield f"{first[0]} runs out at {running[first].isoformat()}, and its workflow waits for {later}"
    waits = workflow.next_due or (running[first] if first else None)
    if waits is None and any(one.status == PAUSED for one in present.values()):
        yield "it waits for the complainant, and its workflow does not wait for the end of that"
    if waits and not any(timer <= waits + LENIENCY for timer in workflow.timers):
        yield f"its workflow has no timer that rings by {waits.isoformat()}"
    elif workflow.timers and min(workflow.timers) < now - LENIENCY:
        yield f"its workflow's timer was to ring at {min(workflow.timers).isoformat()}, and did not"


def _agree(ours: Deadline | None, theirs: Deadline | None) -> bool:
    if ours and theirs and ours.status == OPEN:
        return ours.due == theirs.due and theirs.status in (RUNNING, PAUSED)
    return ours == theirs


def _shown(deadline: Deadline | None) -> str:
    return f"{deadline.status}, due {deadline.due.isoformat()}" if deadline else "not there"
