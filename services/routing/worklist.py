"""Pages of complaints, by keys that have an index, on SQLite and PostgreSQL alike.

A page ends with a position: how far the walk is, and when it began. By due instant a complaint that is due
sooner than before may move to where the walk was already. So after the last page of that order, pages follow
of those that became due sooner since the walk began, by id, which never changes: what stays open comes at
least once.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter
from sqlalchemy import select as sql_select
from sqlalchemy import text, tuple_, union_all
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.routing.staffing.missing import holders
from services.routing.tables import CaseRow
from shared.contract.cursors import cursor_of, position_in
from shared.contract.queries import WorkItem, Worklist, WorklistQuery

CLOCKS_APART = timedelta(seconds=5)
"""Greatest difference between the clocks of two processes plus the longest transaction."""

OPEN = text("stage <> 'closed'")
"""Condition as the index has it: a database does not prove that a parameter is equal."""

Started = AwareDatetime
Id = Annotated[str, Field(max_length=64)]
Position = (
    tuple[Literal["due"], Started, AwareDatetime | None, Id]
    | tuple[Literal["moved"], Started, Literal[""] | Id]
    | tuple[Literal["id"], Started, Id]
)
POSITION: TypeAdapter[Position] = TypeAdapter(Position)

Rows = SelectOfScalar[CaseRow]


def page(session: Session, query: WorklistQuery, now: datetime) -> Worklist:
    """Page of the worklist. Raises `BadCursor`."""
    chosen = query.chosen()
    at: Position | None = position_in(query.cursor, query.NAME, chosen, POSITION) if query.cursor else None
    started = at[1] if at else now
    kind = at[0] if at else ("id" if query.by == "complaint_id" else "due")
    rows = _rows(session, query, kind, at, query.limit + 1)
    kept = rows[: query.limit]
    following = _following(query, kind, started, kept, more=len(rows) > query.limit)
    cursor = cursor_of(query.NAME, chosen, following) if following else None
    return Worklist(items=[_item(row) for row in kept], next_cursor=cursor)


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


def _rows(
    session: Session, query: WorklistQuery, kind: str, at: Position | None, limit: int
) -> list[CaseRow]:
    """Rows behind the position, in the order of their kind."""
    if kind == "due":
        return _by_due(session, query, at, limit)
    key, statement = col(CaseRow.complaint_id), _filtered(query)
    if kind == "moved" and at is not None:
        statement = statement.where(col(CaseRow.sooner_at) >= at[1] - CLOCKS_APART)
    if at is not None:
        statement = statement.where(key > at[-1])
    return list(session.exec(statement.order_by(key).limit(limit)).all())


def _by_due(session: Session, query: WorklistQuery, at: Position | None, limit: int) -> list[CaseRow]:
    """First what has a due instant, then what has none: two ranges of one index, however far behind.

    One statement, which sees one state of the table: between two, a complaint could pass from one range to
    the other.
    """
    key, due = col(CaseRow.complaint_id), col(CaseRow.next_due)
    ordered = _filtered(query).order_by(due, key).limit(limit)
    dated, undated = ordered.where(due.is_not(None)), ordered.where(due.is_(None))
    if at is None or at[0] != "due":
        ranges = [dated, undated]
    elif at[2] is None:
        ranges = [undated.where(key > at[3])]
    else:
        ranges = [dated.where(tuple_(due, key) > (at[2], at[3])), undated]
    both = union_all(*(sql_select(one.subquery()) for one in ranges))
    rows = session.scalars(sql_select(CaseRow).from_statement(both)).all()
    return sorted(rows, key=lambda row: row.next_due is None)[:limit]


def _filtered(query: WorklistQuery) -> Rows:
    statement = select(CaseRow)
    if query.group:
        statement = statement.where(CaseRow.group_ref == query.group)
    elif not query.include_closed:
        statement = statement.where(OPEN)
    if query.owner:
        statement = statement.where(CaseRow.owner == query.owner)
    if query.team:
        statement = statement.where(CaseRow.team == query.team)
    return statement


def _item(row: CaseRow) -> WorkItem:
    master = row.group_ref is not None and row.state.get("external_ref") == row.group_ref
    people = sorted(holders(row.state))
    more = {"binding": row.state.get("binding"), "master": master, "missing": people}
    more["suggestions"] = row.state.get("suggestions", [])
    return WorkItem.model_validate(row.model_dump() | more)
