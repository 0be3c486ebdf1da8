"""Queue of received complaints whose workflows could not be started at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import orjson
from sqlalchemy import text
from sqlmodel import Session, col, delete, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from services.routing.admission.turns import Queued, turns
from services.routing.tables import CaseRow, WaitingRow
from services.routing.triage import triage
from shared.contract.envelope import RawEvent
from shared.contract.events import Received, read_fact
from shared.contract.queries import Backlog, WaitingComplaints
from shared.policy.models import Pack
from shared.runtime.storage.database import Database

LEASE = timedelta(seconds=30)
"""Lease of a row that a process claimed; after that, the process is taken to be dead."""

LONG = timedelta(minutes=10)
"""Longest wait before a share of the starts goes to the complaint, however many graver complaints arrive."""

JOINING = 20_151_201
"""Number of the lock of PostgreSQL under which processes join the queue, one after another."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Received complaint: what decides its place in the queue, the fact as it came, and its failures."""

    complaint_id: str
    severity: int
    received_at: datetime
    body: bytes
    attempts: int = 0
    source: str = ""
    turn: int = 0

    @classmethod
    def read(cls, body: bytes, pack: Pack) -> Self:
        """Triage decides how grave it is. The workflow triages anew; as long as the policy stays, alike."""
        _, header, fact = read_fact(RawEvent.model_validate(orjson.loads(body)))
        if not isinstance(fact, Received):
            raise TypeError(f"{fact.NAME} opens no case")
        severity = triage(fact, pack).severity
        return cls(header.complaint_id, severity, fact.received_at, body, source=fact.external_source)


