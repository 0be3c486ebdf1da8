"""Pages of complaints, by keys that have an index, on SQLite and PostgreSQL alike.

A page ends with a position: how far the walk is, and when it began. By due instant a complaint that is due
sooner than before may move to where the walk was already. So after the last page of that order, pages follow
of those that became due sooner since the walk began, by id, which never changes: what stays open comes at
least once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import AwareDatetime, Field, TypeAdapter
from sqlalchemy import Select, and_, false, true, tuple_, union_all
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from services.routing import worklist_ranges as ranges
from services.routing.next_steps import next_steps
from services.routing.staffing.missing import holders
from services.routing.tables import CaseRow
from shared.contract.cursors import cursor_of, position_in
from shared.contract.queries import WorkItem, Worklist, WorklistQuery

CLOCKS_APART = timedelta(seconds=5)
"""Greatest difference between the clocks of two processes plus the longest transaction."""

Started = AwareDatetime
Id = Annotated[str, Field(max_length=64)]
Position = (
    tuple[Literal["due"], Started, AwareDatetime | None, Id]
    | tuple[Literal["moved"], Started, Literal[""] | Id]
    | tuple[Literal["id"], Started, Id]
)
POSITION: TypeAdapter[Position] = TypeAdapter(Position)


@dataclass(frozen=True)
class PageRequest:
    """Request with the values of its filters; `now` is the instant at which its walk began."""

    query: WorklistQuery
    values: ranges.Values
    now: datetime

    def ranges(self) -> Iterator[ranges.Ids]:
        return ranges.ranges(self.query, self.values, self.now)


def page(
    session: Session, query: WorklistQuery, now: datetime, teams: Sequence[str] | None = None
) -> Worklist:
    """Page of the worklist; `teams` are those of the manager in the request. Raises `BadCursor`."""
    chosen = query.chosen()
    at: Position | None = position_in(query.cursor, query.NAME, chosen, POSITION) if query.cursor else None
    started = at[1] if at else now
    kind = at[0] if at else ("id" if query.by == "complaint_id" else "due")
    wanted = PageRequest(query, ranges.wanted(session, query, teams), started)
    rows = _rows(session, wanted, kind, at, query.limit + 1)
    kept = rows[: query.limit]
    following = _following(query, kind, started, kept, more=len(rows) > query.limit)
    cursor = cursor_of(query.NAME, chosen, following) if following else None
    return Worklist(items=[_item(row, query.person) for row in kept], next_cursor=cursor)


def _following(
    query: WorklistQuery, kind: str, started: datetime, rows: list[CaseRow], *, more: bool
) -> list[Any] | None:
    """Position after these rows; None at the end of the walk."""
    begun = started.isoformat()
    if more and kind == "due":
        due = rows[-1].next_due
        return ["due", begun, due.isoformat() if due else None, rows[-1].complaint_id]
    if more:
        return [kind, begun, rows[-1].complaint_id]
    # A walk of one page saw one state of the table: nothing can have moved meanwhile.
    return ["moved", begun, ""] if kind == "due" and query.cursor else None


def _rows(session: Session, wanted: PageRequest, kind: str, at: Position | None, limit: int) -> list[CaseRow]:
    """Rows behind the position, in the order of their kind."""
    if kind == "due":
        return _by_due(session, wanted, at, limit)
    return list(session.exec(by_id(wanted, kind, at, limit)).all())


def by_id(wanted: PageRequest, kind: str, at: Position | None, limit: int) -> SelectOfScalar[CaseRow]:
    """Statement for rows in the order of their ids.

    The rows that moved are found by the instant at which they did: they are few, and the order of ids would
    lead through the whole table.
    """
    person = wanted.query.person
    statement, key = select(CaseRow), cast(Any, col(CaseRow.complaint_id))
    own = [*ranges.conditions(wanted.query, wanted.values, wanted.now)]
    own += [ranges.is_of(person)] if person else []
    if kind == "moved" and at is not None:
        key, own = func.coalesce(key, key), [func.coalesce(and_(true(), *own), false())]
        statement = statement.where(col(CaseRow.sooner_at) >= at[1] - CLOCKS_APART)
    if at is not None:
        statement = statement.where(key > at[-1])
    return statement.where(*own).order_by(key).limit(limit)


def _by_due(session: Session, wanted: PageRequest, at: Position | None, limit: int) -> list[CaseRow]:
    statement = by_due(list(wanted.ranges()), at, limit)
    return [] if statement is None else list(session.scalars(statement).all())


def by_due(chosen: Sequence[ranges.Ids], at: Position | None, limit: int) -> Select[CaseRow] | None:
    """Statement for rows in the order of their due instants; None if nothing can be chosen.

    First what has a due instant, then what has none: two ranges of each index, however far behind. One
    statement, which sees one state of the table: between two, a complaint could pass from one range to the
    other.
    """
    parts = [part for ids in chosen for part in _behind(ids, at, limit)]
    if not parts:
        return None
    found = union_all(*(sql_select(one.subquery()) for one in parts)).subquery()
    last = found.c.next_due.is_(None)
    first = sql_select(found.c.complaint_id, found.c.next_due)
    places = first.order_by(last, found.c.next_due, found.c.complaint_id).limit(limit).subquery()
    rows = sql_select(CaseRow).join(places, col(CaseRow.complaint_id) == places.c.complaint_id)
    return rows.order_by(places.c.next_due.is_(None), places.c.next_due, places.c.complaint_id)


def _behind(ids: ranges.Ids, at: Position | None, limit: int) -> list[ranges.Ids]:
    """Parts of a range behind the position: with a due instant, and without."""
    key, due = ids.selected_columns.complaint_id, ids.selected_columns.next_due
    ordered = ids.order_by(due, key).limit(limit)
    dated, undated = ordered.where(due.is_not(None)), ordered.where(due.is_(None))
    if at is None or at[0] != "due":
        return [dated, undated]
    if at[2] is None:
        return [undated.where(key > at[3])]
    return [dated.where(tuple_(due, key) > (at[2], at[3])), undated]


def _item(row: CaseRow, person: str | None) -> WorkItem:
    master = row.group_ref is not None and row.state.get("external_ref") == row.group_ref
    steps = next_steps({**row.state, "stage": row.stage, "cycle": row.cycle, "followup": row.followup})
    more = {
        "binding": row.state.get("binding"),
        "master": master,
        "missing": sorted(holders(row.state)),
        "suggestions": row.state.get("suggestions", []),
        "regimes": row.regimes.split(),
        "next_steps": [one for one in steps if person in (None, one.who)],
    }
    return WorkItem.model_validate(row.model_dump() | more)
