"""Certificates of a complaint's deadlines, from its recorded facts and its pinned policy. Pure.

Nothing is computed here: a certificate repeats what is stored. Others recompute whether that is right
(`amends verify`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from services.routing.rules.clock_history import KINDS
from shared.clocks.amounts import Budget
from shared.contract.events import (
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineExtended,
    DeadlineFact,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineWarned,
    Fact,
    Paused,
    Resumed,
    Triaged,
)
from shared.contract.ids import event_id
from shared.contract.queries import (
    CalendarId,
    Certificate,
    CertifiedBudget,
    CertifiedMove,
    CertifiedPause,
    CertifiedWarning,
)
from shared.contract.recorded import RecordedFact
from shared.contract.subjects import Service
from shared.contract.values import PolicyId
from shared.policy.kept import PolicyContent
from shared.policy.obligation import Obligation

NO_CAUSE = ("triaged", "assigned", "escalated", "notice")
"""Facts that may lie between a cause and the smaller clock that it starts; they start none themselves."""


NEW_BUDGET = ("severity", "policy")
"""Moves that give another budget."""

MIGRATED = "policy_migrated"


def opened_under(policy: PolicyId, facts: Iterable[RecordedFact]) -> PolicyId:
    """Policy before any migration, of a complaint that is under `policy` now."""
    first = next((one for one in facts if one.name == MIGRATED), None)
    return PolicyId.model_validate(first.data["from"]) if first else policy


def certificates(
    complaint_id: str, policy: PolicyId, contents: Mapping[str, PolicyContent], facts: Iterable[RecordedFact]
) -> list[Certificate]:
    """Certificates of every clock that the facts set, in their order, each with its digest.

    `policy` is the policy that the complaint was opened under. `contents` are, by hash, that policy's
    content and those of the policies to which it was migrated.
    """
    record = _Record(complaint_id, policy, contents)
    for recorded in facts:
        record.take(recorded)
    return [certificate.sealed() for certificate in record.made]


class _Record:
    """Certificates in the making, fact by fact."""

    def __init__(self, complaint_id: str, policy: PolicyId, contents: Mapping[str, PolicyContent]) -> None:
        self.made: list[Certificate] = []
        self._complaint_id = complaint_id
        self._contents = contents
        self._pin(policy)
        self._severity = 0
        self._cause = self._newest = "received"
        self._waiting = False
        self._cycle = 1

    def _pin(self, policy: PolicyId) -> None:
        self._policy, self._content = policy, self._contents[policy.hash]
        self._obligations = {one.id: one for one in self._content.pack.obligations}

    def take(self, recorded: RecordedFact) -> None:
        fact, id_ = recorded.fact(), event_id(self._complaint_id, Service.ROUTING, recorded.seq)
        if recorded.cycle > self._cycle:
            self._cycle, self._cause, self._waiting = recorded.cycle, "reopened", False
        if isinstance(fact, DeadlineSet):
            self.made.append(self._started(fact, id_, recorded))
        elif isinstance(fact, DeadlineFact):
            self._change(fact, id_, recorded.at)
        else:
            self._note(fact, recorded.at)
        if recorded.name == MIGRATED:
            self._migrate(PolicyId.model_validate(recorded.data["to"]), recorded.at)

    def _migrate(self, to: PolicyId, at: datetime) -> None:
        """Other terms: who may wait now, waits, if the complaint does; who may not any more, goes on."""
        self._pin(to)
        for one in self.made:
            obligation = self._obligations.get(one.obligation)
            if one.cycle != self._cycle or one.outcome != "running" or not obligation or not self._waiting:
                continue
            if not obligation.pausable:
                _go_on(one, at)
            elif all(pause.end for pause in one.pauses):
                one.pauses.append(CertifiedPause(start=at))

    def _note(self, fact: Fact, at: datetime) -> None:
        """Facts that are not about one deadline."""
        self._newest = fact.NAME
        if fact.NAME not in NO_CAUSE:
            self._cause = fact.NAME
        match fact:
            case Triaged():
                self._severity = fact.severity
            case Paused():
                self._waiting = True
                for name in fact.obligations:
                    self._of(name).pauses.append(CertifiedPause(start=at))
            case Resumed():
                self._waiting = False
                for one in self.made:
                    _go_on(one, at)

    def _started(self, fact: DeadlineSet, id_: str, recorded: RecordedFact) -> Certificate:
        obligation = self._obligations.get(fact.obligation)
        calendar = self._content.calendars[(obligation and obligation.calendar) or ""]
        waits = self._waiting and obligation is not None and obligation.pausable
        return Certificate(
            complaint_id=self._complaint_id,
            obligation=fact.obligation,
            cycle=recorded.cycle,
            regime=fact.regime,
            version=obligation.version if obligation else None,
            policy=self._policy,
            calendar=CalendarId(id=calendar.id, version=calendar.version),
            budget=_certified(self._budget(fact.obligation)),
            started_at=fact.started_at,
            started_by=self._starter(obligation, counts_from_now=fact.started_at == recorded.at),
            start_fact=id_,
            pauses=[CertifiedPause(start=recorded.at)] if waits else [],
            due=fact.due,
            provisional=fact.provisional,
            outcome="running",
        )

    def _starter(self, obligation: Obligation | None, *, counts_from_now: bool) -> str:
        """Name of the fact that started a clock: as in the pack, or the fact before it."""
        if obligation is None:
            return self._cause
        if counts_from_now and self._newest == MIGRATED:
            return MIGRATED
        return "reopened" if obligation.starts == "received" and self._cycle > 1 else obligation.starts

    def _budget(self, name: str) -> Budget | None:
        if obligation := self._obligations.get(name):
            return obligation.by_severity.get(self._severity, obligation.budget)
        kind = next((kind for start, kind in KINDS.items() if name.startswith(start)), "")
        limits = self._content.pack.limits
        return {"approval": limits.approval, "transfer": limits.transfer}.get(kind)

    def _change(self, fact: DeadlineFact, id_: str, at: datetime) -> None:
        one = self._of(fact.obligation)
        match fact:
            case DeadlineMoved() | DeadlineExtended():
                if one.outcome == "met":  # only an earlier receipt moves it still: it was missed
                    one.outcome, one.ended_at, one.ended_by, one.end_fact = "running", None, None, None
                one.moves.append(self._move(fact, id_, at))
                one.due = fact.due
                one.provisional = isinstance(fact, DeadlineMoved) and fact.provisional
            case DeadlineWarned(percent=percent, reminder=reminder):
                one.warnings.append(CertifiedWarning(fact=id_, at=at, percent=percent, reminder=reminder))
            case DeadlineBreached():
                one.outcome, one.breach_fact, one.late_registration = "breached", id_, fact.late_registration
                one.ended_at, one.ended_by, one.end_fact = at, fact.NAME, id_
            case DeadlineMet():
                _go_on(one, at)
                one.outcome = "met_late" if fact.late else "met"
                one.ended_at, one.ended_by, one.end_fact = at, fact.by_fact, id_
            case DeadlineCancelled():
                _go_on(one, at)
                one.outcome = "cancelled"
                one.ended_at, one.ended_by, one.end_fact = at, fact.reason, id_

    def _move(self, fact: DeadlineMoved | DeadlineExtended, id_: str, at: datetime) -> CertifiedMove:
        why = fact.why if isinstance(fact, DeadlineMoved) else "extension"
        budget = _certified(self._budget(fact.obligation)) if why in NEW_BUDGET else None
        return CertifiedMove(fact=id_, at=at, was=fact.was, due=fact.due, why=why, budget=budget)

    def _of(self, name: str) -> Certificate:
        """Newest clock of a name."""
        return next(one for one in reversed(self.made) if one.obligation == name)


def _go_on(one: Certificate, at: datetime) -> None:
    """End the pause of a clock."""
    for pause in one.pauses[-1:]:
        pause.end = pause.end or at


def _certified(budget: Budget | None) -> CertifiedBudget | None:
    return CertifiedBudget(clock=budget.clock.value, amount=budget.amount) if budget else None
