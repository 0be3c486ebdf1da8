"""Choosing owners, also when several processes do it at once: their load is counted in the database.

One process chooses at a time. Complaints in the queue are served in its order, gravest and oldest first,
whichever of them asks: a choice for one that waits is kept as a row (`AssigningRow`), which its workflow
takes. Nothing is lost if a process dies: a row that no workflow took is chosen anew, a row that one took
counts until the case has a later fact.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, text
from sqlmodel import Session, col, delete, func, select

from services.routing.assignment import Assignment, chosen_for
from services.routing.rules.renewing import Question
from services.routing.staffing.swapping import exchanges
from services.routing.staffing.swaps_kept import recent
from services.routing.tables import AssigningRow, CaseRow, PresenceRow, TurnRow
from shared.contract.values import NOBODY, Stage
from shared.policy.house import Moment, Signed, house_of
from shared.policy.models import Pack
from shared.policy.timetable import Exchange
from shared.runtime.storage.database import Database
from shared.runtime.storage.group_commit import Batcher

Pick = Callable[[Moment, str | None], Assignment]
"""Choice by the load of all staff and their presence, and the owner of the customer's last complaint."""

FORGOTTEN = timedelta(hours=1)
"""Time after which a choice that no case shows no longer counts."""

MOST = 100
"""Complaints of the queue that are served at once."""

OVER = (Stage.FOLLOWING_UP, Stage.CLOSED)


@dataclass(frozen=True)
class Wanted:
    """Request for an owner of this complaint; `customer` is the key of its customer.

    With `pack`, complaints in the queue are served first.
    """

    complaint_id: str
    pick: Pick
    pack: Pack | None = None
    customer: str | None = None


@dataclass(frozen=True)
class Found:
    """Choice for a new complaint, and the owner of the customer's last complaint."""

    chosen: Assignment
    former: str | None = None


