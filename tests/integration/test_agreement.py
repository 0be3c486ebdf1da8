"""A database or a stream that was lost or restored from an older backup is named, on a real server."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from nats.aio.client import Client

from shared.contract import subjects
from shared.contract.subjects import EVENTS_STREAM, Service
from shared.runtime.messages.publishing import Publisher
from shared.runtime.probes.agreement import Agreement
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database
from shared.runtime.storage.tables import RecordedFactRow
from tests.own_servers import OwnNats, own_nats
from tests.patience import PATIENCE

A, B, C = (f"C{letter * 15}" for letter in "abc")


class Routing:
    """A service as far as this needs one: rows first, then facts."""

    def __init__(self, path: Path, client: Client) -> None:
        self.path = path
        self.database = Database(f"sqlite:///{path}")
        migrations.upgrade("routing", self.database)
        self.publisher = Publisher()
        self.publisher.connect(client)
        self.agreement = Agreement(Service.ROUTING, self.database, self.publisher)

    async def flush(self, complaint: str, seq: int, *, name: str = "triaged") -> None:
        row = RecordedFactRow(complaint_id=complaint, seq=seq, recorded=b"{}")
        await self.database.write(lambda session: session.add(row))
        await say(self.publisher.client, Service.ROUTING, complaint, seq, name)

    def restarted(self) -> "Routing":
        """The same files under a new process."""
        self.database.close()
        return Routing(self.path, self.publisher.client)


async def say(client: Client, service: Service, complaint: str, seq: int, name: str = "triaged") -> None:
    event = {
        "id": f"{complaint}-{service}-{seq}",
        "source": f"amends/{service}",
        "subject": complaint,
        "type": f"complaints.event.{name}.v1",
        "data": {"seq": seq},
    }
    await client.jetstream().publish(subjects.event(name, complaint), orjson.dumps(event))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[OwnNats]:
    async with own_nats(tmp_path / "nats") as running:
        yield running


@pytest.fixture
async def routing(server: OwnNats, tmp_path: Path) -> AsyncIterator[Routing]:
    client = await server.connect("admin")
    service = Routing(tmp_path / "routing.db", client)
    yield service
    service.database.close()
    await client.close()


async def test_nothing_is_found_while_both_are_whole(routing: Routing) -> None:
    await routing.agreement.look()
    for seq in (1, 2, 3):
        await routing.flush(A, seq)
        await routing.agreement.look()
    await say(routing.publisher.client, Service.INTAKE, B, 9)
    await routing.agreement.look()
    found = routing.agreement.found()
    assert (found.rows_missing, found.fact_missing) == (0, None)


async def test_a_database_that_was_restored_from_an_older_copy_is_named_until_it_has_its_rows(
    routing: Routing, tmp_path: Path
) -> None:
    await routing.flush(A, 1)
    await routing.agreement.look()
    routing.database.close()
    shutil.copy(routing.path, tmp_path / "backup.db")
    later = Routing(routing.path, routing.publisher.client)
    await later.flush(A, 2)
    await later.flush(B, 1)
    await later.agreement.look()
    later.database.close()
    for left in routing.path.parent.glob("routing.db-*"):
        left.unlink()
    shutil.copy(tmp_path / "backup.db", routing.path)
    restored = Routing(routing.path, routing.publisher.client)
    await restored.agreement.look()
    assert restored.agreement.found().rows_missing == 2
    assert restored.agreement.found().some == [A, B]
    await restored.flush(C, 1)  # new life does not hide it
    await restored.agreement.look()
    assert restored.agreement.found().rows_missing == 2
    rows = [RecordedFactRow(complaint_id=one, seq=seq, recorded=b"{}") for one, seq in ((A, 2), (B, 1))]
    await restored.database.write(lambda session: session.add_all(rows))
    await restored.agreement.look()
    assert restored.agreement.found().rows_missing == 0
    restored.database.close()


async def test_a_database_that_was_lost_is_named(routing: Routing) -> None:
    await routing.flush(A, 1)
    routing.database.close()
    for path in routing.path.parent.glob("routing.db*"):
        path.unlink()
    empty = Routing(routing.path, routing.publisher.client)
    await empty.agreement.look()
    assert empty.agreement.found().rows_missing == 1
    empty.database.close()


async def test_a_stream_that_was_recreated_empty_is_named(routing: Routing) -> None:
    await routing.flush(A, 1)
    await routing.agreement.look()
    js = routing.publisher.client.jetstream()
    await js.delete_stream(EVENTS_STREAM)
    await js.add_stream(next(one for one in subjects.streams() if one.name == EVENTS_STREAM))
    again = routing.restarted()
    await again.agreement.look()
    assert again.agreement.found().fact_missing == f"{A}-routing-1"
    await again.flush(B, 1)
    await again.agreement.look()
    assert again.agreement.found().fact_missing == f"{A}-routing-1"
    await say(again.publisher.client, Service.ROUTING, A, 1)  # the stream is built anew from the rows
    await again.agreement.look()
    assert again.agreement.found().fact_missing is None
    again.database.close()


async def test_a_stream_that_was_restored_from_an_older_copy_is_named(
    server: OwnNats, routing: Routing, tmp_path: Path
) -> None:
    await routing.flush(A, 1)
    await routing.agreement.look()
    await server.stop()
    shutil.copytree(server.store, tmp_path / "copy")
    await server.start()
    await connected(routing.publisher.client)
    await routing.flush(A, 2)
    await routing.agreement.look()
    await server.stop()
    shutil.rmtree(server.store)
    shutil.copytree(tmp_path / "copy", server.store)
    await server.start()
    await connected(routing.publisher.client)
    await routing.agreement.look()
    assert routing.agreement.found().fact_missing == f"{A}-routing-2"


async def connected(client: Client) -> None:
    async with asyncio.timeout(PATIENCE):
        while not client.is_connected:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
