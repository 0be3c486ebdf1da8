"""Audit of facts one by one, in the order of the stream: each finding with its fact and invariant."""

from collections.abc import Iterator, MutableMapping

from services.console.audit.auditor import numbering
from services.console.audit.auditor.deadlines import deadlines
from services.console.audit.auditor.endings import after_closed, endings
from services.console.audit.auditor.kept import Found, KeptAudit
from services.console.audit.auditor.offers import offers
from services.console.audit.auditor.owners import owners
from services.console.audit.auditor.second_person import second_person
from services.console.audit.auditor.stream import Fact, Memory, read
from services.console.audit.auditor.transfers import transfers

UNREADABLE, GAP, REUSED = "unreadable", "gap", "number_reused"
BROKEN = "broken"
"""Mark of a complaint of which facts are missing: the rest is not judged."""

LEFT = ("closed", "next", "held")
"""Parts of its memory that stay of a closed complaint."""

CHECKS = (owners, offers, endings, deadlines, second_person)


class Auditor:
    """Judges facts. `limits` has the limit of transfers of each policy, by its hash.

    `whole`: the stream has every fact from the first on. If it was cut, complaints without their beginning
    are counted as `cut`, and not judged.
    """

    def __init__(
        self, kept: KeptAudit, limits: MutableMapping[str, int | None], *, whole: bool = True
    ) -> None:
        self.kept = kept
        self.limits = limits
        self.whole = whole
        self.cut = 0

    def take(self, body: bytes, place: int = 0) -> Iterator[Found]:
        """Judge a message of the stream; yields findings that are new."""
        try:
            fact = read(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield from self._new(("", f"#{place}", UNREADABLE))
            return
        memory = self.kept.of(fact.complaint_id)
        for code, about in self._judged(memory, fact, body):
            yield from self._new((fact.complaint_id, about, code))
        if "closed" in memory and "digests" in memory:
            left: Memory = {name: memory[name] for name in LEFT if name in memory}
            self.kept.forget(fact.complaint_id, left)

    def at_the_end(self) -> Iterator[Found]:
        """Facts that are still missing, after `kept.save`."""
        for complaint, memory in self.kept.waiting():
            for about in numbering.missing(complaint, memory):
                yield complaint, about, GAP

    def _new(self, found: Found) -> Iterator[Found]:
        if self.kept.add(found):
            yield found

    def _judged(self, memory: Memory, fact: Fact, body: bytes) -> Iterator[tuple[str, str]]:
        if memory.get(BROKEN):
            return
        if fact.seq < numbering.next_number(memory, fact.service):
            if numbering.is_other(memory, fact):
                yield REUSED, fact.id
            return
        if not (self.whole or memory.get("digests") or memory.get("closed") or fact.seq == 1):
            memory[BROKEN] = True
            self.cut += 1
            return
        try:
            for ready in numbering.in_order(memory, fact, body):
                for code in self._codes(memory, ready):
                    yield code, ready.id
        except numbering.MissingFact:
            memory[BROKEN] = True
            for about in numbering.missing(fact.complaint_id, memory):
                yield GAP, about
            memory["held"] = {}

    def _codes(self, memory: Memory, fact: Fact) -> Iterator[str]:
        """Codes of the invariants that this fact breaks."""
        yield from after_closed(memory.get("closed"), fact)
        if memory.get("closed"):
            return
        for check in CHECKS:
            yield from check(memory.setdefault(check.__name__, {}), fact)
        yield from transfers(memory.setdefault("transfers", {}), fact, self.limits)
        if fact.name == "closed":
            memory["closed"] = fact.at.isoformat()
