"""Erasing in one service: what is gone, what stays, and what the files still hold."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from shared.contract.erasure import Destroyed, ErasureOrder, NotDestroyed
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.ids import complaint_id, text_key
from shared.contract.queries import TextQuery, TextReply
from shared.contract.subjects import Service
from shared.masking.masker import Masker
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.erasing import Eraser, erasure_answer
from shared.runtime.texts.keeping import NoSuchText, Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.query import TextWork
from shared.runtime.texts.tables import TextKeyRow, TextReadRow, TextRow

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROUTING = Service.ROUTING


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    held = Database(database_url)
    migrations.upgrade(ROUTING, held)
    yield held
    held.close()


@pytest.fixture
def texts(database: Database) -> Texts:
    return Texts(ROUTING, database, MasterKey(secrets.token_bytes(32)))


@pytest.fixture
def eraser(texts: Texts) -> Eraser:
    return Eraser(texts, lambda: NOW)


def new_complaint() -> str:
    return complaint_id("test/erasing", secrets.token_hex(8))


async def put(texts: Texts, complaint: str, **said: str) -> dict[str, str]:
    return await texts.database.write(lambda session: texts.put(session, complaint, said))


async def sealed(texts: Texts, complaint: str) -> list[bytes]:
    """The wrapped key and the sealed texts, as they lie in the database."""

    def work(session: Session) -> list[bytes]:
        keys = session.exec(select(TextKeyRow.wrapped).where(TextKeyRow.complaint_id == complaint)).all()
        rows = session.exec(select(TextRow.sealed).where(TextRow.complaint_id == complaint)).all()
        return [*keys, *rows]

    return await texts.database.read(work)


def order(complaint: str, name: str = "e-1") -> ErasureOrder:
    return ErasureOrder(erasure_id=name, complaint_ids=[complaint])


async def test_a_complaints_texts_go_and_its_neighbours_stay(texts: Texts, eraser: Eraser) -> None:
    complaint, other = new_complaint(), new_complaint()
    refs = await put(texts, complaint, a="甲", b="乙")
    kept = await put(texts, other, a="丙")
    assert await eraser(order(complaint)) == 2
    assert await sealed(texts, complaint) == []
    with pytest.raises(NoSuchText):
        await texts.read(refs["a"], "agent-1", "test", NOW)
    assert await texts.read(kept["a"], "agent-1", "test", NOW) == "丙"


async def test_a_repeat_of_an_erasure_leaves_alone_what_came_since(texts: Texts, eraser: Eraser) -> None:
    complaint = new_complaint()
    await put(texts, complaint, a="甲")
    await eraser(order(complaint))
    later = await put(texts, complaint, b="说得更晚")
    assert await eraser(order(complaint)) == 1
    assert await texts.read(later["b"], "agent-1", "test", NOW) == "说得更晚"
    assert await eraser(order(complaint, "e-2")) == 1
    assert await sealed(texts, complaint) == []


async def test_a_reader_of_an_erased_text_gets_the_code_erased(texts: Texts, eraser: Eraser) -> None:
    complaint = new_complaint()
    ref = (await put(texts, complaint, a="甲"))["a"]
    ask = TextWork(texts, frozenset({"agent-1"}), lambda: NOW)
    query = TextQuery.model_validate({"text_ref": ref, "actor": {"id": "agent-1"}, "purpose": "给王小明回电"})
    assert isinstance(await ask(query), TextReply)
    await eraser(order(complaint))
    refused = await ask(query)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == (ErrorCode.ERASED, "text_ref")
    assert "2026-11-21" in refused.message
    assert "2026-11-21" in refused.message_zh


async def test_the_reader_and_the_instant_of_a_read_stay_and_its_purpose_goes(
    texts: Texts, eraser: Eraser
) -> None:
    complaint = new_complaint()
    ref = (await put(texts, complaint, a="甲"))["a"]
    await texts.read(ref, "agent-1", "给王小明回电", NOW)
    await eraser(order(complaint))
    (row,) = await texts.database.read(
        lambda s: s.exec(select(TextReadRow).where(TextReadRow.ref == ref)).all()
    )
    assert (row.actor, row.purpose) == ("agent-1", "erased")


async def test_the_purpose_of_a_read_is_encrypted_like_the_text(texts: Texts) -> None:
    complaint = new_complaint()
    ref = (await put(texts, complaint, a="甲"))["a"]
    await texts.read(ref, "agent-1", "给王小明回电", NOW)
    (row,) = await texts.database.read(
        lambda s: s.exec(select(TextReadRow).where(TextReadRow.ref == ref)).all()
    )
    assert "王小明" not in row.purpose
    assert await texts.database.read(lambda s: texts.purpose_of(s, row)) == "给王小明回电"


async def test_every_text_is_masked_but_an_order_number(texts: Texts) -> None:
    texts.mask, complaint = Masker(["card"]), new_complaint()
    card = "4111111111111111"
    refs = await texts.database.write(
        lambda s: texts.put(s, complaint, {text_key("c", "text"): card, text_key("c", "order_ref"): card})
    )
    said = [await texts.read(ref, "agent-1", "test", NOW) for ref in refs.values()]
    assert said == ["[card ••••1111]", card]


async def test_a_bad_order_is_answered_and_destroys_nothing(texts: Texts, eraser: Eraser) -> None:
    complaint = new_complaint()
    await put(texts, complaint, a="甲")
    answer = erasure_answer(eraser)
    assert isinstance(await answer(b"{}"), NotDestroyed)
    assert isinstance(await answer(b"\xff"), NotDestroyed)
    assert len(await sealed(texts, complaint)) == 2
    assert await answer(order(complaint).model_dump_json().encode()) == Destroyed(texts=1)


async def test_a_lock_of_hours_on_the_table_delays_the_erasure_and_no_other_command(
    postgres_url: str,
) -> None:
    database, complaint = Database(postgres_url), new_complaint()
    migrations.upgrade(ROUTING, database)
    texts = Texts(ROUTING, database, MasterKey(secrets.token_bytes(32)))
    await put(texts, complaint, a="甲")
    with database.engine.begin() as backup:
        backup.execute(text("LOCK TABLE text_key IN ACCESS SHARE MODE"))
        with pytest.raises(OperationalError):
            await Eraser(texts, lambda: NOW)(order(complaint))
        later = await put(texts, new_complaint(), a="乙")
        assert await texts.read(later["a"], "agent-1", "test", NOW) == "乙"
    assert await Eraser(texts, lambda: NOW)(order(complaint)) == 1
    database.close()


async def test_no_file_of_the_database_holds_what_was_erased(
    texts: Texts, eraser: Eraser, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Of PostgreSQL, its tables: what its journal (`pg_wal`) holds is in the runbook."""
    complaint = new_complaint()
    for _ in range(20):
        await put(texts, new_complaint(), a="x" * 200)
    await put(texts, complaint, a="甲" * 100, b="乙" * 3000)
    secret = await sealed(texts, complaint)
    files = _files_of(texts.database, tmp_path)
    assert all(_holding(files, one) for one in secret)
    await eraser(order(complaint))
    files = _files_of(texts.database, tmp_path)
    wrapped, *rows = secret
    assert _holding(files, wrapped) == []
    if texts.database.is_sqlite:
        assert [_holding(files, one) for one in rows] == [[], []]


def _files_of(database: Database, directory: Path) -> list[Path]:
    if database.is_sqlite:
        return [path for path in directory.rglob("*") if path.is_file()]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        base = Path(connection.execute(text("SHOW data_directory")).scalar_one()) / "base"
    return [path for path in base.rglob("*") if path.is_file()]


def _holding(files: list[Path], needle: bytes) -> list[str]:
    """TOAST cuts long values into pieces: their first 500 bytes are looked for."""
    return [path.name for path in files if path.exists() and needle[:500] in path.read_bytes()]
