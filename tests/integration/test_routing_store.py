"""Routing's rows, on SQLite and on PostgreSQL."""

import base64
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from services.routing.choosing import Choosing
from services.routing.flushing import Flush
from services.routing.store import Store
from services.routing.view import view
from shared.contract.commands import Accepted, Decide
from shared.contract.events import FactHeader
from shared.contract.ids import complaint_id
from shared.contract.queries import WorklistQuery
from shared.contract.recorded import RecordedFact
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, Stage
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.storage.remembered import recall
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.notices import write_notices
from shared.runtime.texts.text_fields import take_out
from tests.postgres import database_url, postgres_server, postgres_url
from tests.unit.cases import MONDAY, Playing, policy, received

__all__ = ["database_url", "postgres_server", "postgres_url"]

RECOURSE = "消费者协会，找王小明，他的地址是人民路12号！"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    held = Database(database_url)
    migrations.upgrade("routing", held)
    yield held
    held.close()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def flush_of(number: int, received_at: datetime = MONDAY) -> Flush:
    """What the workflow of a fresh complaint flushes first."""
    playing = Playing(received(received_at), policy(), {}, received_at)
    state = view(playing.case.state)
    state.complaint_id = complaint_id("store", str(number))
    facts = playing.recorded
    reply = Accepted(complaint_id=state.complaint_id, stage="analysing", events=[], allowed=[])
    return Flush(state=state, seq=len(facts), facts=facts, replies={f"command-{number}": reply})


async def save(store: Store, flush: Flush) -> list[RecordedFact]:
    return await store.database.write(lambda session: store.save(session, flush))


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    before = migrations.current(database)
    migrations.upgrade("routing", database)
    assert migrations.current(database) == before is not None


async def test_a_repeated_flush_gets_the_stored_facts_and_changes_nothing(store: Store) -> None:
    flush = flush_of(1)
    assert await save(store, flush) == []
    assert await save(store, flush) == flush.facts
    row = await store.case(flush.state.complaint_id)
    assert row is not None
    assert (row.recorded_seq, row.owner) == (flush.seq, flush.state.owner)


async def test_an_older_flush_never_overwrites_a_newer_one(store: Store) -> None:
    flush = flush_of(1)
    newer = flush.model_copy(deep=True)
    newer.seq, newer.state.owner = flush.seq + 5, "lead-1"
    await save(store, newer)
    await save(store, flush)
    row = await store.case(flush.state.complaint_id)
    assert row is not None
    assert row.owner == "lead-1"


async def test_a_reply_is_remembered_with_the_facts_that_it_caused(store: Store) -> None:
    flush = flush_of(7)
    await save(store, flush)
    known = await store.database.read(lambda s: recall(s, flush.state.complaint_id, "command-7"))
    assert known == flush.replies["command-7"]


