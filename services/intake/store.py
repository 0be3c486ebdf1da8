"""Intake's records: a whole batch of complaints with their texts and facts in one transaction."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, insert, select, update

from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.candidates import Candidates, hold, look_up, order_hash
from services.intake.duplicates.classifying import Sorting
from services.intake.duplicates.joining import Joining, merged_alias
from services.intake.grumbles.admitting import Admitted, Grumbles
from services.intake.grumbles.steps import GrumbleSteps
from services.intake.known_ids import KnownIds, opens_nothing, over
from services.intake.ledger import last_unpublished, note_published, unpublished
from services.intake.registration import Registration
from services.intake.tables import ComplaintRow
from shared.contract.outgoing import Outgoing, packed, unpacked
from shared.contract.quarantine import Misfit
from shared.runtime.after_closing import turned_away
from shared.runtime.log import logger
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import Digests
from shared.runtime.texts.keeping import Texts

log = logger("store")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Stored result of a submission: the first facts ever decided for this complaint.

    `fresh`: they were decided just now, so they are not published yet. `published`: all were published.
    For a submission that joined another complaint, `facts` include those of that complaint; `entry` is
    their place in its ledger. `repeat`: the very same content was submitted before.
    """

    complaint_id: str
    facts: list[Outgoing]
    fresh: bool
    published: bool
    entry: tuple[str, int] | None = None
    repeat: bool = False


Statuses = Callable[[Iterable[str]], Awaitable[Mapping[str, ComplaintStatus]]]
"""Function that reads the statuses of complaints from the stream, outside of any transaction."""


@dataclass
class Batch:
    """Submissions on their way through one transaction; None where one has to wait for `wanted`."""

    registrations: list[Registration]
    statuses: Mapping[str, ComplaintStatus]
    outcomes: list[Recorded | Misfit | None] = field(default_factory=list)
    wanted: set[str] = field(default_factory=set)


