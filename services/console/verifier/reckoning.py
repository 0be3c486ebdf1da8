"""Going through the facts of a complaint in their order, reckoning what each had to mean to its clocks.

A fact is followed by those that it asks for: the clocks that it starts, meets, moves or ends are `owed`, and
what is owed and never comes, or comes and was not owed, is a fault. What time does (warnings, breaches) is
reckoned from each clock itself, and must stand before any fact that is dated later.
"""

from dataclasses import dataclass
from datetime import datetime

from services.console.verifier import applying, consequences, leaving
from services.console.verifier import granted as given
from services.console.verifier.arithmetic import Span, provisional
from services.console.verifier.clock import Clock, written
from services.console.verifier.owed import Owed
from services.console.verifier.pack import Pack
from services.console.verifier.stream import Event

OPENING = ("triaged", "assigned", "escalated", "notice")
"""What is said while a cycle opens, beside deadlines."""
SYSTEM = "amends"


@dataclass
class Wait:
    """A wait for the complainant; `end` is None while it lasts."""

    start: datetime
    end: datetime | None = None


class Reckoning:
    """The clocks of one complaint, as they had to be. `faults` are those that no clock is to blame for."""

    def __init__(self, packs: dict[str, Pack], events: list[Event], now: datetime | None = None) -> None:
        """`packs` by hash: every one that a fact was said under."""
        self.packs = packs
        first = next(event for event in events if event.service == "routing")
        self.policy = first.policy
        self.pack = packs[self.policy["hash"]]
        self.said: dict[str, datetime] = {}
        self.said_first: dict[str, datetime] = {}
        self.words: dict[tuple[str, str | None], datetime] = {}
        self.clocks: list[Clock] = []
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
        self._owed: list[Owed] = []
        self.opened_at = self.begin
        for event in events:
            if event.service == "routing":
                self._take(event)
        self.faults += leaving.dropped(events)
        self._collect(final=True)
        if now:
            self._time_passed(now, "and it is past")
        for clock in self.clocks:
            if clock.met_before:
                clock.faults.append(f"it was met by {clock.met_before} before, and that is not said again")

    # --- looking ----------------------------------------------------------------------------------

    @property
    def present(self) -> list[Clock]:
        """The clocks of this cycle."""
        return [clock for clock in self.clocks if clock.cycle == self.cycle]

    @property
    def waiting(self) -> bool:
        return bool(self.waits) and self.waits[-1].end is None

    def spans(self, now: datetime) -> list[Span]:
        """The waits so far, the present one as known at `now`."""
        return [(wait.start, wait.end or now) for wait in self.waits]

    def newest(self, name: str) -> Clock | None:
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)

    # --- going through ----------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        if event.cycle > self.cycle or event.seq == 1:
            self._open(event)
        own = event.name.startswith("deadline_")
        if self.opening and (event.at > self.begin or not (own or self._opens(event))):
            self.opening = False
            self._collect(final=True)
        if not self.opening:
            self._time_passed(event.at, f"unsaid before {event.id}")
        if own:
            self._deadline(event)
            return
        self._collect(final=not self.opening)
        self._note(event)
        self._owed += consequences.of(self, event)

    def _opens(self, event: Event) -> bool:
        return event.name in OPENING and event.actor == SYSTEM

    def _open(self, event: Event) -> None:
        """The first fact of a cycle."""
        self._collect(final=True)
        self.cycle, self.begin, self.opening = event.cycle, event.at, True
        self.said, self.said_first, self.words, self.began_at = {}, {}, {}, event.at
        if event.seq == 1:
            self.opened_at, self.began_at = event.at, self.received.instant("received_at")
        elif event.cycle in self.reopened:
            self.began_at = self.reopened[event.cycle].at

    def _collect(self, *, final: bool) -> None:
        """What was owed must have come by now. While a cycle opens, other facts may come between."""
        if not final:
            return
        for one in self._owed:
            text = f"{one.cause.id} ({one.cause.name}) asks for a {one.kind} that is not in the stream"
            self._blame(one.name, text)
        self._owed = []

    def _blame(self, name: str, fault: str) -> None:
        clock = self.newest(name)
        if clock:
            clock.faults.append(fault)
        else:
            self.faults.append(f"{name}: {fault}")

    def _time_passed(self, now: datetime, where: str) -> None:
        """Nothing may have run out, or be worth a warning, by now without being said."""
        about_to_move = {one.name for one in self._owed if one.kind == "deadline_moved"}
        for clock in self.present:
            if clock.status != "running" or clock.name in about_to_move:
                continue
            if max(clock.due, clock.moved_at or clock.due) < now:
                clock.faults.append(f"it ran out at {written(clock.due)}, {where}")
                clock.status = "breached"
                continue
            for mark, at in clock.marks(self.spans(clock.due), self.opened_at).items():
                if at < now and at < clock.due:
                    clock.faults.append(f"a warning ({mark}) was due at {written(at)}, {where}")
                    clock.given.add(mark)

    def _note(self, event: Event) -> None:
        """What is not about one deadline."""
        self.said_first.setdefault(event.name, event.at)
        self.said[event.name] = self.words[event.name, event.data.get("template")] = event.at
        if event.name == "triaged":
            self.severity = event.data["severity"]
        elif event.name == "paused":
            stopped = [clock for clock in self.present if clock.rule.pausable and clock.status == "running"]
            self._agree(event, {clock.name for clock in stopped})
            self.faults += given.wait(self, event, stopped)
            self.waits.append(Wait(event.at))
            for clock in stopped:
                clock.status = "paused"
                clock.stood.append([event.at, None])
        elif event.name == "approval_requested":
            self.asked[event.data["request_id"]] = event
        elif event.name == "approval_given" and event.data["approved"]:
            self.agreed += [self.asked[event.data["request_id"]]]
        elif event.name == "resumed":
            self._resume(event)
        elif event.name == "receipt_corrected" and self.cycle == 1:
            self.began_at = self.first_receipt = event.instant("received_at")
        elif event.name == "policy_migrated":
            self.policy = event.data["to"]
            self.pack = self.packs[self.policy["hash"]]
        if event.policy != self.policy:
            self.faults.append(f"{event.id} is under another policy")

    def _resume(self, event: Event) -> None:
        if self.waiting:
            self.waits[-1].end = event.at
        stopped = [clock for clock in self.present if clock.status == "paused"]
        self._agree(event, {clock.name for clock in stopped})
        for clock in stopped:
            clock.status = "running"
            clock.go_on(event.at)

    def _agree(self, event: Event, names: set[str]) -> None:
        """The clocks that a fact says it stopped or let go must be those that it could."""
        for name in names ^ set(event.data["obligations"]):
            self._blame(name, f"{event.id} ({event.name}) is wrong about this clock")

    # --- deadlines --------------------------------------------------------------------------------

    def _deadline(self, event: Event) -> None:
        name = event.data["obligation"]
        owed = next((one for one in self._owed if (one.kind, one.name) == (event.name, name)), None)
        if owed:
            self._owed.remove(owed)
        if event.name == "deadline_set":
            self._set(event, owed)
            return
        clock = self.newest(name)
        if clock is None:
            self.faults.append(f"{event.id} ({event.name}) is about {name}, which was never started")
            return
        clock.faults += applying.apply(self, clock, event, owed)

    def _set(self, event: Event, owed: Owed | None) -> None:
        name = event.data["obligation"]
        rule = self.pack.rule(name)
        if rule is None or owed is None or owed.started_at is None or owed.due is None:
            self.faults.append(f"{event.id} sets {name}, which no fact and no rule asks for")
            return
        budget = rule.budget_at(self.severity)
        unsure = bool(budget) and provisional(
            owed.started_at, owed.due, budget["clock"] if budget else "", rule.days
        )
        clock = Clock(
            name=name,
            rule=rule,
            cycle=self.cycle,
            start=event,
            started_at=owed.started_at,
            since=owed.started_at,
            started_by=owed.by,
            first_rule=rule,
            first_budget=budget,
            policy=self.policy,
            budget=budget,
            due=owed.due,
            provisional=unsure,
        )
        before = self.newest(name) if rule.through else None
        if before:
            clock.goes_on_from(before)
        self.clocks.append(clock)
        if self.waiting and rule.pausable:
            clock.status, clock.stood = "paused", [[event.at, None]]
        said = (event.data["regime"], event.data["started_at"], event.data["due"], event.data["provisional"])
        reckoned = (rule.regime, written(clock.started_at), written(clock.due), unsure)
        if said != reckoned:
            clock.faults.append(f"{event.id} says {said}, and it must be {reckoned}")
