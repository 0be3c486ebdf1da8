"""Intake's records: a whole batch of complaints with their texts and facts in one transaction."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, insert, select, update

from services.intake.grumbles.admitting import Admitted, Grumbles
from services.intake.grumbles.rules import FOR_GOOD
from services.intake.grumbles.steps import GrumbleSteps
from services.intake.ledger import last_unsaid, note_said, unsaid
from services.intake.matters.candidates import Candidates, hold, look_up, order_hash
from services.intake.matters.joining import Joining, merged_alias
from services.intake.matters.sorting import Sorting
from services.intake.registration import Registration
from services.intake.standing import Standing
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.outgoing import Outgoing, packed, unpacked
from shared.runtime.log import logger
from shared.runtime.storage.database import Database
from shared.runtime.texts.keeping import Texts

log = logger("store")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands on record: the first facts ever decided for this complaint.

    `fresh`: they were decided just now, so nobody has said them yet. `published`: all were said. Of
    what joined another complaint, `facts` are those of that one, too; `entry` is their place in its ledger.
    """

    complaint_id: str
    facts: list[Outgoing]
    fresh: bool
    published: bool
    entry: tuple[str, int] | None = None


Standings = Callable[[Iterable[str]], Awaitable[Mapping[str, Standing]]]
"""Where complaints stand, by the stream: it is asked outside of any transaction."""


@dataclass
class Batch:
    """Submissions on their way through one transaction; None where one has to wait for `wanted`."""

    registrations: list[Registration]
    standings: Mapping[str, Standing]
    outcomes: list[Recorded | None] = field(default_factory=list)
    wanted: set[str] = field(default_factory=set)


class Store:
    """The tables of complaints and grumbles, and the texts that go with them."""

    def __init__(
        self, database: Database, texts: Texts, grumbles: Grumbles, joining: Joining, standings: Standings
    ) -> None:
        self.database = database
        self.texts = texts
        self.grumbles = grumbles
        self.steps = GrumbleSteps(grumbles)
        self.joining = joining
        self.standings = standings
        self._said: list[Recorded] = []

    async def record(self, registrations: list[Registration]) -> list[Recorded]:
        """Put a batch on record, each source and id once; returns what stands there now.

        Two processes that record the same complaint at the same time collide on its key, which raises
        `IntegrityError` and writes nothing; tried again, the later one finds what the first wrote.

        What may be about the matter of another complaint waits until that one's standing is read, and what a
        customer sends beside a grumble until the one before is on record, as what asks for its promotion
        does; the last look, and the decision, are in the transaction that writes.
        """
        recorded: dict[int, Recorded] = {}
        standings: dict[str, Standing] = {}
        left, begun = list(range(len(registrations))), False
        while left or (self._said and not begun):
            begun = True
            batch = Batch([registrations[place] for place in left], standings)
            await self._write(batch)
            recorded |= {left[place]: one for place, one in enumerate(batch.outcomes) if one}
            left = [place for place in left if place not in recorded]
            if batch.wanted:
                standings |= await self.standings(sorted(batch.wanted))
        return [recorded[place] for place in range(len(registrations))]

    async def _write(self, batch: Batch) -> None:
        said, self._said = self._said, []
        try:
            await self.database.write(lambda session: self._record(session, batch, said))
        except BaseException:
            self._said.extend(said)
            raise

    async def known(self, complaints: Sequence[str]) -> set[str]:
        """Those of them that are on record."""
        known = select(ComplaintRow.complaint_id).where(col(ComplaintRow.complaint_id).in_(complaints))
        return set(await self.database.read(lambda session: session.exec(known).all()))

    def said(self, recorded: Iterable[Recorded]) -> None:
        """Remember that all facts of these were published; written with the next batch.

        Losing this note in a crash loses nothing: then the stream is asked before anything is said again.
        """
        self._said.extend(recorded)

    async def flush(self) -> None:
        """Write what `said` remembers."""
        await self.record([])

    def _record(self, session: Session, batch: Batch, said: Sequence[Recorded]) -> None:
        registrations = batch.registrations
        if registrations:
            hold(session, (one.customer_ref for one in registrations))
        _note_said(session, said)
        known = _known(session, [one.complaint_id for one in registrations])
        fresh: dict[str, Registration] = {}
        for one in registrations:
            if one.complaint_id not in known:
                fresh.setdefault(one.complaint_id, one)
        if fresh:
            known |= self._decide(session, list(fresh.values()), batch)
        if put := [one for one in fresh if one in known]:
            log.info("recorded", complaint_ids=put)
        again = [one for one in registrations if fresh.get(one.complaint_id) is not one]
        asking = self._asking(session, again)
        outcomes = [
            _outcome(one, fresh.get(one.complaint_id), known.get(one.complaint_id)) for one in registrations
        ]
        batch.outcomes = [
            self._complained(session, one, batch, stands)
            if stands and one.complaint_id in asking and one.answer_by is None
            else stands
            for one, stands in zip(registrations, outcomes, strict=True)
        ]

    def _asking(self, session: Session, again: Sequence[Registration]) -> set[str]:
        """Grumbles that are grumbles still, under whose source and id there comes a complaint now."""
        named = [one.complaint_id for one in again if one.answer_by is None]
        if not named:
            return set()
        still = select(GrumbleRow.complaint_id).where(
            col(GrumbleRow.complaint_id).in_(named), col(GrumbleRow.standing).not_in(FOR_GOOD)
        )
        return set(session.exec(still).all())

    def _complained(
        self, session: Session, one: Registration, batch: Batch, before: Recorded
    ) -> Recorded | None:
        """The grumble is promoted, once; that is for the next look, where its standing is not read yet."""
        at = batch.standings.get(one.complaint_id)
        if at is None:
            batch.wanted.add(one.complaint_id)
            return None
        entry = self.steps.complained(session, one, at)
        if entry is None:
            return before
        place = (entry.complaint_id, entry.seq)
        return Recorded(one.complaint_id, entry.unsaid, fresh=not entry.again, published=False, entry=place)

    def _decide(self, session: Session, fresh: list[Registration], batch: Batch) -> dict[str, Recorded]:
        """New complaints and grumbles, further contacts of others, and those that have to wait for others."""
        found = look_up(session, self.texts, [one.matter for one in fresh], self.joining.rules)
        sorted_out = Sorting(found, batch.standings)
        for one in fresh:
            sorted_out.take(one)
        batch.wanted |= sorted_out.wanted
        new = [self._with_grumbles(session, one, found) for one in sorted_out.new]
        if new:
            self._insert(session, [one.registration for one in new], [one.facts for one in new])
        recorded = {
            before.complaint_id: Recorded(before.complaint_id, one.facts, one.registration is before, False)
            for before, one in zip(sorted_out.new, new, strict=True)
        }
        for one, into in sorted_out.joining:
            recorded[one.complaint_id] = self._join(session, one, into, sorted_out)
        for one in sorted(sorted_out.grumbles, key=_customer):
            recorded[one.complaint_id] = self._admit(session, one)
        return recorded

    def _with_grumbles(self, session: Session, one: Registration, found: Candidates) -> Admitted:
        about = found.grumbles_about(one.matter)
        return self.grumbles.take_along(session, one, about) if about else Admitted(one, one.facts)

    def _join(self, session: Session, one: Registration, into: str, found: Sorting) -> Recorded:
        standing = found.standings[into]
        alias = merged_alias(one, into, standing.now)
        row = _row(alias, alias.facts) | {"merged_into": into}
        session.connection().execute(insert(ComplaintRow), [row])
        if one.answer_by is not None:
            self.grumbles.joined(session, one, into)
        first = found.candidates.get(into)
        entry = self.joining.join(session, one, first, standing, alias.facts)
        return Recorded(one.complaint_id, entry.unsaid, not entry.again, False, (into, entry.seq))

    def _insert(
        self, session: Session, registrations: Sequence[Registration], facts: Sequence[list[Outgoing]]
    ) -> None:
        rows = [_row(one, said) for one, said in zip(registrations, facts, strict=True)]
        session.connection().execute(insert(ComplaintRow), rows)
        self.texts.put_new(session, {one.complaint_id: one.texts for one in registrations})

    def _admit(self, session: Session, one: Registration) -> Recorded:
        """A grumble, or the complaint that it makes: then what is said of other ids may have been said."""
        admitted = self.grumbles.admit(session, one)
        self._insert(session, [admitted.registration], [admitted.facts])
        if admitted.alias_of:
            session.get_one(ComplaintRow, one.complaint_id).merged_into = admitted.alias_of
        alone = admitted.registration is one
        return Recorded(one.complaint_id, admitted.facts, fresh=alone, published=False)