class Store:
    """Tables of complaints and grumbles, and the texts that belong to them."""

    def __init__(
        self,
        database: Database,
        texts: Texts,
        grumbles: Grumbles,
        joining: Joining,
        statuses: Statuses,
        digests: Digests,
    ) -> None:
        self.database = database
        self.texts = texts
        self.grumbles = grumbles
        self.steps = GrumbleSteps(grumbles)
        self.joining = joining
        self.statuses = statuses
        self.digests = digests
        self.ids = KnownIds(digests, joining, self.steps)
        self._published: list[Recorded] = []

    async def record(self, registrations: list[Registration]) -> list[Recorded | Misfit]:
        """Store a batch, each content of a source and id once; returns what is stored now.

        Returns a `Misfit` for an id that another customer has, or for a complaint that takes no contacts
        any more.

        Two processes that store the same complaint at the same time collide on its key. This raises
        `IntegrityError` and writes nothing; tried again, the later one finds the rows of the first.

        A submission that may have the subject of another complaint waits until the status of that
        complaint is read. A submission of a customer beside a grumble waits until the earlier one is
        stored, and so does a submission that asks for the grumble's promotion. The last look and the
        decision are in the transaction that writes.
        """
        recorded: dict[int, Recorded | Misfit] = {}
        statuses: dict[str, ComplaintStatus] = {}
        left, begun = list(range(len(registrations))), False
        while left or (self._published and not begun):
            begun = True
            batch = Batch([registrations[place] for place in left], statuses)
            await self._write(batch)
            recorded |= {left[place]: one for place, one in enumerate(batch.outcomes) if one}
            left = [place for place in left if place not in recorded]
            if batch.wanted:
                statuses |= await self.statuses(sorted(batch.wanted))
        return [recorded[place] for place in range(len(registrations))]

    async def _write(self, batch: Batch) -> None:
        published_before, self._published = self._published, []
        try:
            await self.database.write(lambda session: self._record(session, batch, published_before))
        except BaseException:
            self._published.extend(published_before)
            raise

    async def repeats(self, registrations: Sequence[Registration]) -> set[str]:
        """Ids of the registrations whose very content is stored."""
        found = await self.database.read(lambda session: self.ids.repeats(session, registrations))
        own = ((one.complaint_id, self.digests.of(one.content)) for one in registrations)
        return {name for name, digest in own if (name, digest) in found}

    async def reused(self, one: Registration) -> Misfit | None:
        """Misfit if its id means something else, as far as that is known before it is submitted."""
        found = await self.database.read(lambda session: self.ids.look(session, one))
        if isinstance(found, str):
            statuses = await self.statuses([found])
            found = None if statuses[found].open else over(one)
        if found and found.danger:
            turned_away(one.complaint_id)
        return found

    def remember_published(self, recorded: Iterable[Recorded]) -> None:
        """Remember that all facts of these were published; written with the next batch.

        If a crash loses this note, no fact is lost or doubled: then the stream is asked before a fact is
        published again.
        """
        self._published.extend(recorded)

    async def flush(self) -> None:
        """Write what `remember_published` was given."""
        await self.record([])

    def _record(self, session: Session, batch: Batch, published_before: Sequence[Recorded]) -> None:
        registrations = batch.registrations
        if registrations:
            hold(session, (one.customer for one in registrations))
        _note_published(session, published_before)
        known = _known(session, [one.complaint_id for one in registrations])
        fresh: dict[str, Registration] = {}
        for one in registrations:
            if one.complaint_id not in known:
                fresh.setdefault(one.complaint_id, one)
        if fresh:
            known |= self._decide(session, list(fresh.values()), batch)
        if put := [one for one in fresh if isinstance(known.get(one), Recorded)]:
            log.info("recorded", complaint_ids=put)
        batch.outcomes = [self._outcome(session, one, fresh, known, batch) for one in registrations]

    def _outcome(
        self,
        session: Session,
        one: Registration,
        fresh: Mapping[str, Registration],
        known: Mapping[str, Recorded | Misfit],
        batch: Batch,
    ) -> Recorded | Misfit | None:
        """Result of a registration; if the same submission is twice in a batch, the first has the fresh
        facts.
        """
        stands = known.get(one.complaint_id)
        if stands is None or isinstance(stands, Misfit) or fresh.get(one.complaint_id) is one:
            return stands
        if self.ids.is_repeat(session, one):
            return replace(stands, fresh=False, repeat=True)
        kept = self.ids.take(session, one, batch.statuses)
        if isinstance(kept, str):
            batch.wanted.add(kept)
            return None
        if isinstance(kept, Misfit):
            return kept
        place = (kept.complaint_id, kept.seq)
        return Recorded(
            one.complaint_id, kept.unpublished, fresh=not kept.again, published=False, entry=place
        )

    def _decide(
        self, session: Session, fresh: list[Registration], batch: Batch
    ) -> dict[str, Recorded | Misfit]:
        """New complaints and grumbles, further contacts of others, and those that have to wait for others."""
        found = look_up(session, self.texts, [one.comparable for one in fresh], self.joining.rules)
        sorted_out = Sorting(found, batch.statuses)
        for one in fresh:
            sorted_out.take(one)
        batch.wanted |= sorted_out.wanted
        new = [self._with_grumbles(session, one, found) for one in sorted_out.new]
        if new:
            self._insert(session, [one.registration for one in new], [one.facts for one in new])
        recorded: dict[str, Recorded | Misfit] = {
            before.complaint_id: Recorded(before.complaint_id, one.facts, one.registration is before, False)
            for before, one in zip(sorted_out.new, new, strict=True)
        }
        for one, into in sorted_out.joining:
            recorded[one.complaint_id] = self._join(session, one, into, sorted_out)
        recorded |= {one.complaint_id: opens_nothing() for one in sorted_out.automatic}
        for one in sorted(sorted_out.grumbles, key=_customer):
            recorded[one.complaint_id] = self._admit(session, one)
        return recorded

    def _with_grumbles(self, session: Session, one: Registration, found: Candidates) -> Admitted:
        about = found.grumbles_about(one.comparable)
        return self.grumbles.take_along(session, one, about) if about else Admitted(one, one.facts)

    def _join(self, session: Session, one: Registration, into: str, found: Sorting) -> Recorded:
        standing = found.statuses[into]
        alias = merged_alias(one, into, standing.now)
        row = self._row(alias, alias.facts) | {"merged_into": into}
        session.connection().execute(insert(ComplaintRow), [row])
        if one.answer_by is not None:
            self.grumbles.joined(session, one, into)
        first = found.candidates.get(into)
        entry = self.joining.join(session, one, first, standing, alias.facts)
        return Recorded(one.complaint_id, entry.unpublished, not entry.again, False, (into, entry.seq))

    def _insert(
        self, session: Session, registrations: Sequence[Registration], facts: Sequence[list[Outgoing]]
    ) -> None:
        rows = [self._row(one, own) for one, own in zip(registrations, facts, strict=True)]
        session.connection().execute(insert(ComplaintRow), rows)
        self.texts.put_new(session, {one.complaint_id: one.texts for one in registrations})

    def _row(self, one: Registration, facts: list[Outgoing]) -> dict[str, Any]:
        return {
            "complaint_id": one.complaint_id,
            "source": one.source,
            "external_id": one.external_id,
            "channel": one.channel.value,
            "language": one.language,
            "customer_ref": one.customer_ref,
            "customer": one.customer,
            "received_at": one.received_at,
            "recorded_at": one.recorded_at,
            "policy_id": one.policy.id,
            "policy_hash": one.policy.hash,
            "last_seq": len(one.facts),
            "facts": packed(facts),
            "published": False,
            "order_hash": order_hash(one.comparable),
            "merged_into": None,
            "digest": self.digests.of(one.content),
        }

    def _admit(self, session: Session, one: Registration) -> Recorded:
        """Store a grumble, or the complaint that it becomes: in that case facts of other ids may be published
        already.
        """
        admitted = self.grumbles.admit(session, one)
        self._insert(session, [admitted.registration], [admitted.facts])
        if admitted.alias_of:
            session.get_one(ComplaintRow, one.complaint_id).merged_into = admitted.alias_of
        alone = admitted.registration is one
        return Recorded(one.complaint_id, admitted.facts, fresh=alone, published=False)


