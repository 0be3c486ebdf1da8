"""Intake's records: a whole batch of complaints with their texts and facts in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, insert, select, update

from services.intake.grumbles import Grumbles
from services.intake.registration import Registration
from services.intake.tables import ComplaintRow
from shared.contract.outgoing import Outgoing, packed, unpacked
from shared.runtime.database import Database
from shared.runtime.log import logger
from shared.runtime.texts import Texts

log = logger("store")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands on record: the first facts ever decided for this complaint.

    `fresh`: they were decided just now, so nobody has said them yet. `published`: all were said.
    """

    complaint_id: str
    facts: list[Outgoing]
    fresh: bool
    published: bool


class Store:
    """The tables of complaints and grumbles, and the texts that go with them."""

    def __init__(self, database: Database, texts: Texts, grumbles: Grumbles) -> None:
        self.database = database
        self.texts = texts
        self.grumbles = grumbles
        self._said: list[str] = []

    async def record(self, registrations: list[Registration]) -> list[Recorded]:
        """Put a batch on record, each source and id once; returns what stands there now.

        Two processes that record the same complaint at the same time collide on its key, which raises
        `IntegrityError` and writes nothing; tried again, the later one finds what the first wrote.
        """
        if not registrations and not self._said:
            return []
        said, self._said = self._said, []
        try:
            return await self.database.write(lambda session: self._record(session, registrations, said))
        except BaseException:
            self._said.extend(said)
            raise

    def said(self, complaints: Iterable[str]) -> None:
        """Remember that all facts of these complaints were published; written with the next batch.

        Losing this note in a crash loses nothing: then the stream is asked before anything is said again.
        """
        self._said.extend(complaints)

    async def flush(self) -> None:
        """Write what `said` remembers."""
        await self.record([])

    def _record(
        self, session: Session, registrations: Sequence[Registration], said: Sequence[str]
    ) -> list[Recorded]:
        _note_said(session, said)
        known = _known(session, [one.complaint_id for one in registrations])
        fresh: dict[str, Registration] = {}
        for one in registrations:
            if one.complaint_id not in known:
                fresh.setdefault(one.complaint_id, one)
        complaints = [one for one in fresh.values() if one.answer_by is None]
        if complaints:
            self._insert(session, complaints, [one.facts for one in complaints])
        grumbles = (one for one in fresh.values() if one.answer_by is not None)
        admitted = {one.complaint_id: self._admit(session, one) for one in sorted(grumbles, key=_customer)}
        if fresh:
            log.info("recorded", complaint_ids=list(fresh))
        return [_outcome(one, fresh.get(one.complaint_id), known | admitted) for one in registrations]

    def _insert(
        self, session: Session, registrations: Sequence[Registration], facts: Sequence[list[Outgoing]]
    ) -> None:
        rows = [_row(one, said) for one, said in zip(registrations, facts, strict=True)]
        session.connection().execute(insert(ComplaintRow), rows)
        self.texts.put_new(session, {one.complaint_id: one.texts for one in registrations})

    def _admit(self, session: Session, one: Registration) -> Recorded:
        """A grumble, or the complaint that it makes: then what is said of other ids may have been said."""
        admitted, facts = self.grumbles.admit(session, one)
        self._insert(session, [admitted], [facts])
        return Recorded(one.complaint_id, facts, fresh=admitted is one, published=False)


def _customer(one: Registration) -> str:
    """In this order the rows of customers are held, so that two transactions never wait for each other."""
    return one.customer_ref


def _outcome(one: Registration, first: Registration | None, known: dict[str, Recorded]) -> Recorded:
    stands = known.get(one.complaint_id)
    if first is None or (stands and not stands.fresh):
        return known[one.complaint_id]
    return Recorded(one.complaint_id, stands.facts if stands else first.facts, first is one, published=False)


def _known(session: Session, complaints: Sequence[str]) -> dict[str, Recorded]:
    table = ComplaintRow
    rows = session.connection().execute(
        select(table.complaint_id, table.facts, table.published).where(
            col(table.complaint_id).in_(complaints)
        )
    )
    return {
        complaint: Recorded(complaint, [] if published else unpacked(facts), fresh=False, published=published)
        for complaint, facts, published in rows
    }


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
    }


def _note_said(session: Session, complaints: Sequence[str]) -> None:
    if complaints:
        statement = (
            update(ComplaintRow)
            .where(col(ComplaintRow.complaint_id) == bindparam("said"))
            .values(published=True)
        )
        session.connection().execute(statement, [{"said": complaint} for complaint in complaints])
