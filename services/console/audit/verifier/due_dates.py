"""Recompute due dates: read the facts of a complaint in order and compute their effect on its clocks.

A fact can require deadline facts for the clocks that it starts, meets, moves or ends: these are expected. An
expected fact that does not come, and a deadline fact that was not expected, are faults. Warnings and breaches
follow from each clock and the time. They must come before every fact with a later date.
"""

from datetime import datetime

from services.console.audit.verifier import applying, consequences, open_items
from services.console.audit.verifier import granted as given
from services.console.audit.verifier.arithmetic import provisional
from services.console.audit.verifier.clock import RecomputedClock, written
from services.console.audit.verifier.expected import Expected
from services.console.audit.verifier.pack import PublishedPolicy
from services.console.audit.verifier.seen import Seen, Wait
from services.console.audit.verifier.stream import Event

OPENING = ("triaged", "assigned", "queued", "escalated", "notice")
"""Facts that may be published while a cycle opens, beside deadlines."""
SYSTEM = "amends"


class DueDates(Seen):
    """Expected clocks of one complaint. `faults` are those that belong to no single clock."""

    def __init__(
        self, packs: dict[str, PublishedPolicy], events: list[Event], now: datetime | None = None
    ) -> None:
        """Recompute. `packs` by hash: the policies of all facts. With `now`, also check what is overdue."""
        super().__init__(packs, events)
        self._expected: list[Expected] = []
        for event in events:
            if event.service == "routing":
                self._take(event)
        self.faults += open_items.dropped(events)
        self._collect(final=True)
        if now:
            self._time_passed(now, "and it is past")
        for clock in self.clocks:
            if clock.met_before:
                clock.faults.append(
                    f"it was met by {clock.met_before} before, and that is not published again"
                )

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
        self._expected += consequences.of(self, event)

    def _opens(self, event: Event) -> bool:
        return event.name in OPENING and event.actor == SYSTEM

    def _open(self, event: Event) -> None:
        """Handle the first fact of a cycle."""
        self._collect(final=True)
        self.cycle, self.begin, self.opening = event.cycle, event.at, True
        self.said, self.said_first, self.words, self.began_at = {}, {}, {}, event.at
        if event.seq == 1:
            self.opened_at, self.began_at = event.at, self.received.instant("received_at")
        elif event.cycle in self.reopened:
            self.began_at = self.reopened[event.cycle].at

    def _collect(self, *, final: bool) -> None:
        """Report expected facts that have not come. While a cycle opens, other facts may come between."""
        if not final:
            return
        for one in self._expected:
            text = f"{one.cause.id} ({one.cause.name}) asks for a {one.kind} that is not in the stream"
            self._blame(one.name, text)
        self._expected = []

    def _blame(self, name: str, fault: str) -> None:
        clock = self.newest(name)
        if clock:
            clock.faults.append(fault)
        else:
            self.faults.append(f"{name}: {fault}")

    def _time_passed(self, now: datetime, where: str) -> None:
        """Report deadlines and warnings that were due by now without being published."""
        about_to_move = {one.name for one in self._expected if one.kind == "deadline_moved"}
        for clock in self.present:
            if clock.status != "running" or clock.name in about_to_move:
                continue
            if max(clock.due, clock.moved_at or clock.due) < now:
                clock.faults.append(f"it ran out at {written(clock.due)}, {where}")
                clock.status = "breached"
                continue
            for mark, at in clock.marks(self.spans(clock.due), self.opened_at, self.corrected_at).items():
                if at < now and at < clock.due:
                    clock.faults.append(f"a warning ({mark}) was due at {written(at)}, {where}")
                    clock.given.add(mark)

    def _note(self, event: Event) -> None:
        """Note the facts that are not about one deadline."""
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
            self.corrected_at = event.at
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
        """Compare the clocks that a fact stopped or released with those that it could."""
        for name in names ^ set(event.data["obligations"]):
            self._blame(name, f"{event.id} ({event.name}) is wrong about this clock")

    # --- deadlines --------------------------------------------------------------------------------

    def _deadline(self, event: Event) -> None:
        name = event.data["obligation"]
        expected = next((one for one in self._expected if (one.kind, one.name) == (event.name, name)), None)
        if expected:
            self._expected.remove(expected)
        if event.name == "deadline_set":
            self._set(event, expected)
            return
        clock = self.newest(name)
        if clock is None:
            self.faults.append(f"{event.id} ({event.name}) is about {name}, which was never started")
            return
        clock.faults += applying.apply(self, clock, event, expected)

    def _set(self, event: Event, expected: Expected | None) -> None:
        name = event.data["obligation"]
        rule = self.pack.rule(name)
        if rule is None or expected is None or expected.started_at is None or expected.due is None:
            self.faults.append(f"{event.id} sets {name}, which no fact and no rule asks for")
            return
        budget = rule.budget_at(self.severity)
        unsure = bool(budget) and provisional(
            expected.started_at, expected.due, budget["clock"] if budget else "", rule.days
        )
        clock = RecomputedClock(
            name=name,
            rule=rule,
            cycle=self.cycle,
            start=event,
            started_at=expected.started_at,
            since=expected.started_at,
            started_by=expected.by,
            first_rule=rule,
            first_budget=budget,
            policy=self.policy,
            budget=budget,
            due=expected.due,
            provisional=unsure,
        )
        before = self.newest(name) if rule.through else None
        if before:
            clock.goes_on_from(before)
        self.clocks.append(clock)
        if self.waiting and rule.pausable:
            clock.status, clock.stood = "paused", [[event.at, None]]
        said = (event.data["regime"], event.data["started_at"], event.data["due"], event.data["provisional"])
        recomputed = (rule.regime, written(clock.started_at), written(clock.due), unsure)
        if said != recomputed:
            clock.faults.append(f"{event.id} says {said}, and it must be {recomputed}")
