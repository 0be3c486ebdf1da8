"""Ranges of indexes that a page of the worklist reads: the best filter leads, the others are looked up in its
index.

A filter that holds for several values (the teams of a manager, the sets of regimes with a given regime) is
several ranges, of each of which at most a page is read. The conditions that do not lead are written so
that no database takes an index for them: it would read all that match, and sort.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, text, true
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from services.routing.tables import CaseRow, CaseWaitingRow
from shared.contract.queries import WorklistQuery

OPEN = text("stage <> 'closed'")
"""Condition as the index has it: a database does not prove that a parameter is equal."""

LEADS = ("owner", "unsure", "team", "category", "regimes", "severity", "stage")
"""Filters in the order in which they lead: which of two usually leaves fewer complaints?"""

MOST_SETS = 200
"""Most sets of regimes; a policy has a handful."""

Ids = Select[str, datetime | None]
"""Ids and due instants of complaints."""

Values = dict[str, Sequence[Any]]
"""Wanted values by column; a column with several values holds for any of them."""


def wanted(session: Session, query: WorklistQuery, teams: Sequence[str] | None) -> Values:
    """Values of the filters of a request; `teams` are those of its manager."""
    single = {
        "owner": query.owner,
        "team": query.team,
        "stage": query.stage,
        "severity": query.severity,
        "category": query.category,
        "unsure": query.unsure,
    }
    found: Values = {name: [value] for name, value in single.items() if value is not None}
    if teams is not None:
        found["team"] = [one for one in teams if query.team in (None, one)]
    if query.regime:
        found["regimes"] = [one for one in sets_of_regimes(session) if f" {query.regime} " in one]
    return found


def conditions(query: WorklistQuery, values: Values, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions of a request that are not its leading filter."""
    found: list[Any] = [] if query.include_closed or query.group else [OPEN]
    if query.group:
        found.append(col(CaseRow.group_ref) == query.group)
    if query.overdue:
        found.append(col(CaseRow.next_due) < now)
    return [*found, *(_looked_up(name, some) for name, some in values.items())]


def ranges(query: WorklistQuery, values: Values, now: datetime) -> Iterator[Ids]:
    """Ranges that hold all complaints of a request, without order and limit."""
    ids = sql_select(col(CaseRow.complaint_id), col(CaseRow.next_due))
    if query.person:
        yield from _of_a_person(query, values, now, query.person)
        return
    lead = next((name for name in LEADS if name in values), None)
    rest = conditions(query, {name: some for name, some in values.items() if name != lead}, now)
    for value in values[lead] if lead else [None]:
        leading = _column(lead) == value if lead else true()
        yield ids.where(leading, *rest)


def is_of(person: str) -> ColumnElement[bool]:
    """Condition that a complaint is a person's, or has something that waits for them."""
    waiting = select(CaseWaitingRow.complaint_id).where(CaseWaitingRow.person == person)
    return (col(CaseRow.owner) == person) | col(CaseRow.complaint_id).in_(waiting)


def _of_a_person(query: WorklistQuery, values: Values, now: datetime, person: str) -> Iterator[Ids]:
    rest = conditions(query, values, now)
    yield sql_select(col(CaseRow.complaint_id), col(CaseRow.next_due)).where(
        col(CaseRow.owner) == person, *rest
    )
    row = CaseWaitingRow
    waiting = sql_select(col(row.complaint_id), col(row.next_due)).where(col(row.person) == person)
    if query.overdue:
        waiting = waiting.where(col(row.next_due) < now)
    if values:
        same = and_(col(CaseRow.complaint_id) == row.complaint_id, *rest)
        waiting = waiting.join(CaseRow, same)
    yield waiting


def _column(name: str) -> Any:
    return col(getattr(CaseRow, name))


def _looked_up(name: str, values: Sequence[Any]) -> ColumnElement[bool]:
    """Condition for which no index is searched."""
    column = _column(name)
    return func.coalesce(column, column).in_(values)


def sets_of_regimes(session: Session) -> list[str]:
    """Distinct sets of regimes among open complaints: one look into the index for each."""
    found: list[str] = []
    regimes = col(CaseRow.regimes)
    while len(found) < MOST_SETS:
        following = select(CaseRow.regimes).where(OPEN, regimes > (found[-1] if found else ""))
        if (one := session.exec(following.order_by(regimes).limit(1)).first()) is None:
            break
        found.append(one)
    return found
