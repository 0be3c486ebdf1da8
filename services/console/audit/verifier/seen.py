"""State of the verification of one complaint: what its facts have shown so far."""

from dataclasses import dataclass
from datetime import datetime

from services.console.audit.verifier.arithmetic import Span
from services.console.audit.verifier.clock import RecomputedClock
from services.console.audit.verifier.pack import PublishedPolicy
from services.console.audit.verifier.stream import Event


@dataclass
class Wait:
    """Wait for the complainant; `end` is None while it lasts."""

    start: datetime
    end: datetime | None = None


class Seen:
    """Recomputed clocks of one complaint so far, and what decides about them."""

    def __init__(self, packs: dict[str, PublishedPolicy], events: list[Event]) -> None:
        """Begin before the first fact. `packs` by hash: the policies of all facts."""
        self.packs = packs
        first = next(event for event in events if event.service == "routing")
        self.policy = first.policy
        self.pack = packs[self.policy["hash"]]
        self.said: dict[str, datetime] = {}
        self.said_first: dict[str, datetime] = {}
        self.words: dict[tuple[str, str | None], datetime] = {}
        self.clocks: list[RecomputedClock] = []
        self.faults: list[str] = []
        self.asked: dict[str, Event] = {}
        self.agreed: list[Event] = []
        self.severity = 0
        self.cycle = 1
        self.waits: list[Wait] = []
        self.received = next(event for event in events if event.name == "received")
        self.reopened = {e.data["to_cycle"]: e for e in events if e.name == "reopened"}
        self.begin = self.began_at = self.received.at
        self.first_receipt = self.received.instant("received_at")
        self.opening = True
        self.opened_at = self.begin
        self.corrected_at: datetime | None = None

    @property
    def present(self) -> list[RecomputedClock]:
        """Clocks of this cycle."""
        return [clock for clock in self.clocks if clock.cycle == self.cycle]

    @property
    def waiting(self) -> bool:
        return bool(self.waits) and self.waits[-1].end is None

    def spans(self, now: datetime) -> list[Span]:
        """Waits so far, the present one as known at `now`."""
        return [(wait.start, wait.end or now) for wait in self.waits]

    def newest(self, name: str) -> RecomputedClock | None:
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)
