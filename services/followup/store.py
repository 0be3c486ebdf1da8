"""Store of followup: follow-ups as flushed, verdicts, responses, policies."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, and_, col, select

from services.followup.flushing import Flush
from services.followup.rates import Counts
from services.followup.tables import FollowUpRow, PolicyRow, ResponseRow, VerdictRow
from shared.contract.events import SatisfactionRecorded
from shared.contract.orders import StoredFacts
from shared.contract.recorded import RecordedFact
from shared.contract.values import Outcome
from shared.policy.pinned import PINNED_FOLLOWUP, PinnedFollowUp
from shared.runtime.storage.database import Database
from shared.runtime.storage.fact_log import append, last_seq, stored_from
from shared.runtime.texts.tables import TextErasureRow

Also = Callable[[Session], None]


def nothing(_: Session) -> None:
    """Nothing else."""


class Store:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def flush(self, flush: Flush, also: Also = nothing) -> StoredFacts:
        """Write a flush, with the further rows of `also`. Where other facts are stored already, write nothing
        and return those.
        """
        return await self.database.write(lambda session: _write(session, self.database, flush, also))

    async def latest(self, complaint_id: str) -> FollowUpRow | None:
        """Follow-up of the complaint's last cycle that had one."""
        return await self.database.read(lambda session: _latest(session, complaint_id))

    async def is_started(self, complaint_id: str, cycle: int) -> bool:
        """Whether this follow-up was started, however long ago."""
        key = (complaint_id, cycle)
        return await self.database.read(lambda session: session.get(FollowUpRow, key) is not None)

    async def is_erased(self, complaint_id: str) -> bool:
        """Whether the texts of the complaint were destroyed here."""
        return await self.database.read(lambda session: session.get(TextErasureRow, complaint_id) is not None)

    async def last_seq(self, complaint_id: str) -> int:
        """Number of facts that this service has published about a complaint."""
        return await self.database.read(lambda session: last_seq(session, complaint_id))

    async def open_followups(self, after: str, limit: int) -> list[tuple[str, int]]:
        """Follow-ups that have not ended, by complaint and cycle, behind this complaint."""
        row = FollowUpRow
        wanted = select(row.complaint_id, row.cycle).where(
            col(row.outcome).is_(None), ~col(row.reopened), col(row.complaint_id) > after
        )
        wanted = wanted.order_by(col(row.complaint_id)).limit(limit)
        return await self.database.read(lambda session: list(session.exec(wanted).all()))

    async def whole(self, complaint_id: str, cycle: int) -> tuple[FollowUpRow, StoredFacts] | None:
        """Row of a follow-up, with all facts and replies of its complaint; None without a row."""

        def work(session: Session) -> tuple[FollowUpRow, StoredFacts] | None:
            row = session.get(FollowUpRow, (complaint_id, cycle))
            return (row, stored_from(session, complaint_id, 1)) if row else None

        return await self.database.read(work)

    async def rebuilt(self, flush: Flush) -> bool:
        """Write what of a follow-up is not there: facts, replies, verdict, row. False if all is."""

        def work(session: Session) -> bool:
            row = session.get(FollowUpRow, (flush.complaint_id, flush.cycle))
            there = {fact.seq for fact in stored_from(session, flush.complaint_id, 1).facts}
            lost = [fact for fact in flush.facts if fact.seq not in there]
            behind = row is None or row.seq < flush.progress.seq
            if lost:
                append(session, self.database, flush.complaint_id, lost, flush.replies)
            if behind:
                session.connection().execute(self.database.statement(_keep), _columns(flush))
            for verdict in _verdicts(flush):
                session.merge(verdict)
            return bool(lost) or behind

        return await self.database.write(work)

    async def recorded_followups(
        self, first: str, limit: int
    ) -> list[tuple[str, list[FollowUpRow], StoredFacts]]:
        """Complaints with all their follow-ups and facts, in order of their ids, from `first` on."""

        def work(session: Session) -> list[tuple[str, list[FollowUpRow], StoredFacts]]:
            key = col(FollowUpRow.complaint_id)
            names = session.exec(select(key).where(key >= first).distinct().order_by(key).limit(limit)).all()
            return [(one, _rows(session, one), stored_from(session, one, 1)) for one in names]

        return await self.database.read(work)

    async def note_response(self, complaint_id: str, in_time: bool) -> None:
        """Store whether the response came in time. A breach wins, in any order of the two."""
        insert = self.database.insert(ResponseRow).values(complaint_id=complaint_id, in_time=in_time)
        kept = (
            insert.on_conflict_do_nothing()
            if in_time
            else insert.on_conflict_do_update(index_elements=["complaint_id"], set_={"in_time": False})
        )
        await self.database.write(lambda session: session.connection().execute(kept))

    async def keep_policy(self, pinned: PinnedFollowUp) -> None:
        """Keep the policy that this service runs under, for complaints opened under it."""
        row = {"hash": pinned.identity.hash, "pinned": pinned.model_dump_json().encode()}
        insert = self.database.insert(PolicyRow).values(**row).on_conflict_do_nothing()
        await self.database.write(lambda session: session.connection().execute(insert))

    async def policy(self, identity_hash: str) -> PinnedFollowUp | None:
        """Policy under which this service has run at some time."""
        row = await self.database.read(lambda session: session.get(PolicyRow, identity_hash))
        return PINNED_FOLLOWUP.parsed(row.pinned.decode()) if row else None

    async def counts(self) -> Counts:
        """Numbers behind the rates (`rates.py` defines them)."""
        return await self.database.read(_counts)


