"""Status of a complaint by the facts in the stream: intake itself only knows how the complaint began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.client import Client

from services.intake.duplicates.open_items import open_in
from services.intake.losses import largest, losses_in
from shared.contract.concerned import concerned_by
from shared.contract.events import TYPE_PREFIX, ContactAdded, Promise, Signals, Triaged
from shared.contract.values import Concerned, Money, Stage
from shared.runtime.messages.interests import NAMING_TYPES
from shared.runtime.messages.timeline import read_timeline
from shared.triage.finding import together

DEADLINE = f"{TYPE_PREFIX}deadline_"
RUNS = tuple(f"{DEADLINE}{change}.v1" for change in ("set", "moved", "extended", "warned"))
"""After these a deadline runs, until the due instant that they name."""

PROMISE = "promise-"
"""Prefix of the names of clocks that watch a waiting time promised to the complainant."""

TRIAGED, CONTACT_ADDED = (f"{TYPE_PREFIX}{fact.NAME}.v1" for fact in (Triaged, ContactAdded))


@dataclass(frozen=True)
class ComplaintStatus:
    """Status of a complaint by its last fact, and the time of its clock, which may be ahead of the wall
    clock.

    `promised`: the clocks of waiting times that were promised to the complainant, each with the instant at
    which it runs out; None for a clock that has ended. Empty before routing has set them. `left_open`:
    items that a person still waits for.
    """

    now: datetime
    cycle: int = 1
    stage: Stage = Stage.RECORDED
    promised: dict[str, datetime | None] = field(default_factory=dict)
    reported: Signals = field(default_factory=Signals)
    """Signals found in its further contacts, and its safety flag: both are kept after a merge."""
    losses: list[Money] = field(default_factory=list)
    """Losses reported from the receipt on: the largest in each currency."""
    concerned: Concerned = field(default_factory=Concerned)
    """Staff and units that the complaint is about, by its facts."""
    left_open: list[str] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.stage != Stage.CLOSED

    def next_promise(self, first: Sequence[Promise]) -> datetime | None:
        """Next promise that a clock watches; before routing has clocks, the earliest of `first`."""
        due: dict[str, datetime | None] = {one.promise_id: one.by_when for one in first}
        ahead = [at for at in (due | self.promised).values() if at and at > self.now]
        return min(ahead, default=None)


async def status_of(client: Client, complaint: str, now: datetime) -> ComplaintStatus:
    """Status by the last fact of any service. A complaint without a fact has just begun."""
    facts = await read_timeline(client, complaint)
    if not facts:
        return ComplaintStatus(now)
    last = facts[-1]
    at = max(now, datetime.fromisoformat(last["time"]))
    return ComplaintStatus(
        at,
        last["data"]["cycle"],
        Stage(last["data"]["stage"]),
        promised=_promised(facts),
        reported=_reported(facts),
        losses=largest(loss for fact in facts for loss in losses_in(fact["data"])),
        concerned=_concerned(facts),
        left_open=open_in(facts),
    )


def _promised(facts: list[dict[str, Any]]) -> dict[str, datetime | None]:
    deadlines = [(f["type"], f["data"]) for f in facts if f["type"].startswith(DEADLINE)]
    return {
        data["obligation"]: datetime.fromisoformat(data["due"]) if kind in RUNS else None
        for kind, data in deadlines
        if data["obligation"].startswith(PROMISE)
    }


def _reported(facts: list[dict[str, Any]]) -> Signals:
    """Signals reported since the receipt; a flag that two people took back is not set again."""
    contacts = [f["data"].get("signals") for f in facts if f["type"] == CONTACT_ADDED]
    found = together(*(Signals.model_validate(one) for one in contacts if one))
    flags = [f["data"]["safety"] for f in facts if f["type"] == TRIAGED]
    return found.model_copy(update={"safety": flags[-1]}) if flags else found


def _concerned(facts: list[dict[str, Any]]) -> Concerned:
    """All whom these facts name."""
    found = Concerned()
    for fact in facts:
        if fact["type"] in NAMING_TYPES:
            found = found.joined(concerned_by(fact["data"]))
    return found


async def statuses_of(client: Client, complaints: Iterable[str], now: datetime) -> dict[str, ComplaintStatus]:
    """Read the statuses one after the other: there are few."""
    return {complaint: await status_of(client, complaint, now) for complaint in complaints}
