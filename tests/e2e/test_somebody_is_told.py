"""On a whole stack: what is broken is seen by doctor, readiness, metrics and logs until it is mended."""

import asyncio
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from tests.amends_command import amends
from tests.outside import Outside
from tests.own_servers import largest_file, locked
from tests.patience import PATIENCE, until


class House:
    """A stack of this test's own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.stack = Stack(directory, with_board=False)

    async def restart(self, change: Callable[[], None] = lambda: None) -> None:
        """Stop, change something on disk, start again."""
        await self.stack.stop()
        change()
        self.stack = Stack(self.directory, with_board=False)
        await self.stack.start()

    async def doctor(self) -> tuple[int, dict[str, str]]:
        """The exit status, and what is seen of each part that is not well."""
        ran = await amends("doctor", "--json", "--dir", str(self.directory))
        findings = ran.document["findings"]
        return ran.status, {one["part"]: one["seen"] for one in findings if one["state"] == "wrong"}

    async def until_doctor(self, wanted: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        """What doctor finds wrong, once it is what is wanted; its exit status agrees each time."""

        async def wrong() -> dict[str, str]:
            status, found = await self.doctor()
            assert status == (1 if found else 0)
            return found

        return await until(wrong, wanted, every=0.5)  # each look is a process: others need the processors

    async def get(self, service: str, path: str) -> tuple[int, str]:
        """What a service answers on its health port."""
        port = json.loads((self.directory / "ports.json").read_text())[service]
        return await asyncio.to_thread(_get, f"http://127.0.0.1:{port}{path}")

    async def a_life(self) -> str:
        """A complaint that has an owner."""
        assert self.stack.ready
        seeds = self.stack.ready.credentials
        outside = await Outside.connect(self.stack.ready.nats_url, seeds.publisher, seeds.agent)
        complaint = await outside.submit()
        await outside.until(complaint, "assigned")
        await outside.close()
        return complaint


def _get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    own = House(tmp_path / "stack")
    await own.stack.start()
    yield own
    await own.stack.stop()


async def test_a_locked_database_is_seen_everywhere_until_it_is_free(house: House) -> None:
    await house.a_life()
    assert await house.until_doctor(lambda found: not found) == {}
    with locked(house.directory / "db" / "routing.db"):
        found = await house.until_doctor(lambda found: "database of routing" in found)
        assert "SQLITE_BUSY (database is locked)" in found["database of routing"]
        status, answer = await house.get("routing", "/readyz")
        assert (status, "SQLITE_BUSY" in answer) == (503, True)
        assert (await house.get("intake", "/readyz"))[0] == 200

        # A life that goes on meets the lock: what fails is logged with the reason.
        assert house.stack.ready
        seeds = house.stack.ready.credentials
        outside = await Outside.connect(house.stack.ready.nats_url, seeds.publisher, seeds.agent)
        complaint = await outside.submit()
        log = house.directory / "logs" / "routing.log"

        async def written() -> bool:
            return "database is locked" in log.read_text()

        await until(written)
    await outside.until(complaint, "assigned")
    await outside.close()
    assert await house.until_doctor(lambda found: not found) == {}
    assert "王小明" not in log.read_text()


async def test_an_older_copy_of_a_database_and_a_store_that_was_emptied_are_named(house: House) -> None:
    database, copy = house.directory / "db" / "routing.db", house.directory / "copy.db"
    await house.a_life()
    await house.restart(lambda: shutil.copy(database, copy) and None)
    complaint = await house.a_life()

    def restore() -> None:
        for left in database.parent.glob("routing.db*"):
            left.unlink()
        shutil.copy(copy, database)

    await house.restart(restore)
    found = await house.until_doctor(lambda found: "records of routing" in found)
    assert complaint in found["records of routing"]
    assert "older backup" in found["records of routing"]
    assert 'amends_rows_missing{service="routing"} 1.0' in (await house.get("routing", "/metrics"))[1]
    assert "records of intake" not in found

    await house.restart(lambda: shutil.rmtree(house.directory / "nats" / "store"))
    found = await house.until_doctor(lambda found: "records of intake" in found)
    assert "the stream lacks fact" in found["records of intake"]
    assert (await house.get("intake", "/readyz"))[0] == 200


async def test_nats_without_space_and_a_locked_temporal_are_seen_until_they_work(
    house: House,
) -> None:
    """No file of nats-server grows, as on a full disk; it is broken until it is started anew."""
    await house.a_life()
    before = house.stack.pid("nats")
    assert before
    largest_file(before, 1024)
    found = await house.until_doctor(lambda found: "stream COMPLAINTS_EVENTS" in found)
    assert "COMPLAINTS_EVENTS stores nothing" in found["stream COMPLAINTS_EVENTS"]

    async def healed() -> bool:
        return house.stack.pid("nats") not in (None, before) and not (await house.doctor())[1]

    await until(healed)
    assert (await house.get("intake", "/readyz"))[0] == 200
    with locked(next((house.directory / "temporal").glob("*.db"))):
        found = await house.until_doctor(lambda found: "temporal" in found)
        assert "it keeps no workflow" in found["temporal"]

        async def unready() -> bool:
            return (await house.get("routing", "/readyz"))[0] == 503

        await until(unready)
    assert await house.until_doctor(lambda found: not found) == {}
    await house.a_life()
