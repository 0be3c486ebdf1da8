"""Rotating the master key: every key is wrapped anew, no text is touched, whoever dies in the middle."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from nats.errors import NoRespondersError
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, func, select

from deploy.local.ports import free_port
from shared.contract.erasure import KeysAsked
from shared.contract.ids import complaint_id
from shared.contract.subjects import Service, keys
from shared.runtime.messages.outage import is_outage
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.texts.digests import HOUSE
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import MasterKey, UnreadableText, UnusableMasterKey
from shared.runtime.texts.rotation import Rotation
from shared.runtime.texts.tables import TextKeyRow, TextRow
from tests.integration.intake_service import Door, seen
from tests.integration.test_intake_process import MODULE, environment
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 21, tzinfo=UTC)
COMPLAINTS = 3000
OLD, NEW, OTHER = (secrets.token_bytes(32) for _ in range(3))


def written(path: Path, *keys: bytes) -> None:
    """The file of keys, replaced as `amends master-key` and Kubernetes do it."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"\n".join(base64.b64encode(key) for key in keys))
    fresh.replace(path)


def test_a_text_wrapped_by_another_process_with_a_new_key_is_read_without_a_restart(
    door: Door, tmp_path: Path
) -> None:
    path, texts = tmp_path / "keys", filled(door, MasterKey(OLD))
    written(path, OLD)
    mine = Texts(Service.INTAKE, texts.database, MasterKey.from_file(path))
    theirs = Texts(Service.INTAKE, texts.database, MasterKey(NEW, OLD))
    complaint = complaint_id("tests", "two-processes")
    with Session(texts.database.engine) as session, session.begin():
        theirs.put(session, complaint, {"title": "one"})
    with Session(texts.database.engine) as session, session.begin(), pytest.raises(UnreadableText) as missing:
        mine.put(session, complaint, {"note": "two"})
    assert is_outage(missing.value)
    path.write_text("spoilt")
    with Session(texts.database.engine) as session, session.begin(), pytest.raises(UnreadableText):
        mine.put(session, complaint, {"note": "two"})
    assert mine.master.id == MasterKey(OLD).id

    written(path, OLD, NEW)
    with Session(texts.database.engine) as session, session.begin():
        mine.put(session, complaint, {"note": "two"})
    assert (mine.master.id, mine.master.listed[-1]) == (MasterKey(OLD).id, MasterKey(NEW).id)
    written(path, NEW)
    assert mine.master.refresh()
    assert mine.master.id == MasterKey(NEW).id
    assert mine.master.former == [MasterKey(OLD).id]
    assert not mine.master.refresh()
    texts.database.close()


pytestmark = pytest.mark.each_database


