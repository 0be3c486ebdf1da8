"""Store of routing: the row of each complaint, its notices' texts, the replies to commands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, or_
from sqlmodel import Session, col, delete, func, insert, select, update

from services.routing.flushing import Flush
from services.routing.kept_openings import keep_opening, kept_opening
from services.routing.next_steps import waits_for
from services.routing.precedents import keep_precedent
from services.routing.rules.state import Opening
from services.routing.staffing.missing import unattended
from services.routing.tables import CaseRow, CaseWaitingRow
from services.routing.worklist import page
from services.routing.worklist_ranges import sets_of_regimes
from shared.contract.events import FactHeader
from shared.contract.orders import StoredFacts
from shared.contract.queries import Worklist, WorklistQuery
from shared.contract.recorded import RecordedFact
from shared.contract.values import Stage
from shared.runtime.storage.database import Database
from shared.runtime.storage.fact_log import append, stored_from
from shared.runtime.storage.remembered import remember_accepted
from shared.runtime.texts.tables import TextErasureRow

SOME = 500
"""Rows that are read to name complaints with a missing person."""

MARKED = "marked"
"""Parameter for the instant at which a row is written."""


class Store:
    """Routing's database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._keep = _keep(database)

    def save(self, session: Session, flush: Flush) -> list[RecordedFact]:
        """Write facts, replies and the state after them. Where other facts are stored already, write nothing
        and return those.
        """
        complaint_id, connection = flush.state.complaint_id, session.connection()
        before, waited = connection.execute(_RECORDED, {"complaint": complaint_id}).first() or (0, "")
        first = flush.facts[0].seq if flush.facts else flush.seq + 1
        if before >= first:
            # Facts and row are written in one transaction: the facts that the row includes are stored, no
            # more.
            return stored_from(session, complaint_id, first).facts
        if flush.facts:
            append(session, self.database, complaint_id, flush.facts, flush.replies)
        else:
            remember_accepted(session, self.database, complaint_id, flush.replies)
        if flush.opening:
            keep_opening(session, self.database, flush.opening)
        self._write(session, flush, waited)
        return []

    def _write(self, session: Session, flush: Flush, waited: str) -> None:
        """Write the row of a case, and the rows of those for whom something in it waits; `waited` is whom the
        former row names.
        """
        connection, columns = session.connection(), _columns(flush)
        keep_precedent(session, self.database, flush.state)
        connection.execute(self._keep, columns)
        if waited:
            connection.execute(_NO_LONGER, {"complaint": columns["complaint_id"]})
        if columns["waits_for"]:
            shared = {name: columns[name] for name in ("complaint_id", "next_due")}
            rows = [{"person": one, **shared} for one in columns["waits_for"].split()]
            connection.execute(insert(CaseWaitingRow), rows)

    async def history(self, complaint_id: str) -> StoredFacts:
        """Every fact of routing about a complaint, and the replies that promise them."""
        return await self.database.read(lambda session: stored_from(session, complaint_id, 1))

    async def whole(self, complaint_id: str) -> tuple[CaseRow, Opening | None, StoredFacts] | None:
        """Row, opening, facts and replies of a case; None without a row."""

        def work(session: Session) -> tuple[CaseRow, Opening | None, StoredFacts] | None:
            row = session.get(CaseRow, complaint_id)
            if row is None:
                return None
            return row, kept_opening(session, complaint_id), stored_from(session, complaint_id, 1)

        return await self.database.read(work)

    async def open_cases(self, after: str, limit: int) -> list[str]:
        """Complaints that are not closed, in order of their ids, after `after`."""
        row = CaseRow
        wanted = select(row.complaint_id).where(col(row.stage) != Stage.CLOSED, col(row.complaint_id) > after)
        wanted = wanted.order_by(col(row.complaint_id)).limit(limit)
        return await self.database.read(lambda session: list(session.exec(wanted).all()))

    async def rebuilt(self, flush: Flush) -> bool:
        """Write what of a case is not there: facts, opening, replies, a row that is behind. False: all is."""

        def work(session: Session) -> bool:
            complaint_id, row = flush.state.complaint_id, session.get(CaseRow, flush.state.complaint_id)
            there = {fact.seq for fact in stored_from(session, complaint_id, 1).facts}
            lost = [fact for fact in flush.facts if fact.seq not in there]
            behind = row is None or row.recorded_seq < flush.seq
            if lost:
                append(session, self.database, complaint_id, lost, flush.replies)
            if flush.opening:
                keep_opening(session, self.database, flush.opening)
            if behind:
                self._write(session, flush, row.waits_for if row else "")
            return bool(lost) or behind

        return await self.database.write(work)

    async def is_erased(self, complaint_id: str) -> bool:
        """Whether the texts of the complaint were destroyed here."""
        return await self.database.read(lambda session: session.get(TextErasureRow, complaint_id) is not None)

    async def recorded_cases(self, first: str, limit: int) -> list[tuple[CaseRow, StoredFacts]]:
        """Cases with all their facts, in order of their ids, from `first` on."""

        def work(session: Session) -> list[tuple[CaseRow, StoredFacts]]:
            wanted = select(CaseRow).where(col(CaseRow.complaint_id) >= first)
            rows = session.exec(wanted.order_by(col(CaseRow.complaint_id)).limit(limit)).all()
            return [(row, stored_from(session, row.complaint_id, 1)) for row in rows]

        return await self.database.read(work)

    async def stage_of(self, complaint_id: str) -> tuple[str, str | None] | None:
        """Stage and outcome of a complaint, without the rest of its row."""
        return await self.database.read(lambda session: _stored(session, complaint_id))

    async def case(self, complaint_id: str) -> CaseRow | None:
        """Row of a complaint."""
        return await self.database.read(lambda session: session.get(CaseRow, complaint_id))

    async def cases(self, complaint_ids: list[str]) -> list[CaseRow]:
        """Rows of these complaints, in no order."""
        wanted = select(CaseRow).where(col(CaseRow.complaint_id).in_(complaint_ids))
        return await self.database.read(lambda session: list(session.exec(wanted).all()))

    async def note_followup(self, name: str, header: FactHeader, at: str, own: Mapping[str, Any]) -> bool:
        """Keep the newest fact of each kind from follow-up; False if the complaint is not here yet."""

        fact = {"seq": header.seq, "cycle": header.cycle, "at": at, **own}

        def work(session: Session) -> bool:
            connection, name_of_row = session.connection(), {"complaint": header.complaint_id}
            row = connection.execute(_FOLLOWED, name_of_row).first()
            if row is None:
                return False
            changed: dict[str, Any] = {}
            known = row.followup.get(name)
            if known is None or known["seq"] < header.seq:
                changed["followup"] = {**row.followup, name: fact}
            if name == "callback_scheduled" and row.stage == Stage.FOLLOWING_UP:
                due = datetime.fromisoformat(own["due"])
                if row.next_due is None or due < row.next_due:
                    changed["sooner_at"] = _wall_clock()
                changed |= {"next_due": due, "next_obligation": "callback"}
            if changed:
                connection.execute(_CHANGED.values(**changed), name_of_row)
            if "next_due" in changed:
                connection.execute(_WAITING_DUE.values(next_due=changed["next_due"]), name_of_row)
            return True

        return await self.database.write(work)

    async def under_another_roster(self, roster: str, after: str, limit: int) -> list[str]:
        """Open complaints whose people were looked up in another roster, in order of their ids, after
        `after`.
        """

        def work(session: Session) -> list[str]:
            row = CaseRow
            wanted = select(row.complaint_id).where(col(row.roster) != roster, col(row.stage) != Stage.CLOSED)
            wanted = wanted.where(col(row.complaint_id) > after).order_by(col(row.complaint_id)).limit(limit)
            return list(session.exec(wanted).all())

        return await self.database.read(work)

    async def orphans(self, roster: str) -> tuple[int, list[CaseRow]]:
        """Number of open complaints that may have a missing person, and some of their rows."""

        def work(session: Session) -> tuple[int, list[CaseRow]]:
            row = CaseRow
            suspected = or_(col(row.roster) != roster, col(row.unattended))
            wanted = select(row).where(col(row.stage) != Stage.CLOSED, suspected)
            count = session.exec(select(func.count()).select_from(wanted.subquery())).one()
            return count, list(session.exec(wanted.order_by(col(row.complaint_id)).limit(SOME)).all())

        return await self.database.read(work)

    async def open_of(self, owners: Collection[str]) -> list[str]:
        """Open complaints of these owners."""
        row = CaseRow
        wanted = select(row.complaint_id).where(col(row.owner).in_(owners), col(row.stage) != Stage.CLOSED)
        return await self.database.read(lambda session: list(session.exec(wanted).all()))

    async def ended_cases(
        self, after: str, limit: int, since: datetime | None, until: datetime | None
    ) -> list[CaseRow]:
        """Rows of complaints that ended, received in this span, in order of their ids, after `after`."""
        ended = col(CaseRow.stage).in_((Stage.FOLLOWING_UP, Stage.CLOSED))
        wanted = select(CaseRow).where(ended, col(CaseRow.complaint_id) > after)
        if since:
            wanted = wanted.where(col(CaseRow.received_at) >= since)
        if until:
            wanted = wanted.where(col(CaseRow.received_at) < until)
        wanted = wanted.order_by(col(CaseRow.complaint_id)).limit(limit)
        return await self.database.read(lambda session: list(session.exec(wanted).all()))

    async def number(self) -> int:
        """Number of all complaints, closed or not."""
        wanted = select(func.count()).select_from(CaseRow)
        return await self.database.read(lambda session: session.exec(wanted).one())

    async def queued(self) -> tuple[int, datetime | None]:
        """Number of complaints that wait for an owner of their own, and the first instant of a wait."""
        row = CaseRow
        wanted = select(func.count(), func.min(row.queued_since)).where(col(row.queued_since).is_not(None))
        return await self.database.read(lambda session: session.exec(wanted).one())

    async def had(self, owner: str | None, team: str | None) -> bool:
        """Whether any complaint has this owner or team."""
        wanted = select(CaseRow.complaint_id).limit(1)
        if owner:
            wanted = wanted.where(CaseRow.owner == owner)
        if team:
            wanted = wanted.where(CaseRow.team == team)
        return await self.database.read(lambda session: session.exec(wanted).first() is not None)

    async def regimes(self) -> set[str]:
        """Regimes of the open complaints, also those of earlier policies."""
        sets = await self.database.read(sets_of_regimes)
        return {name for one in sets for name in one.split()}

    async def worklist(self, query: WorklistQuery, teams: Sequence[str] | None = None) -> Worklist:
        """Page of complaints; `teams` are those of the manager in the request. Raises `BadCursor`."""
        return await self.database.read(lambda session: page(session, query, _wall_clock(), teams))


