"""What intake puts on record, the same on SQLite and on PostgreSQL."""

import asyncio
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, delete, select

from services.intake.complaint_status import ComplaintStatus
from services.intake.contacts import Contacts
from services.intake.duplicates.joining import Joining
from services.intake.grumbles.admitting import Grumbles
from services.intake.ledger import Entry, note_published
from services.intake.registration import Registration
from services.intake.store import Recorded, Store
from services.intake.tables import CommandRow, ComplaintRow, FurtherContentRow, GrumbleRow
from shared.contract.commands import ActorRef, AddContact, CommandRequest
from shared.contract.quarantine import Misfit
from shared.contract.subjects import Channel, Service
from shared.contract.values import CUSTOMER, Actor
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.storage.tables import CommandDigestRow, CommandReplyRow
from shared.runtime.texts.digests import digests_of
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey, UnreadableText
from shared.runtime.texts.tables import TextKeyRow, TextReadRow, TextRow
from tests.unit.submissions import NARRATIVE, NOW, PERSONAL, context, registered, submission

TABLES: tuple[type[SQLModel], ...] = (
    ComplaintRow, CommandRow, CommandDigestRow, CommandReplyRow, FurtherContentRow, GrumbleRow, TextKeyRow,
    TextRow, TextReadRow,
)  # fmt: skip
OWN = {table.__tablename__ for table in TABLES}
CALLER = Actor(id=CUSTOMER, role=CUSTOMER)
SAID = ["received", "promise_made", "notice"]
MASTER = MasterKey(secrets.token_bytes(32))


def store_on(url: str) -> Store:
    database = Database(url)
    migrations.upgrade("intake", database)
    texts = Texts(Service.INTAKE, database, MASTER)
    policy = context().policy
    return Store(
        database,
        texts,
        Grumbles(texts, policy),
        Joining(texts, policy),
        all_open,
        digests_of(database, MASTER),
    )


async def all_open(complaints: Iterable[str]) -> dict[str, ComplaintStatus]:
    """Where the stream would be asked: nothing was said of them yet."""
    return dict.fromkeys(complaints, ComplaintStatus(NOW))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = store_on(database_url)
    yield store
    store.database.close()


def some(external: str = "1", **changes: Any) -> Registration:
    """A submission of a customer and about an order of its own."""
    own = {"customer": {"ref": f"cust-{external}"}, "order_ref": f"order-{external}"}
    return registered(submission(external, **(own | changes)))


async def rows(store: Store, table: Any) -> list[Any]:
    return list(await store.database.read(lambda session: session.exec(select(table)).all()))


async def test_migrations_make_the_tables_that_the_code_declares(store: Store) -> None:
    migrations.upgrade("intake", store.database)  # a second time changes nothing

    def own(thing: Any, name: str | None, kind: str, *_: object) -> bool:
        return (name if kind == "table" else thing.table.name) in OWN

    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": own})
        assert compare_metadata(context, SQLModel.metadata) == []


async def test_a_batch_is_recorded_with_every_field(store: Store) -> None:
    first, second = some("1"), some("2")
    outcome = await store.record([first, second])

    assert [(one.fresh, one.published) for one in outcome] == [(True, False)] * 2
    assert [one.facts for one in outcome] == [first.facts, second.facts]
    row = next(row for row in await rows(store, ComplaintRow) if row.complaint_id == first.complaint_id)
    assert (row.source, row.external_id, row.channel) == ("crm.example/cases", "1", "web")
    assert (row.customer_ref, row.language, row.last_seq) == ("cust-1", "zh", 3)
    assert row.received_at == datetime(2026, 11, 21, 1, 20, tzinfo=UTC)
    assert row.recorded_at == NOW
    assert (row.policy_id, row.policy_hash) == (first.policy.id, first.policy.hash)


async def test_the_same_content_is_recorded_once_and_another_is_a_contact(store: Store) -> None:
    first, other = some("1"), some("1", narrative="说法变了", title=None)
    (recorded,) = await store.record([first])
    (repeated,) = await store.record([first])
    (further,) = await store.record([other])
    (again,) = await store.record([other])

    assert not isinstance(recorded, Misfit)
    assert isinstance(repeated, Recorded)
    assert (repeated.facts, repeated.repeat) == (recorded.facts, True)
    assert isinstance(further, Recorded)
    assert [fact.name for fact in further.facts][3:] == ["contact_added", "notice"]
    assert isinstance(again, Recorded)
    assert again.repeat
    assert len(await rows(store, ComplaintRow)) == 1
    assert await store.texts.read(f"intake:{first.complaint_id}:narrative", "a", "p", NOW) == NARRATIVE


async def test_two_contents_within_one_batch_are_a_complaint_and_its_contact(store: Store) -> None:
    first, other, neighbour = some("1"), some("1", narrative="说法变了"), some("2")
    outcome = await store.record([first, other, neighbour, some("1"), replace(other)])

    assert [one.fresh for one in outcome if isinstance(one, Recorded)] == [True, False, True, False, False]
    assert [one.repeat for one in outcome if isinstance(one, Recorded)] == [False, False, False, True, True]
    assert len(await rows(store, ComplaintRow)) == 2
    assert len(await rows(store, FurtherContentRow)) == 1


