"""Choosing owners, also when several processes do it at once: their load is counted in the database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, text
from sqlmodel import Session, col, delete, func, select

from services.routing.assignment import Assignment
from services.routing.tables import AssigningRow, CaseRow
from shared.contract.values import Stage
from shared.runtime.storage.database import Database
from shared.runtime.storage.group_commit import Batcher

Pick = Callable[[Mapping[str, int]], Assignment]

FORGOTTEN = timedelta(hours=1)
"""Time after which a complaint with an owner and without a case no longer counts."""

OVER = (Stage.FOLLOWING_UP, Stage.CLOSED)


@dataclass(frozen=True)
class Wanted:
    """Request for an owner of this complaint; `pick` chooses by the load of all staff."""

    complaint_id: str
    pick: Pick


class Choosing:
    """Chooses one after another: each choice counts for the next, also in another process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def many(self, wanted: list[Wanted]) -> list[Assignment]:
        """Choose for all that wait at the same time in one transaction: the work of a `Batcher`."""
        return await self._database.write(lambda session: self._choose(session, wanted))

    async def load(self) -> dict[str, int]:
        """Number of unresolved complaints of each member of staff."""
        return await self._database.read(lambda session: _load(session, []))

    def _choose(self, session: Session, wanted: list[Wanted]) -> list[Assignment]:
        connection, now = session.connection(), datetime.now(UTC)
        if not self._database.is_sqlite:
            # Until this is committed the others wait; SQLite has one writer anyway, from the deletion on.
            connection.execute(text("LOCK TABLE assigning IN SHARE ROW EXCLUSIVE MODE"))
        opened = select(CaseRow.complaint_id).where(col(CaseRow.complaint_id) == AssigningRow.complaint_id)
        over = or_(opened.exists(), col(AssigningRow.at) < now - FORGOTTEN)
        connection.execute(delete(AssigningRow).where(over))
        load, chosen = _load(session, [one.complaint_id for one in wanted]), []
        for one in wanted:
            found = one.pick(load)
            load[found.owner] = load.get(found.owner, 0) + 1
            chosen.append(found)
        self._keep(session, {w.complaint_id: c.owner for w, c in zip(wanted, chosen, strict=True)}, now)
        return chosen

    def _keep(self, session: Session, owners: Mapping[str, str], now: datetime) -> None:
        insert = self._database.insert(AssigningRow)
        anew = insert.on_conflict_do_update(
            index_elements=["complaint_id"], set_={"owner": insert.excluded.owner, "at": insert.excluded.at}
        )
        rows = [{"complaint_id": complaint, "owner": owner, "at": now} for complaint, owner in owners.items()]
        session.connection().execute(anew, rows)


def _load(session: Session, besides: list[str]) -> dict[str, int]:
    """Open cases, and those on their way to one, by owner; not the complaints that are chosen for now."""
    cases = select(CaseRow.owner, func.count()).where(col(CaseRow.stage).not_in(OVER))
    load = dict(session.exec(cases.group_by(CaseRow.owner)).all())
    coming = select(AssigningRow.owner, func.count()).where(col(AssigningRow.complaint_id).not_in(besides))
    for owner, count in session.exec(coming.group_by(AssigningRow.owner)).all():
        load[owner] = load.get(owner, 0) + count
    return load


def batched(database: Database) -> Batcher[Wanted, Assignment]:
    """To be entered as long as routing runs."""
    return Batcher(Choosing(database).many)
