"""The waiting line: complaints that were received, and whose workflows could not be started at once."""

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
"""So long a row belongs to the process that took it; after that, whoever took it is taken to be dead."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complaint that was received: its place in the line, the fact as it came, and how often it failed."""

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
    """The table `waiting`, and what the table of cases says of those who stand in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, arrivals: Sequence[Arrival]) -> None:
        """All in one transaction; who stands there already, keeps the place."""
        insert = self._database.insert(WaitingRow).on_conflict_do_nothing()
        rows = [_row(one) for one in arrivals]
        await self._database.write(lambda session: session.connection().execute(insert, rows))

    async def claim(self, limit: int) -> list[Arrival]:
        """Take the next that are free: gravest first, of those the one who has waited longest.

        One statement: no two processes get the same. What is neither removed nor released is free again
        when its lease is over.
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
        """They were not started after all, through no fault of theirs: anybody may take them."""
        await self._free(complaints, {"free_at": now()})

    async def rest(self, complaint_id: str, seconds: float) -> None:
        """It failed for a reason of its own, and is left alone for a while, by every process."""
        until = now() + timedelta(seconds=seconds)
        await self._free([complaint_id], {"free_at": until, "attempts": WaitingRow.attempts + 1})

    async def _free(self, complaints: Collection[str], values: dict[str, Any]) -> None:
        statement = update(WaitingRow).where(col(WaitingRow.complaint_id).in_(complaints)).values(**values)
        await self._database.write(lambda session: session.connection().execute(statement))

    async def anybody(self) -> bool:
        """Whether somebody stands in it whom any process could start now."""
        statement = select(WaitingRow.complaint_id).where(col(WaitingRow.free_at) <= now()).limit(1)
        return await self._database.read(lambda session: session.exec(statement).first()) is not None

    async def leave(self, complaints: Collection[str]) -> None:
        """They no longer wait."""
        statement = delete(WaitingRow).where(col(WaitingRow.complaint_id).in_(complaints))
        await self._database.write(lambda session: session.connection().execute(statement))

    async def holds(self, complaint_id: str) -> bool:
        """Whether this complaint waits."""
        row = await self._database.read(lambda session: session.get(WaitingRow, complaint_id))
        return row is not None

    async def opened(self, complaints: Collection[str]) -> set[str]:
        """Those of them that have a case."""
        statement = select(CaseRow.complaint_id).where(col(CaseRow.complaint_id).in_(complaints))
        return set(await self._database.read(lambda session: session.exec(statement).all()))

    async def backlog(self) -> Backlog:
        """How many wait, by severity."""

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