def _customer(one: Registration) -> str:
    """Key that gives the order in which customers are locked, so that two transactions never wait for each
    other.
    """
    return one.customer


def _known(session: Session, complaints: Sequence[str]) -> dict[str, Recorded | Misfit]:
    table = ComplaintRow
    rows = session.connection().execute(
        select(table.complaint_id, table.facts, table.published, table.merged_into).where(
            col(table.complaint_id).in_(complaints)
        )
    )
    return {one: _stored(session, one, *columns) for one, *columns in list(rows)}


def _stored(session: Session, complaint: str, facts: bytes, published: bool, into: str | None) -> Recorded:
    """Stored result; for an alias, with the facts of its survivor that may be unpublished."""
    if published:
        return Recorded(complaint, [], fresh=False, published=True)
    before = unpublished(session, into) if into else []
    entry = (into, last_unpublished(session, into)) if into else None
    return Recorded(complaint, [*before, *unpacked(facts)], fresh=False, published=False, entry=entry)


def _note_published(session: Session, recorded: Sequence[Recorded]) -> None:
    if recorded:
        statement = (
            update(ComplaintRow)
            .where(col(ComplaintRow.complaint_id) == bindparam("said"))
            .values(published=True)
        )
        session.connection().execute(statement, [{"said": one.complaint_id} for one in recorded])
    for one in recorded:
        if one.entry:
            note_published(session, *one.entry)
