"""Pages of complaints, by keys that have an index, on SQLite and PostgreSQL alike.

A page ends with a position: how far the walk is, and when it began. By due instant a complaint that is due
sooner than before may move to where the walk was already. So after the last page of that order, pages follow
of those that became due sooner since the walk began, by id, which never changes: what stays open comes at
least once.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter
from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.routing.staffing.missing import holders
from services.routing.tables import CaseRow
from shared.contract.cursors import cursor_of, position_in
from shared.contract.queries import WorkItem, Worklist, WorklistQuery

CLOCKS_APART = timedelta(seconds=5)
"""How far the clocks of two processes may be apart, and how long a transaction may take."""

OPEN = text("stage <> 'closed'")
"""As the index has it: a database does not prove that a parameter says the same."""

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
    """A page. Raises `BadCursor`."""
    chosen = query.chosen()
    at: Position | None = position_in(query.cursor, query.NAME, chosen, POSITION) if query.cursor else None
    started = at[1] if at else now
    kind = at[0] if at else ("id" if query.by == "complaint_id" else "due")
    rows = list(session.exec(_wanted(query, kind, at).limit(query.limit + 1)).all())
    kept = rows[: query.limit]
    following = _following(query, kind, started, kept, more=len(rows) > query.limit)
    cursor = cursor_of(query.NAME, chosen, following) if following else None
    return Worklist(items=[_item(row) for row in kept], next_cursor=cursor)


def _following(
    query: WorklistQuery, kind: str, started: datetime, rows: list[CaseRow], *, more: bool
) -> list[Any] | None:
    """The position after these rows; None at the end of the walk."""
    begun = started.isoformat()
    if more and kind == "due":
        due = rows[-1].next_due
        return ["due", begun, due.isoformat() if due else None, rows[-1].complaint_id]
    if more:
        return [kind, begun, rows[-1].complaint_id]
    # A walk of one page saw one state of the table: nothing can have moved meanwhile.
    return ["moved", begun, ""] if kind == "due" and query.cursor else None


def _wanted(query: WorklistQuery, kind: str, at: Position | None) -> Rows:
    key, due, absent = col(CaseRow.complaint_id), col(CaseRow.next_due), col(CaseRow.next_due).is_(None)
    statement = _filtered(query)
    if kind == "due":
        statement = statement.order_by(absent, due, key)
        if at is not None and at[0] == "due":
            after = absent & (key > at[3])
            if at[2] is not None:
                after = absent | (due > at[2]) | ((due == at[2]) & (key > at[3]))
            statement = statement.where(after)
        return statement
    if kind == "moved" and at is not None:
        statement = statement.where(col(CaseRow.sooner_at) >= at[1] - CLOCKS_APART)
    if at is not None:
        statement = statement.where(key > at[-1])
    return statement.order_by(key)


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
    return WorkItem.model_validate(row.model_dump() | more)
