"""Health does what the service does: it writes, stores and keeps, and says so when that fails."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nats.aio.client import Client
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError

from shared.contract.subjects import EVENTS_STREAM, QUARANTINE_STREAM, SUBMIT_STREAM, Service, probe, submit
from shared.runtime.health import Health, streams_check
from shared.runtime.messages.publishing import Publisher
from shared.runtime.probes.flushes import Flushes
from shared.runtime.probes.keeping import NAME, keep_probe
from shared.runtime.probes.storing import NothingStored, Storing, check_storing, store_probe
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from tests.conftest import NatsServer
from tests.own_servers import locked, own_nats, own_temporal
from tests.patience import PATIENCE

STREAMS = (SUBMIT_STREAM, EVENTS_STREAM)


def database_in(directory: Path, service: Service = Service.ROUTING) -> Database:
    database = Database(f"sqlite:///{directory}/{service}.db")
    migrations.upgrade(service, database)
    return database


async def report(check: Any) -> str:
    return (await Health({"it": check}).report())["it"]


@pytest.mark.parametrize("service", list(Service))
async def test_a_probe_leaves_nothing_in_the_database(service: Service, database_url: str) -> None:
    database = Database(database_url)
    await asyncio.to_thread(migrations.upgrade, service, database)
    assert await report(database.probe) == "ok"
    count = "SELECT count(*) FROM write_probe"
    assert await database.read(lambda session: session.connection().exec_driver_sql(count).scalar()) == 0
    database.close()


async def test_a_full_database_is_not_well_although_it_can_be_read(tmp_path: Path) -> None:
    database = database_in(tmp_path)

    def full(connection: Any, _: object, __: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(database.engine, "checkout", full)
    assert await report(database.probe) == "OperationalError SQLITE_FULL (database or disk is full)"
    event.remove(database.engine, "checkout", full)
    database.engine.dispose()
    assert await report(database.probe) == "ok"
    database.close()


async def test_a_locked_database_is_not_well_and_is_again_when_it_is_free(tmp_path: Path) -> None:
    database = database_in(tmp_path)
    health = Health({"database": database.probe})
    with locked(tmp_path / "routing.db"):
        found = (await health.report())["database"]
        assert found == "OperationalError SQLITE_BUSY (database is locked)"
    assert await report(database.probe) == "ok"
    database.close()


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_database_whose_file_is_gone_is_not_well_and_commits_nothing(
    tmp_path: Path, replaced: bool
) -> None:
    """Also where another file came in its place; a probe of the open file would find nothing wrong."""
    database, path = database_in(tmp_path), tmp_path / "routing.db"
    health = Health({"database": database.probe}, state=lambda: path.exists())
    assert await health.report() == {"database": "ok"}
    with sqlite3.connect(path) as copied, closing(sqlite3.connect(tmp_path / "other.db")) as other:
        copied.backup(other)
    path.unlink()
    if replaced:
        (tmp_path / "other.db").rename(path)
    what = "replaced" if replaced else "deleted or moved"
    said = await report(database.probe)
    assert said.startswith(f"StoreLost: its file was {what} under this process"), said

    def work(session: Any) -> None:
        session.connection().exec_driver_sql("INSERT INTO write_probe (name, filler) VALUES ('x', x'00')")

    with pytest.raises(OperationalError, match="under this process"):
        await database.write(work)
    count = "SELECT count(*) FROM write_probe"
    looks = [database.read(lambda one: one.connection().exec_driver_sql(count).scalar()) for _ in range(8)]
    found = await asyncio.gather(*looks, return_exceptions=True)
    assert {str(one) for one in found if not isinstance(one, OperationalError)} <= {"0"}
    assert path.exists() == replaced, "no connection makes an empty file in its place"
    database.close()


async def test_no_message_of_an_error_quotes_what_was_to_be_written(tmp_path: Path) -> None:
    database = database_in(tmp_path)

    def work(session: Any) -> None:
        row = "INSERT INTO write_probe (name, filler) VALUES ('x', NULL)"
        session.connection().exec_driver_sql(row.replace("'x'", "?"), ("13800138000",))

    with pytest.raises(Exception) as failed:  # noqa: PT011
        await database.write(work)
    assert "NOT NULL" in str(failed.value)
    assert "13800138000" not in str(failed.value)
    database.close()


async def held(admin: Client, stream: str) -> bool:
    """Whether a stream holds a probe."""
    info = await admin.jetstream().stream_info(stream, subjects_filter=probe(stream))
    return bool(info.state.subjects)


async def test_a_probe_is_stored_by_every_stream_and_is_gone_soon(nats_server: NatsServer) -> None:
    client, publisher = await nats_server.connect("intake"), Publisher()
    assert await report(streams_check(client, publisher.storing, *STREAMS)) == "ok"
    admin = await nats_server.connect("admin")
    async with asyncio.timeout(PATIENCE):
        while any([await held(admin, stream) for stream in STREAMS]):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await client.close()
    await admin.close()


async def test_a_probe_takes_with_it_what_a_dead_process_left_and_no_submission(
    nats_server: NatsServer,
) -> None:
    client, admin = await nats_server.connect("intake"), await nats_server.connect("admin")
    js = admin.jetstream()
    kept = await js.publish(submit("kept"), b"{}", stream=SUBMIT_STREAM)
    await js.publish(probe(SUBMIT_STREAM), b"left", stream=SUBMIT_STREAM)
    await store_probe(client, SUBMIT_STREAM)
    assert not await held(admin, SUBMIT_STREAM)
    assert (await js.get_msg(SUBMIT_STREAM, kept.seq)).subject == submit("kept")
    await js.delete_msg(SUBMIT_STREAM, kept.seq)
    await client.close()
    await admin.close()


async def test_nats_without_space_is_not_well_until_it_stores_again(tmp_path: Path) -> None:
    """It stays broken after there is space again: only a new start mends it, and health says so."""
    async with own_nats(tmp_path) as server:
        client, storing = await server.connect("intake"), Storing()
        for stream in STREAMS:
            await store_probe(client, stream)
        server.starve()
        with pytest.raises(NothingStored, match=SUBMIT_STREAM):
            await check_storing(client, storing, *STREAMS)
        found = await report(streams_check(client, storing, SUBMIT_STREAM))
        assert found == f"NothingStored: {SUBMIT_STREAM} stores nothing: TimeoutError"
        assert storing.troubles[SUBMIT_STREAM].count == 2
        server.feed()
        with pytest.raises(NothingStored, match=SUBMIT_STREAM):
            await check_storing(client, storing, *STREAMS)
        await server.stop()
        await server.start()
        async with asyncio.timeout(PATIENCE):
            while not client.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await check_storing(client, storing, *STREAMS)
        assert storing.troubles == {}
        await client.close()


async def test_a_quarantine_that_stores_nothing_is_not_well_while_it_is_tried() -> None:
    storing = Storing()
    client: Any = SimpleNamespace(is_connected=True)
    await check_storing(client, storing, QUARANTINE_STREAM)
    storing.failed(QUARANTINE_STREAM, TimeoutError())
    with pytest.raises(NothingStored, match=QUARANTINE_STREAM):
        await check_storing(client, storing, QUARANTINE_STREAM)
    storing.stored(QUARANTINE_STREAM)
    await check_storing(client, storing, QUARANTINE_STREAM)


async def test_temporal_with_a_locked_database_is_not_well(tmp_path: Path) -> None:
    async with own_temporal(tmp_path) as (server, path):
        client = await server.connect()
        await keep_probe(client)
        with locked(path):
            assert await client.service_client.check_health()
            with pytest.raises(RPCError):
                await keep_probe(client)
        async with asyncio.timeout(PATIENCE):  # the server takes its shard up again within seconds
            while await report(partial(keep_probe, client)) != "ok":  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        async with asyncio.timeout(PATIENCE):
            while [one async for one in client.list_workflows(f"WorkflowType='{NAME}'")]:  # noqa: ASYNC110
                await asyncio.sleep(0.2)


async def test_a_flush_that_fails_is_counted_until_it_succeeds() -> None:
    flushes = Flushes(Service.FOLLOWUP)
    for _ in range(80):
        with pytest.raises(TimeoutError), flushes.watched("Cabc"):
            raise TimeoutError
    oldest = flushes.oldest()
    assert oldest
    assert (oldest.count, oldest.reason) == (80, "TimeoutError")
    with flushes.watched("Cabc"):
        pass
    assert flushes.oldest() is None
