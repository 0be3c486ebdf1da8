"""Owners are chosen by everybody's load, whichever process chooses, on SQLite and on PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, update

from services.routing.assignment import Assignment
from services.routing.choosing import FORGOTTEN, Choosing, Wanted, batched
from services.routing.tables import AssigningRow
from shared.policy.house import Moment
from shared.policy.pinned import Chain
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database

AGENTS = ("agent-1", "agent-2", "agent-3", "agent-4")


@pytest.fixture
def databases(database_url: str) -> Iterator[tuple[Database, Database]]:
    """The same database as two processes have it."""
    both = Database(database_url), Database(database_url)
    migrations.upgrade("routing", both[0])
    yield both
    for one in both:
        one.close()


def least_loaded(at: Moment, former: str | None) -> Assignment:
    owner = min(AGENTS, key=lambda one: (at.load.get(one, 0), one))
    return Assignment(owner, "team", Chain(lead="lead-1", manager="manager-1"))


def wanted(number: int) -> Wanted:
    return Wanted(f"C{number}", least_loaded)


async def test_two_processes_choose_as_one_would(databases: tuple[Database, Database]) -> None:
    async with batched(databases[0]) as one, batched(databases[1]) as other:
        chosen = await asyncio.gather(*((one, other)[number % 2](wanted(number)) for number in range(80)))
    assert Counter(found.chosen.owner for found in chosen) == dict.fromkeys(AGENTS, 20)
    assert (await Choosing(databases[1]).moment()).load == dict.fromkeys(AGENTS, 20)


async def test_a_second_try_counts_once_and_what_never_became_a_case_is_forgotten(
    databases: tuple[Database, Database],
) -> None:
    choosing = Choosing(databases[0])
    first = await choosing.many([wanted(1)])
    assert await choosing.many([wanted(1)]) == first
    assert (await choosing.moment()).load == {first[0].chosen.owner: 1}
    long_ago = datetime.now(UTC) - FORGOTTEN - timedelta(minutes=1)
    with Session(databases[0].engine) as session, session.begin():
        session.connection().execute(
            update(AssigningRow).where(col(AssigningRow.complaint_id) == "C1").values(at=long_ago)
        )
    assert await choosing.many([wanted(2)]) == first
    assert (await choosing.moment()).load == {first[0].chosen.owner: 1}