def _write(session: Session, database: Database, flush: Flush, also: Also) -> StoredFacts:
    first = flush.facts[0].seq if flush.facts else flush.progress.seq + 1
    if last_seq(session, flush.complaint_id) >= first:
        return stored_from(session, flush.complaint_id, first)
    if flush.facts:
        append(session, database, flush.complaint_id, flush.facts, flush.replies)
        session.connection().execute(database.statement(_keep), _columns(flush))
        also(session)
        session.add_all(_verdicts(flush))
    return StoredFacts()


def _verdicts(flush: Flush) -> Iterator[VerdictRow]:
    """Verdicts among the facts."""
    for recorded in flush.facts:
        if recorded.name == SatisfactionRecorded.NAME:
            fact = recorded.fact()
            assert isinstance(fact, SatisfactionRecorded)
            yield _verdict(flush, recorded, fact)


def _verdict(flush: Flush, recorded: RecordedFact, fact: SatisfactionRecorded) -> VerdictRow:
    return VerdictRow(
        complaint_id=flush.complaint_id,
        cycle=flush.cycle,
        at=recorded.at,
        said_by=recorded.actor.id,
        resolved=fact.resolved,
        satisfied=bool(fact.satisfied),
        overall=fact.overall,
        **fact.fairness.model_dump(),
        nps=fact.nps,
    )


def _columns(flush: Flush) -> dict[str, Any]:
    """Columns of the row; the opening only with the first flush (`_keep`)."""
    now = flush.progress.model_dump()
    return {
        **{name: now[name] for name in FollowUpRow.model_fields if name in now},
        "complaint_id": flush.complaint_id,
        "cycle": flush.cycle,
        "because": flush.because,
        "owner": flush.owner,
        "opened_at": flush.opened_at,
        "opening": flush.opening.model_dump_json().encode() if flush.opening else None,
    }


def _keep(database: Database) -> Any:
    """Statement that inserts a row or updates it; the opening stays."""
    insert = database.insert(FollowUpRow)
    changed = {name: insert.excluded[name] for name in FollowUpRow.model_fields}
    changed["opening"] = func.coalesce(insert.excluded["opening"], col(FollowUpRow.opening))
    return insert.on_conflict_do_update(index_elements=["complaint_id", "cycle"], set_=changed)


def _rows(session: Session, complaint_id: str) -> list[FollowUpRow]:
    mine = select(FollowUpRow).where(FollowUpRow.complaint_id == complaint_id)
    return list(session.exec(mine.order_by(col(FollowUpRow.cycle))).all())


def _latest(session: Session, complaint_id: str) -> FollowUpRow | None:
    mine = select(FollowUpRow).where(FollowUpRow.complaint_id == complaint_id)
    return session.exec(mine.order_by(col(FollowUpRow.cycle).desc()).limit(1)).first()


def _counts(session: Session) -> Counts:
    merged = select(FollowUpRow.complaint_id).where(FollowUpRow.outcome == Outcome.MERGED)
    in_time, ended = session.exec(
        select(func.count().filter(col(ResponseRow.in_time)), func.count())
        .select_from(ResponseRow)
        .where(col(ResponseRow.complaint_id).not_in(merged))
    ).one()
    last = (
        select(VerdictRow.complaint_id, func.max(VerdictRow.cycle).label("cycle"))
        .group_by(VerdictRow.complaint_id)
        .subquery()
    )
    yes = [func.count().filter(col(said)) for said in (VerdictRow.resolved, VerdictRow.satisfied)]
    resolved, content, answered = session.exec(
        select(yes[0], yes[1], func.count())
        .select_from(VerdictRow)
        .join(
            last,
            and_(VerdictRow.complaint_id == last.c.complaint_id, VerdictRow.cycle == last.c.cycle),
        )
        .where(col(VerdictRow.complaint_id).not_in(merged))
    ).one()
    return Counts(in_time, ended, resolved, content, answered)
