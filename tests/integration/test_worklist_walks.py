"""Whoever walks through the worklist sees every complaint that stays open, on SQLite and on PostgreSQL."""

import base64
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations
from random import Random

import orjson
import pytest
from sqlalchemy import text
from sqlmodel import Session

from services.routing import worklist_ranges as ranges
from services.routing.flushing import Flush
from services.routing.store import Store
from services.routing.tables import CaseRow, CaseWaitingRow
from services.routing.view import view
from services.routing.worklist import PageRequest, by_due, by_id
from shared.contract.cursors import BadCursor, cursor_of
from shared.contract.ids import complaint_id
from shared.contract.queries import WorklistQuery
from shared.contract.values import Stage
from shared.runtime.storage.database import Database
from tests.integration.test_routing_store import (
    database,
    flush_of,
    save,
    store,
)
from tests.unit.cases import MONDAY, Playing, policy, received

__all__ = ["database", "store"]


async def put(store: Store, number: int, due: datetime | None, stage: Stage = Stage.ANALYSING) -> str:
    flush = flush_of(number)
    flush.state.next_due, flush.state.stage = due, stage
    await save(store, flush)
    return flush.state.complaint_id


async def move(store: Store, number: int, due: datetime | None, seq: int = 1) -> None:
    """What a later flush of the workflow does."""
    flush: Flush = flush_of(number)
    flush.seq += seq
    flush.facts = []
    flush.state.next_due = due
    await save(store, flush)


async def walk(store: Store, between: Callable[[int], object] | None = None, **wanted: object) -> list[str]:
    """The ids in the order in which they come; `between` is called after each page."""
    seen: list[str] = []
    cursor, pages = None, 0
    while True:
        page = await store.worklist(WorklistQuery.model_validate(wanted | {"cursor": cursor}))
        seen += [item.complaint_id for item in page.items]
        cursor, pages = page.next_cursor, pages + 1
        if cursor is None:
            return seen
        assert pages < 200
        if between:
            await between(pages)  # type: ignore[misc]


async def test_a_row_says_whether_its_category_is_sure(store: Store) -> None:
    for number, unsure in ((1, True), (2, False)):
        flush = flush_of(number)
        flush.state.unsure = unsure
        await save(store, flush)
    page = await store.worklist(WorklistQuery(by="complaint_id"))
    found = {one.complaint_id: one.unsure for one in page.items}
    assert found == {flush_of(1).state.complaint_id: True, flush_of(2).state.complaint_id: False}


async def test_two_paused_complaints_are_two_pages(store: Store) -> None:
    both = {await put(store, number, None) for number in range(2)}
    seen = await walk(store, limit=1)
    assert (len(seen), set(seen)) == (2, both)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
async def test_equal_keys_and_missing_keys_lose_nothing(store: Store, limit: int) -> None:
    soon, later = MONDAY, MONDAY + timedelta(microseconds=1)
    dues = [soon, None, soon, later, None, later, soon, None]
    every = [await put(store, number, due) for number, due in enumerate(dues)]
    await put(store, 50, None, Stage.CLOSED)
    seen = await walk(store, limit=limit)
    due_of = dict(zip(every, dues, strict=True))
    assert sorted(seen) == sorted(every)
    assert seen == sorted(seen, key=lambda one: (due_of[one] is None, due_of[one] or MONDAY, one))
    assert sorted(await walk(store, limit=limit, by="complaint_id")) == sorted(every)


async def test_a_row_that_moves_behind_the_walk_still_comes(store: Store) -> None:
    every = [await put(store, number, MONDAY + timedelta(days=number)) for number in range(12)]

    async def moves(pages: int) -> None:
        """What is not seen yet jumps to the front, or out of a pause, or back and forth."""
        late = 12 - pages
        if 6 <= late < 12:
            await move(store, late, MONDAY - timedelta(days=late), seq=2 * pages)
            await move(store, late, None if late % 2 else MONDAY - timedelta(hours=late), seq=2 * pages + 1)

    seen = await walk(store, moves, limit=2)
    assert set(seen) == set(every)


async def test_a_walk_by_id_sees_each_row_once_whatever_moves(store: Store) -> None:
    every = [await put(store, number, MONDAY + timedelta(days=number)) for number in range(9)]

    async def moves(pages: int) -> None:
        for number in range(9):
            await move(store, number, MONDAY + timedelta(days=(number * 7 + pages) % 9), seq=pages)

    assert await walk(store, moves, limit=2, by="complaint_id") == sorted(every)