async def test_nothing_is_written_under_the_id_of_another_customer(store: Store) -> None:
    first, other = some("1"), some("1", customer={"ref": "cust-777"}, narrative="有人受伤住院", safety=True)
    outcome = await store.record([first, other])

    assert [type(one) for one in outcome] == [Recorded, Misfit]
    assert isinstance(outcome[1], Misfit)
    assert (outcome[1].reason, outcome[1].field) == ("id_reused", "id")
    assert len(await rows(store, TextRow)) == len(first.texts)


async def test_a_complaint_with_published_facts_is_known_as_published(store: Store) -> None:
    first = some("1")
    store.remember_published(await store.record([first]))
    await store.flush()
    (repeated,) = await store.record([first])

    assert (repeated.fresh, repeated.published) == (False, True)


async def test_published_facts_are_remembered_although_a_write_failed(store: Store) -> None:
    first = some("1")
    store.remember_published(await store.record([first]))
    with pytest.raises(IntegrityError):
        await store.record([_without_a_language(some("2"))])
    await store.flush()

    assert (await store.record([first]))[0].published


def _without_a_language(registration: Registration) -> Registration:
    object.__setattr__(registration, "language", None)
    return registration


async def test_a_batch_with_a_bad_row_writes_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.record([some("1"), _without_a_language(some("2"))])

    assert await rows(store, ComplaintRow) == []
    assert await rows(store, TextRow) == []


async def test_two_processes_that_record_the_same_complaint_agree_on_one(
    store: Store, database_url: str
) -> None:
    other = store_on(database_url)
    try:
        for number in range(20):
            mine, theirs = some(f"r{number}"), some(f"r{number}", narrative="说法变了")
            outcomes = await asyncio.gather(
                store.record([mine]), other.record([theirs]), return_exceptions=True
            )
            fresh = [one[0] for one in outcomes if isinstance(one, list) and one[0].fresh]
            assert len(fresh) == 1
            assert (await store.record([mine]))[0].facts == fresh[0].facts
            assert await store.texts.read(f"intake:{mine.complaint_id}:narrative", "a", "p", NOW)
    finally:
        other.database.close()


async def test_no_table_holds_a_text_in_the_clear(store: Store) -> None:
    await store.record([some("1")])
    found = str([[row.model_dump() for row in await rows(store, t)] for t in (ComplaintRow, TextKeyRow)])
    sealed = b"".join(row.sealed for row in await rows(store, TextRow))

    for words in (NARRATIVE, *PERSONAL.values()):
        assert words not in found
        assert words.encode() not in sealed


async def test_a_text_of_any_characters_comes_back_as_it_was(store: Store) -> None:
    odd = replace(some("1"), texts={"narrative": "zero \x00 byte, 表情 😀, and\r\nlines"})
    await store.record([odd])

    assert (
        await store.texts.read(f"intake:{odd.complaint_id}:narrative", "a", "p", NOW)
        == odd.texts["narrative"]
    )


async def test_a_text_without_its_key_is_gone(store: Store) -> None:
    gone, kept = some("1"), some("2")
    await store.record([gone, kept])
    await store.database.write(
        lambda session: session.exec(
            delete(TextKeyRow).where(col(TextKeyRow.complaint_id) == gone.complaint_id)
        )
    )

    with pytest.raises(UnreadableText):
        await store.texts.read(f"intake:{gone.complaint_id}:narrative", "a", "p", NOW)
    assert await store.texts.read(f"intake:{kept.complaint_id}:narrative", "a", "p", NOW) == NARRATIVE
    assert [row.ref for row in await rows(store, TextReadRow)] == [f"intake:{kept.complaint_id}:narrative"]


async def test_contacts_continue_the_numbers_and_are_published_in_order(store: Store) -> None:
    first = some("1")
    await store.record([first])
    await add(store, first.complaint_id, "c1")
    second = await add(store, first.complaint_id, "c2")
    third = await add(store, first.complaint_id, "c3")

    assert third is not None
    assert third.seq == 6
    assert [fact.name for fact in third.unpublished] == [*SAID, *["contact_added"] * 3]
    assert second is not None
    await store.database.write(lambda session: note_published(session, second.complaint_id, second.seq))
    again = await add(store, first.complaint_id, "c1", NOW + timedelta(days=1))
    assert again is not None
    assert again.seq == 4
    assert [fact.id for fact in again.unpublished] == [f"{first.complaint_id}-intake-6"]
    assert len(await rows(store, CommandRow)) == 3


async def test_a_contact_about_an_unknown_complaint_writes_nothing(store: Store) -> None:
    assert await add(store, "Caaaaaaaaaaaaaaa", "c") is None
    assert await rows(store, CommandRow) == []
    assert await rows(store, TextRow) == []


async def add(store: Store, complaint: str, command_id: str, now: datetime = NOW) -> Entry | None:
    request = CommandRequest(command_id=command_id, complaint_id=complaint, actor=ActorRef(id=CUSTOMER))
    contact = AddContact(channel=Channel.PHONE, text="再次来电")

    def work(session: Session) -> Entry | None:
        return Contacts(store.texts, store.steps, context().finder, context().names).add(
            session, request, contact, CALLER, ComplaintStatus(now)
        )

    return await store.database.write(work)