@asynccontextmanager
async def started(door: Door, directory: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Intake as a process of its own, not waited for; killed at the end."""
    with (directory / "intake.log").open("ab") as log:
        running = await asyncio.create_subprocess_exec(
            *MODULE, env=environment(door, free_port(set())), stderr=log
        )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


def write(door: Door, *lines: bytes) -> None:
    """The master key file with these keys, the first in force."""
    encoded = b"\n".join(base64.b64encode(line) for line in lines) + b"\n"
    Path(door.settings.master_key_file).write_bytes(encoded)


def filled(door: Door, master: MasterKey) -> Texts:
    """Intake's database with a text in each of many complaints."""
    database = Database(door.settings.database_url)
    migrations.upgrade("intake", database)
    texts = Texts(Service.INTAKE, database, master)
    said = {complaint_id("rotation", str(number)): {"a": f"text {number}"} for number in range(COMPLAINTS)}
    with Session(database.engine) as session, session.begin():
        texts.put_new(session, said)
    return texts


async def asked(door: Door) -> KeysAsked | None:
    """What intake says of its keys; nothing yet from a process that is still starting, or at its disk."""
    try:
        answer = await door.admin.request(keys("intake"), b"", timeout=PATIENCE)
    except (NoRespondersError, TimeoutError):
        return None
    return KeysAsked.model_validate_json(answer.data)


async def sealed(texts: Texts) -> dict[str, bytes]:
    rows = await texts.database.read(lambda session: session.exec(select(TextRow)).all())
    return {row.ref: row.sealed for row in rows}


async def wrapped_by(texts: Texts) -> dict[str, int]:
    """How many keys of complaints each master key wraps."""
    counting = select(TextKeyRow.master_key_id, func.count()).where(TextKeyRow.complaint_id != HOUSE)
    counting = counting.group_by(TextKeyRow.master_key_id)
    return dict(await texts.database.read(lambda session: session.exec(counting).all()))


async def test_two_processes_and_one_that_is_killed_wrap_every_key_anew_and_touch_no_text(
    door: Door, tmp_path: Path
) -> None:
    old, new = MasterKey(OLD), MasterKey(NEW)
    texts = filled(door, old)
    before = await sealed(texts)
    write(door, NEW, OLD)

    async def begun() -> bool | None:
        return True if (await wrapped_by(texts)).get(new.id) else None

    async def done() -> bool | None:
        return True if await wrapped_by(texts) == {new.id: COMPLAINTS} else None

    async with started(door, tmp_path) as victim, started(door, tmp_path):
        await seen(begun)
        victim.kill()
        await seen(done)
        left = await seen(partial(asked, door))
        assert (left.master_key, left.former, left.unreadable) == (new.id, 0, 0)
    assert await sealed(texts) == before
    alone = Texts(Service.INTAKE, texts.database, new)
    assert [await alone.read(ref, "agent-1", "test", NOW) for ref in sorted(before)[:50]] != []
    with pytest.raises(UnreadableText):
        await texts.read(min(before), "agent-1", "test", NOW)
    texts.database.close()


async def test_texts_are_read_and_stored_during_a_rotation(door: Door) -> None:
    texts = filled(door, MasterKey(OLD))
    ring = Texts(Service.INTAKE, texts.database, MasterKey(NEW, OLD))
    ref = min(await sealed(texts))
    complaint = ref.split(":")[1]

    async def meanwhile() -> list[str]:
        later = await ring.database.write(lambda session: ring.put(session, complaint, {"b": "later"}))
        return [await ring.read(one, "agent-1", "test", NOW) for one in (ref, later["b"])]

    rotated, read = await asyncio.gather(Rotation(ring).rotate(), meanwhile())
    assert rotated == COMPLAINTS
    assert read[1] == "later"
    assert await Rotation(ring).rotate() == 0
    assert await ring.read(ref, "agent-1", "test", NOW) == read[0]
    texts.database.close()


async def test_what_others_kept_from_being_scrubbed_is_scrubbed_at_the_next_try(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys were wrapped anew by then, so nothing else asked for it again."""
    texts = filled(door, MasterKey(OLD))
    scrubbed: list[type] = []
    rotation = Rotation(Texts(Service.INTAKE, texts.database, MasterKey(NEW, OLD)))

    async def held(*tables: type) -> None:
        scrubbed.extend(tables)
        if len(scrubbed) == 1:
            raise OperationalError("VACUUM", None, TimeoutError("lock"))

    monkeypatch.setattr(texts.database, "scrub", held)
    with pytest.raises(OperationalError):
        await rotation.rotate()
    assert await rotation.rotate() == 0
    assert await rotation.rotate() == 0
    assert scrubbed == [TextKeyRow, TextKeyRow]
    texts.database.close()


async def test_a_text_that_no_key_fits_is_counted_and_delays_no_other(door: Door) -> None:
    texts = filled(door, MasterKey(OTHER))
    mine = Texts(Service.INTAKE, texts.database, MasterKey(OLD))
    spoilt, fine = complaint_id("rotation", "spoilt"), complaint_id("rotation", "fine")
    for one in (spoilt, fine):
        await mine.database.write(lambda session, one=one: mine.put(session, one, {"a": "x"}))
    await mine.database.write(lambda session: _spoil(session, spoilt))
    rotation = Rotation(Texts(Service.INTAKE, texts.database, MasterKey(NEW, OLD)))
    await rotation.rotate()
    asked = await rotation.asked()
    assert (asked.former, asked.unreadable) == (1, COMPLAINTS)
    assert (await wrapped_by(texts))[MasterKey(NEW).id] == 1
    texts.database.close()


def _spoil(session: Session, complaint: str) -> None:
    row = session.get(TextKeyRow, complaint)
    assert row is not None
    row.wrapped = bytes(len(row.wrapped))


def test_a_file_with_a_bad_line_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(base64.b64encode(NEW) + b"\nnot a key\n")
    with pytest.raises(UnusableMasterKey, match=r"^master\.key has a line that does not hold 32 "):
        MasterKey.from_file(path)
    path.write_bytes(b"\n\n")
    with pytest.raises(UnusableMasterKey, match=r"^master\.key does not hold 32 random bytes in base64$"):
        MasterKey.from_file(path)
    path.write_bytes(b"\n" + base64.b64encode(NEW) + b"\r\n\n" + base64.b64encode(OLD) + b"\n\n")
    assert (MasterKey.from_file(path).id, MasterKey.from_file(path).former) == (
        MasterKey(NEW).id,
        [MasterKey(OLD).id],
    )