class WaitingQueue:
    """Table `waiting`, and the cases of the complaints in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, arrivals: Sequence[Arrival]) -> None:
        """Add all in one transaction, the oldest of each source first; a complaint that is in the queue keeps
        its place.
        """
        arrivals = sorted(arrivals, key=lambda one: one.received_at)
        insert = self._database.insert(WaitingRow).on_conflict_do_nothing()

        def work(session: Session) -> None:
            connection = session.connection()
            if not self._database.is_sqlite:  # SQLite has one writer anyway
                connection.execute(text(f"SELECT pg_advisory_xact_lock({JOINING})"))
            queued = [(one.severity, one.source) for one in arrivals]
            reached = _reached(session, {one.severity for one in arrivals})
            given = turns(queued, _last_turns(session, set(queued)), reached)
            connection.execute(insert, [_row(*one) for one in zip(arrivals, given, strict=True)])

        await self._database.write(work)

    async def claim(self, limit: int, patient: int = 0) -> list[Arrival]:
        """Claim the next free rows: gravest first, of those the next turns, of those the longest waiting.

        Up to `patient` of them are those that have waited longest, and for more than `LONG`. No two
        processes get the same. A row that is neither removed nor released is free again when its lease is
        over.
        """
        at, row = now(), WaitingRow
        long_ago = col(row.joined_at) <= at - LONG
        longest = select(row.complaint_id).where(long_ago).order_by(col(row.joined_at), row.complaint_id)
        gravest = select(row.complaint_id).order_by(*(_place(one) for one in ORDER))

        def work(session: Session) -> list[Arrival]:
            taken = _take(session, longest.limit(patient), at) if patient else []
            return taken + _take(session, gravest.limit(limit - len(taken)), at)

        return sorted(await self._database.write(work), key=_order)

    async def release(self, complaints: Collection[str]) -> None:
        """Release rows that were not started for no fault of their own: any process may claim them."""
        await self._free(complaints, {"free_at": now()})

    async def rest(self, complaint_id: str, seconds: float) -> None:
        """Leave a row that failed for a reason of its own alone for a while, in every process."""
        until = now() + timedelta(seconds=seconds)
        await self._free([complaint_id], {"free_at": until, "attempts": WaitingRow.attempts + 1})

    async def _free(self, complaints: Collection[str], values: dict[str, Any]) -> None:
        statement = update(WaitingRow).where(col(WaitingRow.complaint_id).in_(complaints)).values(**values)
        await self._database.write(lambda session: session.connection().execute(statement))

    async def has_free_row(self) -> bool:
        """Whether the queue has a row that any process could start now."""
        statement = select(WaitingRow.complaint_id).where(col(WaitingRow.free_at) <= now()).limit(1)
        return await self._database.read(lambda session: session.exec(statement).first()) is not None

    async def leave(self, complaints: Collection[str]) -> None:
        """Remove complaints from the queue."""
        statement = delete(WaitingRow).where(col(WaitingRow.complaint_id).in_(complaints))
        await self._database.write(lambda session: session.connection().execute(statement))

    async def holds(self, complaint_id: str) -> bool:
        """Whether this complaint waits."""
        row = await self._database.read(lambda session: session.get(WaitingRow, complaint_id))
        return row is not None

    async def opened(self, complaints: Collection[str]) -> set[str]:
        """Complaints among them that have a case."""
        statement = select(CaseRow.complaint_id).where(col(CaseRow.complaint_id).in_(complaints))
        return set(await self._database.read(lambda session: session.exec(statement).all()))

    async def backlog(self) -> Backlog:
        """Number of waiting complaints, by severity."""

        def work(session: Session) -> list[WaitingComplaints]:
            oldest = func.min(WaitingRow.received_at)
            counted = select(WaitingRow.severity, func.count(), oldest).group_by(col(WaitingRow.severity))
            rows = session.exec(counted.order_by(col(WaitingRow.severity).desc())).all()
            return [
                WaitingComplaints(severity=severity, count=count, oldest_received_at=received_at)
                for severity, count, received_at in rows
            ]

        return Backlog(waiting=await self._database.read(work))


ORDER = (WaitingRow.severity, WaitingRow.turn, WaitingRow.received_at, WaitingRow.complaint_id)
TAKEN = (
    *(WaitingRow.complaint_id, WaitingRow.severity, WaitingRow.received_at, WaitingRow.body),
    *(WaitingRow.attempts, WaitingRow.source, WaitingRow.turn),
)


def _place(column: Any) -> Any:
    return col(column).desc() if column is WaitingRow.severity else col(column)


def _order(one: Arrival) -> tuple[Any, ...]:
    return (-one.severity, one.turn, one.received_at, one.complaint_id)


def _take(session: Session, wanted: SelectOfScalar[str], at: datetime) -> list[Arrival]:
    """Claim the free rows among those wanted: one statement, so that no two processes get the same."""
    row = WaitingRow
    free = wanted.where(col(row.free_at) <= at).with_for_update(skip_locked=True).cte("free")
    taking = update(row).where(col(row.complaint_id).in_(select(free.c.complaint_id)))
    taking = taking.values(free_at=at + LEASE).returning(*(col(one) for one in TAKEN))
    found: Any = session.connection().execute(taking).all()
    return [Arrival(*one) for one in found]


def _last_turns(session: Session, wanted: Collection[Queued]) -> dict[Queued, int]:
    """Last turn of each of these sources that waits."""
    row = WaitingRow
    found = {}
    for severity, source in wanted:
        own = select(func.max(row.turn)).where(row.severity == severity, row.source == source)
        if (last := session.exec(own).one()) is not None:
            found[severity, source] = last
    return found


def _reached(session: Session, severities: Collection[int]) -> dict[int, int]:
    """Lowest turn of each of these severities that waits, without rows that failed: a row that rests for a
    while keeps no turn low. Where all are claimed, the highest turn.
    """
    row, at, found = WaitingRow, now(), {}
    for severity in severities:
        sound = select(row.turn).where(row.severity == severity, row.attempts == 0)
        free = sound.where(col(row.free_at) <= at).order_by(col(row.turn)).limit(1)
        claimed = sound.order_by(col(row.turn).desc()).limit(1)
        turn = session.exec(free).first()
        found[severity] = turn if turn is not None else session.exec(claimed).first() or 0
    return found


def _row(one: Arrival, turn: int) -> dict[str, Any]:
    joined = now()
    return {
        "complaint_id": one.complaint_id,
        "severity": one.severity,
        "received_at": one.received_at,
        "body": one.body,
        "free_at": joined,
        "source": one.source,
        "turn": turn,
        "joined_at": joined,
    }