async def test_no_other_word_is_a_cursor(store: Store) -> None:
    for number in range(3):
        await put(store, number, MONDAY)
    good = (await store.worklist(WorklistQuery(limit=1))).next_cursor
    assert good
    chosen = WorklistQuery().chosen()
    wrong = [
        "", "x", "-", "=", "é", "\0", "A" * 999, good[:-1], good + "A", good + "=", good.swapcase(),
        good[::-1],
        base64.b64encode(b"anything").decode(), base64.urlsafe_b64encode(orjson.dumps([None, "C"])).decode(),
        secrets.token_urlsafe(40), cursor_of("timeline", chosen, [["C"], 1]),
        *(cursor_of("worklist", chosen, position) for position in (
            None, [], {}, 1, ["due"], ["due", "now", None, "C"], ["due", "2026-11-21T00:00:00", None, "C"],
            ["due", "2026-11-21T00:00:00Z", "soon", "C"], ["due", "2026-11-21T00:00:00Z", None, None],
            ["id", "2026-11-21T00:00:00Z", "C" * 65], ["due", "0001-01-01T00:00:00+14:00", None, {}],
        )),
    ]  # fmt: skip
    for word in wrong:
        if word:
            with pytest.raises(BadCursor):
                await store.worklist(WorklistQuery(limit=1, cursor=word))
    for other in (
        {"owner": "agent-1"},
        {"team": "t"},
        {"group": "g"},
        {"include_closed": True},
        {"by": "complaint_id"},
    ):
        with pytest.raises(BadCursor):
            await store.worklist(WorklistQuery.model_validate({"limit": 1, "cursor": good} | other))


async def test_a_cursor_holds_nothing_but_instants_and_ids(store: Store) -> None:
    for number in range(2):
        await put(store, number, MONDAY)
    cursor = (await store.worklist(WorklistQuery(limit=1, owner="agent-1"))).next_cursor or ""
    cursor = cursor or ((await store.worklist(WorklistQuery(limit=1))).next_cursor or "")
    said = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[9:])
    assert said[0] == "due"
    assert len(said) == 4


RANGES = {
    "complaint_case_open": "stage <> 'closed'",
    "complaint_case_due": "cycle = 1",
    "complaint_case_open_owner": "owner = 'owner-1' AND stage <> 'closed'",
    "complaint_case_open_team": "team = 'team-1' AND stage <> 'closed'",
}


@pytest.mark.parametrize("due", ["next_due > '2026-01-01'", "next_due IS NULL AND complaint_id > 'C1'"])
@pytest.mark.parametrize(("index", "chosen"), RANGES.items())
async def test_each_order_of_the_worklist_is_a_range_of_an_index(
    database: Database, store: Store, index: str, chosen: str, due: str
) -> None:
    for number in range(3):
        await put(store, number, MONDAY)
    wanted = (
        f"SELECT complaint_id FROM complaint_case WHERE {chosen} AND {due} "
        "ORDER BY next_due, complaint_id LIMIT 2"
    )

    def plan(session) -> str:  # type: ignore[no-untyped-def]
        if session.connection().dialect.name == "sqlite":
            return str(session.connection().execute(text(f"EXPLAIN QUERY PLAN {wanted}")).all())
        for costly in ("seqscan", "sort", "bitmapscan"):
            session.connection().execute(text(f"SET enable_{costly} = off"))
        return str(session.connection().execute(text(f"EXPLAIN {wanted}")).all())

    found = await database.read(plan)
    # Among three rows PostgreSQL may take another index; one that gives the order it has to take.
    assert index in found or (not database.is_sqlite and "Index" in found)
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found


# --- filters ------------------------------------------------------------------------------------------

FILTERS: dict[str, object] = {
    "owner": "owner-1",
    "team": "team-1",
    "person": "lead-9",
    "manager": "manager-1",
    "stage": "negotiating",
    "severity": 5,
    "category": "policy",
    "regime": "uk-disp",
    "unsure": True,
    "overdue": True,
}
PAIRS = [dict([one, other]) for one, other in combinations(FILTERS.items(), 2)]
TEAMS = ["team-1", "team-2"]
SETS = ("house", "cn-samr house", "house uk-disp")


async def put_many(store: Store, count: int) -> list[CaseRow]:
    """Rows of which each filter, and each pair of them, holds for some: the same at each run."""
    now, draw = datetime.now(UTC), Random(7)
    state = view(Playing(received(), policy(), {}, MONDAY).case.state).model_dump(mode="json")
    rows = [
        CaseRow(
            complaint_id=complaint_id("filters", str(number)),
            stage=draw.choice(("negotiating", "analysing", "following_up", "closed")),
            cycle=1,
            severity=draw.choice((5, 2)),
            category=draw.choice(("policy", "product")),
            owner=draw.choice(("owner-1", "owner-2")),
            team=draw.choice(("team-1", "team-2", "team-3")),
            received_at=now,
            next_due=draw.choice((None, *(now + timedelta(hours=hours) for hours in (-9, -9, -5, 3, 7)))),
            next_obligation="response_24h",
            outcome=None,
            recorded_seq=1,
            unsure=draw.choice((True, False)),
            regimes=f" {draw.choice(SETS)} ",
            state=state,
        )
        for number in range(count)
    ]
    for row in rows:
        row.waits_for = " lead-9 " if row.stage != "closed" and draw.random() < 0.3 else ""
    waiting = [
        CaseWaitingRow(person="lead-9", complaint_id=row.complaint_id, next_due=row.next_due)
        for row in rows
        if row.waits_for
    ]

    def work(session: Session) -> None:
        session.add_all([*rows, *waiting])

    await store.database.write(work)
    return rows


