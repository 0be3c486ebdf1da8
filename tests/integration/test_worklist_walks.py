"""Whoever walks through the worklist sees every complaint that stays open, on SQLite and on PostgreSQL."""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import text

from services.routing.flushing import Flush
from services.routing.store import Store
from shared.contract.cursors import BadCursor, cursor_of
from shared.contract.queries import WorklistQuery
from shared.contract.values import Stage
from shared.runtime.storage.database import Database
from tests.integration.test_routing_store import (
    database,
    flush_of,
    save,
    store,
)
from tests.unit.cases import MONDAY

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
    "complaint_case_owner_due": "owner = 'owner-1' AND stage <> 'closed'",
    "complaint_case_team_due": "team = 'team-1' AND stage <> 'closed'",
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