def _customer(one: Registration) -> str:
    """In this order the rows of customers are held, so that two transactions never wait for each other."""
    return one.customer_ref


def _outcome(one: Registration, first: Registration | None, stands: Recorded | None) -> Recorded | None:
    """What stands; of the same submission twice in a batch, the first has the fresh facts."""
    if stands and stands.fresh and first is not one:
        return replace(stands, fresh=False)
    return stands


def _known(session: Session, complaints: Sequence[str]) -> dict[str, Recorded]:
    table = ComplaintRow
    rows = session.connection().execute(
        select(table.complaint_id, table.facts, table.published, table.merged_into).where(
            col(table.complaint_id).in_(complaints)
        )
    )
    return {one: _stands(session, one, *stands) for one, *stands in list(rows)}


def _stands(session: Session, complaint: str, facts: bytes, published: bool, into: str | None) -> Recorded:
    """What is on record; of an alias, with what its survivor has not said for certain."""
    if published:
        return Recorded(complaint, [], fresh=False, published=True)
    before = unsaid(session, into) if into else []
    entry = (into, last_unsaid(session, into)) if into else None
    return Recorded(complaint, [*before, *unpacked(facts)], fresh=False, published=False, entry=entry)


def _row(one: Registration, facts: list[Outgoing]) -> dict[str, Any]:
    return {
        "complaint_id": one.complaint_id,
        "source": one.source,
        "external_id": one.external_id,
        "channel": one.channel.value,
        "language": one.language,
        "customer_ref": one.customer_ref,
        "received_at": one.received_at,
        "recorded_at": one.recorded_at,
        "policy_id": one.policy.id,
        "policy_hash": one.policy.hash,
        "last_seq": len(one.facts),
        "facts": packed(facts),
        "published": False,
        "order_hash": order_hash(one.matter),
        "merged_into": None,
    }


def _note_said(session: Session, recorded: Sequence[Recorded]) -> None:
    if recorded:
        statement = (
            update(ComplaintRow)
            .where(col(ComplaintRow.complaint_id) == bindparam("said"))
            .values(published=True)
        )
        session.connection().execute(statement, [{"said": one.complaint_id} for one in recorded])
    for one in recorded:
        if one.entry:
            note_said(session, *one.entry)
