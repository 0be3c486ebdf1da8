"""The waiting line: complaints that were received, and whose workflows could not be started at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import orjson
from sqlmodel import Session, col, delete, func, select

from services.routing.tables import CaseRow, WaitingRow
from services.routing.triage import triage
from shared.contract.envelope import RawEvent
from shared.contract.events import Received, read_fact
from shared.contract.queries import Backlog, WaitingComplaints
from shared.policy.models import Pack
from shared.runtime.storage.database import Database


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complaint that was received: its place in the line, and the fact as it came."""

    complaint_id: str
    severity: int
    received_at: datetime
    body: bytes

    @classmethod
    def read(cls, body: bytes, pack: Pack) -> Self:
        """Triage decides how grave it is. The workflow triages anew; as long as the policy stays, alike."""
        _, header, fact = read_fact(RawEvent.model_validate(orjson.loads(body)))
        if not isinstance(fact, Received):
            raise TypeError(f"{fact.NAME} opens no case")
        return cls(header.complaint_id, triage(fact, pack).severity, fact.received_at, body)


class WaitingLine:
    """The table `waiting`, and what the table of cases says of those who stand in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, arrivals: Sequence[Arrival]) -> None:
        """All in one transaction; who stands there already, keeps the place."""
        insert = self._database.insert(WaitingRow).on_conflict_do_nothing()
        rows = [_row(one) for one in arrivals]
        await self._database.write(lambda session: session.connection().execute(insert, rows))

    async def first(self, limit: int, besides: Collection[str]) -> list[Arrival]:
        """The next in line: gravest first, of those the one who has waited longest."""
        statement = (
            select(WaitingRow)
            .where(col(WaitingRow.complaint_id).not_in(besides))
            .order_by(col(WaitingRow.severity).desc(), col(WaitingRow.received_at), WaitingRow.complaint_id)
            .limit(limit)
        )
        rows = await self._database.read(lambda session: session.exec(statement).all())
        return [Arrival(row.complaint_id, row.severity, row.received_at, row.body) for row in rows]

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
    }
