"""Queue of received complaints whose workflows could not be started at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import orjson
from sqlmodel import Session, col, delete, func, select, update

from services.routing.tables import CaseRow, WaitingRow
from services.routing.triage import triage
from shared.contract.envelope import RawEvent
from shared.contract.events import Received, read_fact
from shared.contract.queries import Backlog, WaitingComplaints
from shared.policy.models import Pack
from shared.runtime.storage.database import Database

LEASE = timedelta(seconds=30)
"""Lease of a row that a process claimed; after that, the process is taken to be dead."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Received complaint: its place in the queue, the fact as it came, and its number of failures."""

    complaint_id: str
    severity: int
    received_at: datetime
    body: bytes
    attempts: int = 0

    @classmethod
    def read(cls, body: bytes, pack: Pack) -> Self:
        """Triage decides how grave it is. The workflow triages anew; as long as the policy stays, alike."""
        _, header, fact = read_fact(RawEvent.model_validate(orjson.loads(body)))
        if not isinstance(fact, Received):
            raise TypeError(f"{fact.NAME} opens no case")
        return cls(header.complaint_id, triage(fact, pack).severity, fact.received_at, body)


class WaitingQueue:
    """Table `waiting`, and the cases of the complaints in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, arrivals: Sequence[Arrival]) -> None:
        """Add all in one transaction; a complaint that is in the queue keeps its place."""
        insert = self._database.insert(WaitingRow).on_conflict_do_nothing()
        rows = [_row(one) for one in arrivals]
        await self._database.write(lambda session: session.connection().execute(insert, rows))

    async def claim(self, limit: int) -> list[Arrival]:
        """Claim the next free rows: gravest first, of those the longest waiting.

        One statement: no two processes get the same. A row that is neither removed nor released is free
        again when its lease is over.
        """
        at, row = now(), WaitingRow
        free = (
            select(row.complaint_id)
            .where(col(row.free_at) <= at)
            .order_by(col(row.severity).desc(), col(row.received_at), row.complaint_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("free")
        )
        taking = update(row).where(col(row.complaint_id).in_(select(free.c.complaint_id)))
        taking = taking.values(free_at=at + LEASE).returning(
            *(col(one) for one in (row.complaint_id, row.severity, row.received_at, row.body, row.attempts))
        )
        rows: Any = await self._database.write(lambda session: session.connection().execute(taking).all())
        taken = [Arrival(*row) for row in rows]
        return sorted(taken, key=lambda one: (-one.severity, one.received_at, one.complaint_id))

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


def _row(one: Arrival) -> dict[str, Any]:
    return {
        "complaint_id": one.complaint_id,
        "severity": one.severity,
        "received_at": one.received_at,
        "body": one.body,
        "free_at": now(),
    }