class Choosing:
    """Chooses one after another: each choice counts for the next, also in another process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def many(self, wanted: list[Wanted]) -> list[Found]:
        """Choose for all that wait at the same time in one transaction: the work of a `Batcher`."""
        return await self._database.write(lambda session: self._choose(session, wanted))

    async def moment(self) -> Moment:
        """Load and presence of all staff now."""
        return await self._database.read(lambda session: _moment(session, []))

    async def exchanges(self) -> dict[str, Exchange]:
        """Shifts that people swapped."""
        return await self._database.read(lambda session: exchanges(recent(session, datetime.now(UTC))))

    async def for_one(self, pack: Pack, asked: Question) -> Assignment:
        """Choose for a complaint that is open already; those before it in the queue are served first."""
        return await self._database.write(lambda session: self._served(session, pack, asked))

    async def served(self, pack: Pack) -> list[str]:
        """Serve the queue; returns the complaints for which a person is free, in order."""

        def work(session: Session) -> list[str]:
            self._alone(session)
            return [one for one, chosen in self._queue(session, pack) if not chosen.waits]

        return await self._database.write(work)

    def _alone(self, session: Session) -> datetime:
        """Wait for other processes that choose, and forget what is stored by now."""
        connection, now = session.connection(), datetime.now(UTC)
        if not self._database.is_sqlite:
            # Until this is committed the others wait; SQLite has one writer anyway, from the deletion on.
            connection.execute(text("LOCK TABLE assigning IN SHARE ROW EXCLUSIVE MODE"))
        shown = select(CaseRow.complaint_id).where(
            col(CaseRow.complaint_id) == AssigningRow.complaint_id,
            col(CaseRow.recorded_seq) > AssigningRow.after_seq,
        )
        over = or_(shown.exists(), col(AssigningRow.at) < now - FORGOTTEN)
        connection.execute(delete(AssigningRow).where(over))
        return now

    def _choose(self, session: Session, wanted: list[Wanted]) -> list[Found]:
        now = self._alone(session)
        if (pack := wanted[0].pack) and _waiting(session, 1):
            self._queue(session, pack)
        moment, found = _moment(session, [one.complaint_id for one in wanted]), list[Found]()
        former = _former(session, [one.customer for one in wanted if one.customer])
        for one in wanted:
            last = former.get(one.customer or "")
            chosen = one.pick(moment, last)
            moment.count(chosen.owner)
            found.append(Found(chosen, last))
        self._keep(
            session,
            [_row(w.complaint_id, f.chosen, now, 0) for w, f in zip(wanted, found, strict=True)],
        )
        self._keep_turns(session, moment)
        return found

    def _served(self, session: Session, pack: Pack, asked: Question) -> Assignment:
        now = self._alone(session)
        if asked.since is None:
            moment = _moment(session, [asked.complaint_id])
            chosen = chosen_for(pack, asked, moment.load, replace(moment, now=asked.at or now))
            moment.count(chosen.owner)
            self._keep_turns(session, moment)
        else:
            chosen = dict(self._queue(session, pack, asked))[asked.complaint_id]
        if not (asked.since and chosen.waits):
            self._keep(session, [_row(asked.complaint_id, chosen, now, asked.seq)])
        return chosen

    def _queue(
        self, session: Session, pack: Pack, asked: Question | None = None
    ) -> list[tuple[str, Assignment]]:
        """Choices for the first of the queue, and for the complaint that asks, in the order of the queue."""
        rows = _waiting(session)
        line = {one.complaint_id: one for row in rows if (one := Question.model_validate(row.wanted))}
        if asked:
            line[asked.complaint_id] = asked
        moment = _moment(session, list(line))
        found, ready, now = list[tuple[str, Assignment]](), list[dict[str, object]](), moment.now
        for one in sorted(line.values(), key=_turn):
            asks = asked is not None and one.complaint_id == asked.complaint_id
            if not asks and not _any_room(pack, moment):
                continue
            at = max(now, one.at) if one.at else now
            chosen = chosen_for(pack, one, moment.load, replace(moment, now=at))
            found.append((one.complaint_id, chosen))
            if not chosen.waits:
                moment.count(chosen.owner)
                ready += [] if asks else [_row(one.complaint_id, chosen, now, one.seq, taken=False)]
        session.connection().execute(delete(AssigningRow).where(col(AssigningRow.complaint_id).in_(line)))
        self._keep(session, ready)
        self._keep_turns(session, moment)
        return found

    def _keep_turns(self, session: Session, moment: Moment) -> None:
        insert = self._database.insert(TurnRow)
        number = {"number": insert.excluded.number}
        turns = [{"staff": who, "number": moment.turns[who]} for who in sorted(moment.named)]
        if turns:
            anew = insert.on_conflict_do_update(index_elements=["staff"], set_=number)
            session.connection().execute(anew, turns)

    def _keep(self, session: Session, rows: list[dict[str, object]]) -> None:
        if not rows:
            return
        insert = self._database.insert(AssigningRow)
        own = ("owner", "at", "after_seq", "taken")
        anew = insert.on_conflict_do_update(
            index_elements=["complaint_id"], set_={name: insert.excluded[name] for name in own}
        )
        session.connection().execute(anew, rows)


def _row(
    complaint: str, chosen: Assignment, at: datetime, seq: int, *, taken: bool = True
) -> dict[str, object]:
    return {"complaint_id": complaint, "owner": chosen.owner, "at": at, "after_seq": seq, "taken": taken}


def _turn(one: Question) -> tuple[int, datetime, str]:
    """Place in the queue: the gravest first, and of these the oldest."""
    return -one.severity, one.received_at or datetime.max.replace(tzinfo=UTC), one.complaint_id


def _waiting(session: Session, most: int = MOST) -> list[CaseRow]:
    """First rows of the queue, without those that a workflow is taking an owner for."""
    taken = select(AssigningRow.complaint_id).where(
        col(AssigningRow.complaint_id) == CaseRow.complaint_id, col(AssigningRow.taken)
    )
    rows = select(CaseRow).where(text("queued_since IS NOT NULL"), ~taken.exists())
    order = (col(CaseRow.severity).desc(), col(CaseRow.received_at), col(CaseRow.complaint_id))
    return list(session.exec(rows.order_by(*order).limit(most)).all())


def _any_room(pack: Pack, moment: Moment) -> bool:
    house = house_of(pack)
    return any(
        moment.load.get(who, 0) < house.staff[who].capacity and house.present(who, moment)
        for who in house.agents
    )


def _moment(session: Session, besides: list[str]) -> Moment:
    """Load of all staff, without the complaints that are chosen for now, and who signed on or off."""
    turns = {row.staff: row.number for row in session.exec(select(TurnRow)).all()}
    now = datetime.now(UTC)
    swapped = exchanges(recent(session, now))
    return Moment(now, _load(session, besides), _signed(session), turns, exchanges=swapped)


def _load(session: Session, besides: list[str]) -> dict[str, int]:
    """Open cases, and those on their way to one, by owner; not the complaints that are chosen for now."""
    cases = select(CaseRow.owner, func.count()).where(col(CaseRow.stage).not_in(OVER))
    load = dict(session.exec(cases.group_by(CaseRow.owner)).all())
    coming = select(AssigningRow.owner, func.count()).where(
        col(AssigningRow.complaint_id).not_in(besides), col(AssigningRow.owner) != NOBODY
    )
    for owner, count in session.exec(coming.group_by(AssigningRow.owner)).all():
        load[owner] = load.get(owner, 0) + count
    return load


def _signed(session: Session) -> dict[str, Signed]:
    newest = select(func.max(PresenceRow.id)).group_by(PresenceRow.staff)
    rows = session.exec(select(PresenceRow).where(col(PresenceRow.id).in_(newest))).all()
    return {row.staff: Signed(row.present, row.until) for row in rows}


def _former(session: Session, customers: list[str]) -> dict[str, str]:
    """Owner of the last complaint of each of these customers."""
    rows = select(CaseRow.customer, CaseRow.owner).where(col(CaseRow.customer).in_(customers))
    found = session.exec(rows.order_by(col(CaseRow.received_at))).all() if customers else []
    return {customer: owner for customer, owner in found if customer}


def batched(database: Database) -> Batcher[Wanted, Found]:
    """To be entered as long as routing runs."""
    return Batcher(Choosing(database).many)
