"""A replica that has not the new master key yet strands nothing: it reads it later, or ends when asked."""

import asyncio
import base64
import secrets
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.child import Child
from shared.contract.subjects import Service
from shared.runtime.settings import replace_secret
from tests.cluster.parts import Cluster, running, start_service
from tests.outside import Outside

COMPLAINTS = 12
LIMIT_SECONDS = 3.0


@pytest.fixture(scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    async with running(tmp_path_factory.mktemp("keys"), each=1, with_postgres=False) as found:
        yield found


@pytest.fixture
async def outside(cluster: Cluster) -> AsyncIterator[Outside]:
    publisher, agent = [await cluster.connect(user) for user in ("publisher", "agent")]
    yield Outside(publisher, agent, patience=20)
    for client in (publisher, agent):
        await client.close()


async def behind(cluster: Cluster, file: Path) -> Child:
    """A second routing with a file of keys of its own, which has not the key that the first wraps by."""
    current = cluster.directory / "master.key"
    shutil.copy(current, file)
    variables = {"AMENDS_MASTER_KEY_FILE": str(file), "AMENDS_SHUTDOWN_SECONDS": str(LIMIT_SECONDS)}
    await start_service(cluster, Service.ROUTING, 2, **variables)
    fresh = base64.b64encode(secrets.token_bytes(32))
    replace_secret(current, b"\n".join([fresh, *current.read_bytes().splitlines()]))
    await asyncio.sleep(6)  # so that the first one has read it: it looks every five seconds
    return cluster.parts["routing-2"].child


async def submitted(outside: Outside) -> list[str]:
    found = await asyncio.gather(*(outside.submit() for _ in range(COMPLAINTS)))
    await asyncio.gather(*(outside.until(one, "assigned") for one in found))
    return list(found)


async def respond(outside: Outside, complaint: str) -> None:
    owner = (await outside.until(complaint, "assigned"))["data"]["owner"]
    await outside.do("respond", complaint, owner, kind="explanation", text="已查明原因。")


async def test_a_file_that_is_read_again_ends_the_wait(
    cluster: Cluster, outside: Outside, tmp_path: Path
) -> None:
    file = tmp_path / "behind.key"
    child = await behind(cluster, file)
    complaints = await asyncio.gather(*(outside.submit() for _ in range(COMPLAINTS)))
    pid = child.pid
    shutil.copy(cluster.directory / "master.key", tmp_path / "next.key")
    (tmp_path / "next.key").replace(file)
    for complaint in complaints:
        await outside.until(complaint, "assigned")
    await asyncio.gather(*(respond(outside, one) for one in complaints))
    assert child.pid == pid
    await child.stop()


async def test_a_node_that_is_asked_to_end_ends_in_time_and_the_other_continues(
    cluster: Cluster, outside: Outside, tmp_path: Path
) -> None:
    child = await behind(cluster, tmp_path / "behind.key")
    complaints = await asyncio.gather(*(outside.submit() for _ in range(COMPLAINTS)))
    await asyncio.sleep(3)
    log = child.order.log.read_text()
    asked = time.monotonic()
    await child.stop()
    took = time.monotonic() - asked
    assert took < LIMIT_SECONDS + 5, (took, log[-500:])
    await asyncio.gather(*(outside.until(one, "assigned") for one in complaints))
    await asyncio.gather(*(respond(outside, one) for one in complaints))