_FOLLOWED = (
    select(CaseRow.stage, CaseRow.next_due, CaseRow.followup)
    .where(CaseRow.complaint_id == bindparam("complaint"))
    .with_for_update()
)
_CHANGED = update(CaseRow).where(col(CaseRow.complaint_id) == bindparam("complaint"))

_WAITING_DUE = update(CaseWaitingRow).where(col(CaseWaitingRow.complaint_id) == bindparam("complaint"))

_STANDING = select(CaseRow.stage, CaseRow.outcome).where(CaseRow.complaint_id == bindparam("complaint"))


def _stored(session: Session, complaint_id: str) -> tuple[str, str | None] | None:
    row = session.connection().execute(_STANDING, {"complaint": complaint_id}).first()
    return (row[0], row[1]) if row else None


_RECORDED = select(CaseRow.recorded_seq, CaseRow.waits_for).where(
    CaseRow.complaint_id == bindparam("complaint")
)


def _keep(database: Database) -> Any:
    """Statement that inserts a row or updates it; the facts of followup stay."""
    insert = database.insert(CaseRow)
    own = [name for name in CaseRow.model_fields if name not in ("complaint_id", "followup", "sooner_at")]
    due, before = insert.excluded["next_due"], col(CaseRow.next_due)
    sooner = or_(due < before, and_(before.is_(None), due.is_not(None)))
    kept = CaseRow.metadata.tables["complaint_case"].c.sooner_at
    marked = case((sooner, bindparam(MARKED, type_=kept.type)), else_=kept)
    changed = {name: insert.excluded[name] for name in own} | {"sooner_at": marked}
    return insert.on_conflict_do_update(index_elements=["complaint_id"], set_=changed)