def holds(row: CaseRow, name: str, value: object) -> bool:
    """Whether a filter holds for a row, as anybody would write it."""
    match name:
        case "person":
            return f" {value} " in row.waits_for or row.owner == value
        case "manager":
            return row.team in TEAMS
        case "regime":
            return f" {value} " in row.regimes
        case "overdue":
            return row.next_due is not None and row.next_due < datetime.now(UTC)
    return bool(getattr(row, name) == value)


async def filtered(store: Store, **wanted: object) -> list[str]:
    """All pages of a request, five at a time."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = WorklistQuery.model_validate(wanted | {"limit": 5, "cursor": cursor})
        page = await store.worklist(query, TEAMS if query.manager else None)
        seen += [item.complaint_id for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen


async def test_each_filter_and_each_pair_gives_exactly_its_complaints_soonest_due_first(store: Store) -> None:
    rows = await put_many(store, 240)
    for wanted in [{}, *({name: value} for name, value in FILTERS.items()), *PAIRS]:
        expected = [row for row in rows if row.stage != "closed"]
        expected = [row for row in expected if all(holds(row, *one) for one in wanted.items())]
        expected.sort(key=lambda row: (row.next_due is None, row.next_due or MONDAY, row.complaint_id))
        assert expected, wanted
        assert await filtered(store, **wanted) == [row.complaint_id for row in expected], wanted


async def test_no_page_of_any_filter_or_pair_reads_more_than_a_range_of_an_index(
    database: Database, store: Store
) -> None:
    await put_many(store, 240)

    def plan(session: Session, wanted: dict[str, object]) -> list[str]:
        query = WorklistQuery.model_validate(wanted)
        values = ranges.wanted(session, query, TEAMS if query.manager else None)
        statement = by_due(list(ranges.ranges(query, values, MONDAY)), None, 5)
        assert statement is not None
        connection = session.connection()
        words = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        if database.is_sqlite:
            return [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {words}")).all()]
        for costly in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            connection.execute(text(f"SET enable_{costly} = off"))
        return [row[0] for row in connection.execute(text(f"EXPLAIN {words}")).all()]

    for wanted in [{}, *({name: value} for name, value in FILTERS.items()), *PAIRS]:
        steps = await database.read(partial(plan, wanted=wanted))
        tables = [one for one in steps if "complaint_case" in one or "case_waiting" in one]
        read = [one for one in tables if "Key:" not in one and "Cond:" not in one and "Filter:" not in one]
        assert read
        for one in read:
            assert ("SEARCH" in one) if database.is_sqlite else ("Index" in one), (wanted, one)


async def test_pages_of_what_moved_read_the_range_of_those_instants(database: Database, store: Store) -> None:
    await put_many(store, 240)

    def plan(session: Session, wanted: dict[str, object]) -> list[str]:
        query = WorklistQuery.model_validate(wanted)
        values = ranges.wanted(session, query, TEAMS if query.manager else None)
        statement = by_id(PageRequest(query, values, MONDAY), "moved", ("moved", MONDAY, "C"), 5)
        connection = session.connection()
        words = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        if database.is_sqlite:
            return [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {words}")).all()]
        for costly in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            connection.execute(text(f"SET enable_{costly} = off"))
        return [row[0] for row in connection.execute(text(f"EXPLAIN {words}")).all()]

    for wanted in [{}, *({name: value} for name, value in FILTERS.items()), *PAIRS]:
        steps = await database.read(partial(plan, wanted=wanted))
        assert any("complaint_case_sooner" in one for one in steps), (wanted, steps)


async def test_for_whom_something_waits_is_kept_with_its_due_instant_until_it_is_done(store: Store) -> None:
    flush = flush_of(1)
    flush.state.proposed_owner, flush.state.next_due = "agent-9", MONDAY
    await save(store, flush)
    (item,) = (await store.worklist(WorklistQuery(person="agent-9"))).items
    assert [(step.code, step.who) for step in item.next_steps] == [("accept_transfer", "agent-9")]
    assert item.regimes
    flush.facts, flush.seq = [], flush.seq + 1
    flush.state.next_due = MONDAY + timedelta(hours=1)
    await save(store, flush)
    (item,) = (await store.worklist(WorklistQuery(person="agent-9"))).items
    assert item.next_due == MONDAY + timedelta(hours=1)
    flush.seq, flush.state.proposed_owner = flush.seq + 1, None
    await save(store, flush)
    assert (await store.worklist(WorklistQuery(person="agent-9"))).items == []
