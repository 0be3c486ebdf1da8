"""Views of one complaint: from the stream, from routing's tables, from its workflow. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

TYPE_PREFIX, TYPE_SUFFIX = "complaints.event.", ".v1"
RUNNING, PAUSED, BREACHED = "running", "paused", "breached"
ENDS = ("resolved", "withdrawn", "referred", "case_ended")
FOLLOWING_UP, CLOSED = "following_up", "closed"
LISTED = {"assigned": ("owner", "team"), "triaged": ("severity", "category")}
"""Columns by which the lists choose and sort, by the fact that sets them.

The lists also use stage, cycle and next due.
"""
TRANSFER = "transfer-"
"""Names of transfers. A transfer that was not accepted in time has returned: nothing more is due for it."""
RESPONSE = "response"
"""Item of a release that means the first response."""
OPEN = "open"
"""Running or paused: facts alone do not show whether a clock that was set during a wait may wait."""


@dataclass(frozen=True)
class Deadline:
    """Due instant and status of one clock."""

    due: datetime
    status: str


@dataclass
class StreamView:
    """Facts of one complaint. `seq` is routing's last number, `last_at` the latest instant of any of its
    facts.

    `listed` is what the lists must show of it; `callback` when the complainant is asked in this cycle.
    `released` are breached clocks that a release ended; or, by a release of the response, may have ended.
    """

    seq: int = 0
    cycle: int = 1
    last_at: datetime | None = None
    closed: bool = False
    waiting: bool = False
    following_up: bool = False
    deadlines: dict[tuple[str, int], Deadline] = field(default_factory=dict)
    listed: Json = field(default_factory=dict)
    callback: datetime | None = None
    released: set[tuple[str, int]] = field(default_factory=set)

    def next_due(self) -> set[datetime | None]:
        """Due instants that the lists may show. Once it is resolved: that of its callback, or none."""
        if self.closed or self.listed["stage"] == FOLLOWING_UP:
            return {None, self.callback}
        present = [
            (name, one)
            for (name, cycle), one in self.deadlines.items()
            if cycle == self.cycle and (name, cycle) not in self.released
        ]
        late = [one.due for name, one in present if one.status == BREACHED and not name.startswith(TRANSFER)]
        sure = [*late, *(one.due for _, one in present if one.status == RUNNING)]
        unsure = [one.due for _, one in present if one.status == OPEN]
        unsure += [one.due for key, one in self.deadlines.items() if key in self.released]
        first = min(sure, default=None)
        return {first, *(due for due in unsure if first is None or due < first)}


@dataclass(frozen=True)
class RowView:
    """Row of one complaint. `seq` is the last fact that it includes; the lists use `listed` and `next_due`.

    `facts` is the number of stored facts behind it, `last` the highest number among them, `missing_facts`
    the numbers that are gone. `missing` have a role in it and are on the roster no more, and `interested`
    have a role and are concerned by it. `missing_policies` are the hashes of its policies whose text is
    gone.
    """

    stage: str
    seq: int
    deadlines: dict[tuple[str, int], Deadline]
    facts: int
    last: int
    missing_policies: tuple[str, ...] = ()
    missing_facts: tuple[int, ...] = ()
    listed: Json = field(default_factory=dict)
    next_due: datetime | None = None
    missing: tuple[str, ...] = ()
    interested: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        return self.stage == CLOSED


@dataclass(frozen=True)
class WorkflowView:
    """Workflow of one complaint. `timers` are the instants at which its open timers will fire.

    `followed_up`: whether the follow-up of the present cycle runs; asked for only where there must be one.
    """

    running: bool
    followed_up: bool = True
    seq: int = 0
    next_due: datetime | None = None
    timers: tuple[datetime, ...] = ()


def recorded(timeline: Iterable[Json]) -> StreamView:
    """View of the facts; those of routing are taken in the order of their numbers."""
    view = StreamView()
    facts = {event["id"]: event for event in timeline}.values()
    view.closed = any(_name(event) == "closed" for event in facts)
    own = [event for event in facts if event["source"].endswith("/routing")]
    asked = {e["data"]["cycle"]: e["data"]["due"] for e in facts if _name(e) == "callback_scheduled"}
    for event in sorted(own, key=lambda event: int(event["data"]["seq"])):
        at = datetime.fromisoformat(event["time"])
        view.waiting = view.waiting and view.cycle == event["data"]["cycle"]
        again = view.cycle != event["data"]["cycle"]
        view.following_up = _name(event) in ENDS or (view.following_up and not again)
        view.seq, view.cycle = event["data"]["seq"], event["data"]["cycle"]
        view.last_at = max(view.last_at or at, at)
        _take(view, _name(event), event["data"])
    view.callback = _instant(asked.get(view.cycle))
    return view


def row(state: Json) -> RowView:
    """View of the answer to the `complaint` query."""
    newest = {(one["obligation"], one["cycle"]): one for one in state["obligations"]}
    deadlines = {key: _deadline(one["due"], one["status"]) for key, one in newest.items()}
    kept = state["kept"]
    policies, numbers = tuple(kept["missing_policies"]), tuple(kept.get("missing_facts", ()))
    return RowView(
        stage=state["stage"],
        seq=state.get("seq") or 0,
        deadlines=deadlines,
        facts=kept["facts"],
        last=kept["last"],
        missing_policies=policies,
        missing_facts=numbers,
        missing=tuple(state.get("missing", ())),
        interested=tuple(state.get("interested", ())),
        listed={name: state[name] for name in ("stage", "cycle", *sum(LISTED.values(), ()))},
        next_due=_instant(state.get("next_due")),
    )


def _take(view: StreamView, name: str, data: Json) -> None:
    own = {column: data[column] for column in LISTED.get(name, ())}
    view.listed |= {"stage": data["stage"], "cycle": data["cycle"], **own}
    if name in ("paused", "resumed"):
        view.waiting = name == "paused"
        _wait(view, data["obligations"], PAUSED if view.waiting else RUNNING)
    if name == "policy_migrated" and view.waiting:
        unsure = [one for (one, _), was in view.deadlines.items() if was.status in (RUNNING, PAUSED)]
        _wait(view, unsure, OPEN)
    if name == "resumed":
        _wait(view, [one for (one, _), was in view.deadlines.items() if was.status == OPEN], RUNNING)
    if name == "released":
        view.released |= set(_released(view, data["items"]))
    if not name.startswith("deadline_"):
        return
    key = _newest(view, data["obligation"]) if name != "deadline_set" else (data["obligation"], view.cycle)
    before = view.deadlines.get(key)
    status = before.status if before else RUNNING
    match name:
        case "deadline_set":
            status = OPEN if view.waiting else RUNNING
        case "deadline_met":
            status = "met_late" if data["late"] else "met"
        case "deadline_breached":
            status = BREACHED
        case "deadline_cancelled":
            status = "cancelled"
        case "deadline_moved" if status == "met":
            status = RUNNING  # an earlier receipt showed that it was missed
    view.deadlines[key] = _deadline(data["due"], status)


def _released(view: StreamView, items: list[str]) -> Iterator[tuple[str, int]]:
    """Breached clocks that the items release: facts do not show which of them await a response alone."""
    for (name, cycle), deadline in view.deadlines.items():
        if cycle == view.cycle and deadline.status == BREACHED and (name in items or RESPONSE in items):
            yield name, cycle


def _wait(view: StreamView, names: list[str], status: str) -> None:
    for name in names:
        key = _newest(view, name)
        if key in view.deadlines:
            view.deadlines[key] = Deadline(view.deadlines[key].due, status)


def _newest(view: StreamView, name: str) -> tuple[str, int]:
    cycles = [cycle for one, cycle in view.deadlines if one == name]
    return name, max(cycles, default=view.cycle)


def _deadline(due: str, status: str) -> Deadline:
    return Deadline(datetime.fromisoformat(due), status)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _name(event: Json) -> str:
    return str(event["type"]).removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)