def _wall_clock() -> datetime:
    """Instant with which a row is marked, and at which a walk through the worklist begins."""
    return datetime.now(UTC)


_NO_LONGER = delete(CaseWaitingRow).where(col(CaseWaitingRow.complaint_id) == bindparam("complaint"))

OPEN_CLOCKS = ("running", "paused", "breached")


def spaced(names: Iterable[str]) -> str:
    """Names in order, with a blank before, between and after; none is the empty text."""
    return f" {' '.join(sorted(names))} " if names else ""


def _columns(flush: Flush) -> dict[str, Any]:
    state, whole = flush.state, flush.state.model_dump(mode="json")
    return {
        "complaint_id": state.complaint_id,
        "stage": state.stage,
        "cycle": state.cycle,
        "severity": state.severity,
        "category": state.category,
        "owner": state.owner,
        "team": state.team,
        "received_at": state.received_at,
        "next_due": state.next_due,
        "next_obligation": state.next_obligation,
        "outcome": state.outcome,
        "group_ref": state.group_ref,
        "roster": flush.roster,
        "unattended": unattended(whole),
        "unsure": state.unsure,
        "regimes": spaced({one.regime for one in state.obligations if one.status in OPEN_CLOCKS}),
        "waits_for": spaced(waits_for(whole)),
        "recorded_seq": flush.seq,
        "customer": flush.customer or None,
        "queued_since": state.queued_since,
        "wanted": flush.wanted.model_dump(mode="json") if flush.wanted else None,
        MARKED: _wall_clock(),
        "state": whole,
        "followup": {},
    }
