"""What followup keeps in its database: migrations, the inbox, and the first version of every fact."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from nats.aio.msg import Msg
from sqlmodel import SQLModel

from services.followup import tables
from services.followup.consumers import Facts
from services.followup.flushing import Flush, flush_of
from services.followup.followup import FollowUp
from services.followup.progress import Opening
from services.followup.rates import Counts
from services.followup.store import Store
from shared.contract.commands import Accepted
from shared.contract.events import FactHeader, Resolved
from shared.contract.outgoing import outgoing
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, Stage
from shared.runtime.storage import migrations
from shared.runtime.storage import tables as kept_tables
from shared.runtime.storage.database import Database
from shared.runtime.texts import tables as text_tables
from tests.postgres import database_url, postgres_server, postgres_url
from tests.unit.followups import RESOLVED_AT, obey, opened, opening, policy, verdict

__all__ = ["database_url", "postgres_server", "postgres_url"]

OWN_TABLES = {
    table.__tablename__
    for module in (tables, text_tables, kept_tables)
    for table in vars(module).values()
    if isinstance(table, type) and issubclass(table, SQLModel) and hasattr(table, "__tablename__")
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    held = Database(database_url)
    migrations.upgrade("followup", held)
    yield held
    held.close()


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    def own(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or name in OWN_TABLES

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": own})
        assert compare_metadata(context, SQLModel.metadata) == []


class RememberingStarter:
    """Stands where Temporal would be, and has forgotten everything: it would start anything again."""

    def __init__(self) -> None:
        self.started: list[Opening] = []

    async def start(self, opening: Opening) -> None:
        self.started.append(opening)


def resolution(cycle: int = 1) -> Msg:
    """The message of a resolution of the complaint of `opening`."""
    header = FactHeader(
        complaint_id=opening().complaint_id,
        seq=1,
        cycle=cycle,
        stage=Stage.FOLLOWING_UP,
        actor=SYSTEM,
        policy=policy().identity,
    )
    fact = Resolved(outcome="agreed", owner="agent-1", language="zh", customer_ref="cust-1")
    event = outgoing(Service.ROUTING, header, fact, RESOLVED_AT)
    return Msg(_client=None, data=event.body)  # type: ignore[arg-type]


def first_flush(followup: FollowUp) -> Flush:
    facts = FollowUp(followup.opening).open(RESOLVED_AT)
    return flush_of(followup.opening, followup.progress, facts, {})


async def test_a_resolution_redelivered_after_temporal_forgot_it_starts_nothing(database: Database) -> None:
    store, starter = Store(database), RememberingStarter()
    facts = Facts(store, starter, policy())  # type: ignore[arg-type]
    await facts(resolution())
    assert [(opening.cycle, opening.seq) for opening in starter.started] == [(1, 0)]
    await store.flush(first_flush(opened()))
    await facts(resolution())
    assert len(starter.started) == 1
    await facts(resolution(cycle=2))
    assert [(opening.cycle, opening.seq) for opening in starter.started] == [(1, 0), (2, 1)]


async def test_a_breach_of_the_response_stays_and_the_last_verdict_counts(database: Database) -> None:
    store = Store(database)
    said = (("C1", True), ("C2", True), ("C2", False), ("C3", False), ("C3", True))
    for complaint, in_time in said:
        await store.note_response(complaint, in_time)
    assert await store.counts() == Counts(responded_in_time=1, response_ended=3)
    strict = policy().callbacks.model_copy(update={"satisfied_from": 5})
    for cycle, overall, plan in ((1, 1, policy().callbacks), (2, 4, policy().callbacks), (3, 4, strict)):
        own = policy().model_copy(update={"callbacks": plan})
        followup = opened(cycle=cycle, seq=10 * cycle, policy=own)
        facts = followup.decide(verdict(overall=overall), RESOLVED_AT)
        assert isinstance(facts, list)
        await store.flush(flush_of(followup.opening, followup.progress, facts, {}))
        satisfied = int((cycle, overall) == (2, 4))  # by the policy that the cycle was opened under
        assert await store.counts() == Counts(1, 3, resolved=1, satisfied=satisfied, answered=1)


async def test_a_complaint_keeps_the_policy_that_it_was_opened_under(database: Database) -> None:
    store, starter = Store(database), RememberingStarter()
    await store.keep_policy(policy())
    edited = policy().model_copy(deep=True)
    edited.identity.hash = "another"
    edited.callbacks = edited.callbacks.model_copy(update={"after_days": 99})
    await Facts(store, starter, edited)(resolution())  # type: ignore[arg-type]
    assert starter.started[0].policy == policy()


async def test_the_first_row_written_stays(database: Database) -> None:
    store, followup = Store(database), opened()
    await store.flush(first_flush(followup))
    reply = Accepted(complaint_id=followup.opening.complaint_id, stage="closed", events=[], allowed=[])
    facts = followup.decide(verdict(), RESOLVED_AT)
    assert isinstance(facts, list)
    followup.apply(facts)
    written = flush_of(followup.opening, followup.progress, facts, {"verdict": reply})
    assert (await store.flush(written)).facts == []

    other = opened()
    assert obey(other, verdict(overall=1), RESOLVED_AT) == ["satisfaction_recorded", "notice", "reopened"]
    rival = flush_of(other.opening, other.progress, facts[:1], {})
    stood = await store.flush(rival)
    assert (stood.facts, stood.replies) == (facts, {"verdict": reply})
    row = await store.latest(followup.opening.complaint_id)
    assert row is not None
    assert (row.outcome, row.reopened, row.seq) == ("satisfied", False, 4)