async def test_the_worklist_is_paged_soonest_first_and_each_complaint_comes_once(store: Store) -> None:
    for number in range(7):
        await save(store, flush_of(number, MONDAY + timedelta(hours=7 - number)))
    closed = flush_of(99)
    closed.state.stage, closed.state.next_due = Stage.CLOSED, None
    await save(store, closed)
    seen: list[tuple[datetime | None, str]] = []
    cursor = None
    while True:
        page = await store.worklist(WorklistQuery(limit=3, cursor=cursor))
        seen += [(item.next_due, item.complaint_id) for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len({complaint for _, complaint in seen}) == 7
    assert seen == sorted(seen, key=lambda one: (one[0] or datetime.max.replace(tzinfo=UTC), one[1]))


async def test_the_worklist_knows_owner_and_team_and_refuses_a_foreign_cursor(store: Store) -> None:
    flush = flush_of(1)
    await save(store, flush)
    mine = await store.worklist(WorklistQuery(owner=flush.state.owner))
    others = await store.worklist(WorklistQuery(owner="lead-3"))
    team = await store.worklist(WorklistQuery(team=flush.state.team))
    assert [len(page.items) for page in (mine, others, team)] == [1, 0, 1]
    with pytest.raises(ValueError, match="cursor"):
        await store.worklist(WorklistQuery(cursor="not-a-cursor"))


async def test_facts_of_followup_are_kept_in_any_order(store: Store) -> None:
    flush = flush_of(1)
    header = FactHeader(
        complaint_id=flush.state.complaint_id,
        seq=4,
        cycle=1,
        stage=Stage.FOLLOWING_UP,
        actor=SYSTEM,
        policy=flush.state.policy,
    )
    later, earlier = {"due": "2026-12-01T02:00:00Z"}, {"due": "2026-11-30T02:00:00Z"}
    assert not await store.note_followup("callback_scheduled", header, "2026-11-24T00:00:00Z", later)
    await save(store, flush)
    first = header.model_copy(update={"seq": 2})
    assert await store.note_followup("callback_scheduled", header, "2026-11-24T00:00:00Z", later)
    assert await store.note_followup("callback_scheduled", first, "2026-11-23T00:00:00Z", earlier)
    row = await store.case(flush.state.complaint_id)
    assert row is not None
    assert row.followup["callback_scheduled"]["due"] == later["due"]


async def test_load_counts_what_is_not_resolved(store: Store) -> None:
    flush, done = flush_of(1), flush_of(2)
    done.state.stage = Stage.FOLLOWING_UP
    await save(store, flush)
    await save(store, done)
    assert (await Choosing(store.database).moment()).load == {flush.state.owner: 1}


async def test_a_notice_quotes_a_sealed_text_and_is_sealed_itself(store: Store, tmp_path: Path) -> None:
    master = tmp_path / "master.key"
    master.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    texts = Texts(Service.ROUTING, store.database, MasterKey.from_file(master))
    playing = Playing(received(), policy(), {}, MONDAY)
    complaint = playing.case.state.complaint_id

    def put(session: Session) -> str:
        return texts.put(session, complaint, {"text-1": "我们今天就处理"})["text-1"]

    ref = await store.database.write(put)
    playing.owner("respond", kind="plan", text=ref)
    notice = next(fact for fact in playing.recorded if fact.name == "notice")
    await store.database.write(lambda s: write_notices(s, texts, policy().pack, complaint, playing.recorded))
    said = await texts.read(notice.data["text_ref"], "gateway", "delivery", MONDAY)
    assert "我们今天就处理" in said


async def test_recourse_in_words_is_stored_encrypted_and_still_sent(store: Store) -> None:
    texts = Texts(Service.ROUTING, store.database, MasterKey(b"k" * 32))
    playing = Playing(received(), policy(), {}, MONDAY)
    complaint = playing.case.state.complaint_id
    given = {"decision": "rejected", "standards": ["after-sales-7"], "text": "已核实。", "recourse": RECOURSE}
    data, put = take_out(Service.ROUTING, complaint, "c-1", Decide.model_validate(given))
    await store.database.write(lambda session: texts.put(session, complaint, put))
    playing.owner("respond", kind="plan", text="t")
    playing.owner("final_decision", **data)
    decided = next(fact for fact in playing.recorded if fact.name == "final_decision")
    await store.database.write(lambda s: write_notices(s, texts, policy().pack, complaint, playing.recorded))
    notice = [fact for fact in playing.recorded if fact.name == "notice"][-1]

    assert "recourse" not in decided.data
    assert RECOURSE not in str(playing.recorded)
    assert await texts.read(decided.data["recourse_ref"], "agent-1", "test", MONDAY) == RECOURSE
    assert RECOURSE in await texts.read(notice.data["text_ref"], "gateway", "delivery", MONDAY)


async def test_an_apology_names_a_new_owner_only_where_there_is_one(store: Store) -> None:
    texts = Texts(Service.ROUTING, store.database, MasterKey(b"k" * 32))
    playing = Playing(received(language="en"), policy(), {}, MONDAY)
    playing.later(hours=73)
    complaint = playing.case.state.complaint_id
    await store.database.write(lambda s: write_notices(s, texts, policy().pack, complaint, playing.recorded))
    refs = [fact.data["text_ref"] for fact in playing.recorded if fact.name == "notice"]
    told = [await texts.read(ref, "gateway", "delivery", MONDAY) for ref in refs]
    sorry = f"We have not handled your complaint {complaint} in time. We apologise."
    passed_on = f"{sorry} A senior person is now responsible for it. We will contact you again by "
    stays = f"{sorry} The same person as before is responsible for it"
    assert [text.startswith((passed_on, stays)) for text in told] == [True] * 3
    assert [text.startswith(passed_on) for text in told] == [True, True, False]


async def test_a_notice_with_an_erased_text_is_marked_and_stops_nothing(store: Store) -> None:
    texts = Texts(Service.ROUTING, store.database, MasterKey(b"k" * 32))
    playing = Playing(received(), policy(), {}, MONDAY)
    complaint = playing.case.state.complaint_id
    playing.owner("respond", kind="plan", text=f"routing:{complaint}:text-gone")
    await store.database.write(lambda s: write_notices(s, texts, policy().pack, complaint, playing.recorded))
    notice = next(fact for fact in playing.recorded if fact.name == "notice")
    assert "（内容已删除）" in await texts.read(notice.data["text_ref"], "gateway", "delivery", MONDAY)
