"""Owners are chosen by everybody's load, whichever process chooses, on SQLite and on PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, update

from services.routing.assignment import Assignment, assign
from services.routing.choosing import FORGOTTEN, Choosing, Wanted, batched
from services.routing.rules.renewing import Question
from services.routing.tables import AssigningRow, CaseRow
from shared.contract.values import Category, Concerned
from shared.policy.chains import Chain
from shared.policy.house import Moment
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from tests.unit.case_packs import person, with_people
from tests.unit.cases import received

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


# --- the queue ------------------------------------------------------------------------------------

PACK = with_people(
    person("a", "agent", capacity=1),
    person("b", "agent", capacity=1),
    person("l", "lead"),
    person("m", "manager"),
)


def asking(number: int, severity: int, at: datetime, owner: str = "l") -> Question:
    """Complaint that has waited in the queue since `at`."""
    return Question(
        complaint_id=f"C{number}",
        category=Category.PRODUCT,
        language="zh",
        team="one",
        concerned=Concerned(),
        owner=owner,
        asked=[owner],
        severity=severity,
        received_at=at,
        since=at,
        at=at,
        seq=3,
    )


def queued(database: Database, *waiting: Question, stage: str = "analysing") -> None:
    """Rows of complaints that wait under the lead."""
    with Session(database.engine) as session, session.begin():
        for one in waiting:
            session.add(
                CaseRow(
                    complaint_id=one.complaint_id,
                    stage=stage,
                    cycle=1,
                    severity=one.severity,
                    category="product",
                    owner=one.owner,
                    team="one",
                    received_at=one.received_at,
                    next_due=None,
                    next_obligation=None,
                    outcome=None,
                    recorded_seq=one.seq,
                    queued_since=one.since,
                    wanted=one.model_dump(mode="json"),
                    state={},
                )
            )


def flushed(database: Database, complaint: str, owner: str, seq: int) -> None:
    """The workflow of a complaint has stored its new owner."""
    with Session(database.engine) as session, session.begin():
        row = session.get(CaseRow, complaint)
        assert row is not None
        row.owner, row.recorded_seq, row.queued_since, row.wanted = owner, seq, None, None


async def test_the_queue_is_served_gravest_and_oldest_first_and_only_as_far_as_there_is_room(
    databases: tuple[Database, Database],
) -> None:
    now = datetime.now(UTC)
    old, grave, young = (
        asking(1, 2, now - timedelta(hours=3)),
        asking(2, 4, now - timedelta(hours=1)),
        asking(3, 2, now - timedelta(hours=2)),
    )
    queued(databases[0], old, grave, young)
    choosing = Choosing(databases[0])
    assert await choosing.served(PACK) == ["C2", "C1"]
    assert await Choosing(databases[1]).served(PACK) == ["C2", "C1"], "whoever serves, and however often"
    assert (await choosing.moment()).load == {"l": 3, "a": 1, "b": 1}


async def test_a_complaint_that_asks_out_of_turn_gets_nobody_whom_a_graver_one_waits_for(
    databases: tuple[Database, Database],
) -> None:
    now = datetime.now(UTC)
    light, grave, other = (asking(number, severity, now) for number, severity in ((1, 1), (2, 4), (3, 5)))
    queued(databases[0], light, grave, other)
    choosing = Choosing(databases[0])
    assert (await choosing.for_one(PACK, light)).waits == ("full",)
    given = [(await choosing.for_one(PACK, one)).owner for one in (grave, other)]
    assert sorted(given) == ["a", "b"]


async def test_what_a_workflow_took_counts_until_it_is_stored_also_for_another_process(
    databases: tuple[Database, Database],
) -> None:
    now = datetime.now(UTC)
    first, second, third = (asking(number, 3, now + timedelta(seconds=number)) for number in (1, 2, 3))
    queued(databases[0], first, second, third)
    owner = (await Choosing(databases[0]).for_one(PACK, first)).owner
    assert await Choosing(databases[1]).served(PACK) == ["C2"]
    flushed(databases[0], "C1", owner, seq=4)
    assert await Choosing(databases[1]).served(PACK) == ["C2"]
    assert (await Choosing(databases[0]).moment()).load[owner] == 1
    again = await Choosing(databases[0]).for_one(PACK, second)
    assert {owner, again.owner} == {"a", "b"}
    assert (await Choosing(databases[0]).for_one(PACK, third)).waits == ("full",)


async def test_many_that_ask_at_once_never_exceed_the_room(databases: tuple[Database, Database]) -> None:
    now = datetime.now(UTC)
    line = [asking(number, 3, now + timedelta(seconds=number)) for number in range(12)]
    queued(databases[0], *line)
    ask = [Choosing(databases[number % 2]).for_one(PACK, one) for number, one in enumerate(line)]
    chosen = await asyncio.gather(*ask)
    owners = [one.owner for one in chosen if not one.waits]
    assert len(owners) == len(set(owners)) <= 2


async def test_people_take_turns_also_where_each_complaint_is_done_before_the_next(
    databases: tuple[Database, Database],
) -> None:
    given: Counter[str] = Counter()
    for number in range(10):
        choosing = Choosing(databases[number % 2])
        (found,) = await choosing.many([Wanted(f"C{number}", _first)])
        given[found.chosen.owner] += 1
        queued(databases[0], asking(number, 1, datetime.now(UTC), found.chosen.owner), stage="closed")
        flushed(databases[0], f"C{number}", found.chosen.owner, seq=4)
    assert given == {"a": 5, "b": 5}


def _first(at: Moment, former: str | None) -> Assignment:
    return assign(PACK, Category.PRODUCT, received(), at.load, former=former, at=at)
