"""The log of reads is closed to whoever a complaint is about, also where they are the privacy officer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import Reads, ReadsQuery
from shared.contract.refusals import CONCERNED
from shared.contract.subjects import Service
from shared.policy.loader import load_policy
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey
from shared.runtime.texts.reads import ReadsWork

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ABOUT_THEM, OTHER = "Caaaaaaaaaaaaaaa", "Cbbbbbbbbbbbbbbb"


@pytest.fixture
def texts(tmp_path: Path) -> Iterator[Texts]:
    database = Database(f"sqlite:///{tmp_path}/intake.db")
    migrations.upgrade(Service.INTAKE, database)
    yield Texts(Service.INTAKE, database, MasterKey(b"k" * 32))
    database.close()


async def conflict(complaint: str, actor: str) -> Refusal | None:
    return refuse(CONCERNED, actor=actor) if (complaint, actor) == (ABOUT_THEM, "privacy-1") else None


async def read_in_turn(texts: Texts, *complaints: str) -> None:
    """One text of each, read by an agent in this order."""
    for number, complaint in enumerate(complaints):
        put = partial(texts.put, complaint_id=complaint, texts={f"text-{number}": "t"})
        refs = await texts.database.write(put)
        await texts.read(refs[f"text-{number}"], "agent-1", "check", NOW)


async def asked(texts: Texts, **more: object) -> Reads | Refusal | None:
    work = ReadsWork(texts, load_policy("default").pack, conflict)
    said = {"service": Service.INTAKE, "actor": {"id": "privacy-1"}} | more
    return await work(ReadsQuery.model_validate(said))


async def test_the_reads_of_a_complaint_about_the_asker_are_refused(texts: Texts) -> None:
    await read_in_turn(texts, ABOUT_THEM)
    for more in ({}, {"reader": "agent-1"}, {"limit": 1}):
        refused = await asked(texts, complaint_id=ABOUT_THEM, **more)
        assert isinstance(refused, Refusal)
        assert refused.code == ErrorCode.CONFLICT_OF_INTEREST


async def test_a_list_of_all_reads_leaves_them_out(texts: Texts) -> None:
    await read_in_turn(texts, OTHER, ABOUT_THEM, OTHER)
    for more in ({}, {"reader": "agent-1"}):
        found = await asked(texts, **more)
        assert isinstance(found, Reads)
        assert [item.text_ref.split(":")[1] for item in found.items] == [OTHER, OTHER]


async def test_the_pages_go_on_past_what_is_left_out(texts: Texts) -> None:
    await read_in_turn(texts, OTHER, ABOUT_THEM, ABOUT_THEM, OTHER)
    counts, cursor = [], None
    while True:
        page = await asked(texts, limit=1, cursor=cursor)
        assert isinstance(page, Reads)
        counts.append(len(page.items))
        cursor = page.next_cursor
        if cursor is None:
            break
    assert counts == [1, 0, 0, 1]


async def test_the_reads_of_other_complaints_are_open_to_them(texts: Texts) -> None:
    await read_in_turn(texts, OTHER)
    found = await asked(texts, complaint_id=OTHER)
    assert isinstance(found, Reads)
    assert len(found.items) == 1
