"""Junk fills what is meant for junk, however small the store is.

Complaints are taken in all the same, and junk of one client does not push out the copies of another.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local import binaries
from deploy.local.ports import free_port
from deploy.nats.administering import Running, Site
from deploy.nats.clients import LOCAL, PUBLISHER, with_local_clients
from deploy.nats.config import Server, seed_file, write_config
from deploy.nats.space import FREE_SHARES, MIB
from shared.contract.quarantine import HEADER_CLIENT
from shared.contract.subjects import EVENTS_STREAM, QUARANTINE_STREAM, SUBMIT_STREAM, quarantine, submit
from shared.runtime.clients import register as registers
from shared.runtime.clients.register import Register
from tests.conftest import NatsServer, _provisioned
from tests.integration.clients import added, speaking_as
from tests.integration.intake_service import front_door, new_submission
from tests.patience import PATIENCE

STORE, KIB = 64 * MIB, 1024
QUIET = 20
JUNK, EACH = 51, MIB
"""So many messages of 1 MiB filled the store once."""


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[NatsServer]:
    """A server whose streams may take 64 MiB, with the clients of an embedded stack."""
    port, config, keys = free_port(set()), tmp_path / "nats.conf", tmp_path / "keys"
    clients, register = tmp_path / "clients.json", with_local_clients(keys, Register())
    registers.write(clients, register)
    server = Server(tmp_path / "store", port, store_bytes=STORE)
    seeds = write_config(config, server, keys, register) | {name: seed_file(keys, name) for name in LOCAL}
    with (tmp_path / "nats.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            binaries.find(binaries.NATS), "-c", str(config), stdout=log, stderr=log
        )
    url = f"nats://127.0.0.1:{port}"
    try:
        await _provisioned(url, seeds["deploy"], register)
        site = Site(clients, keys, config, Running(process.pid, url, seeds["deploy"]))
        yield NatsServer(url, seeds, clients, site)
    finally:
        process.terminate()
        await process.wait()


async def test_the_reserve_leaves_room_for_facts(small: NatsServer) -> None:
    admin = await small.connect("admin")
    js = admin.jetstream()
    limits = {}
    for name in (SUBMIT_STREAM, QUARANTINE_STREAM, EVENTS_STREAM):
        limits[name] = (await js.stream_info(name)).config.max_bytes
    await admin.close()
    assert limits[SUBMIT_STREAM] == STORE // 2
    assert limits[QUARANTINE_STREAM] == STORE // 2 // FREE_SHARES
    assert limits[EVENTS_STREAM] == -1


async def test_junk_that_would_fill_the_store_leaves_room_for_complaints(
    small: NatsServer, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'intake.db'}"
    async with front_door(small, tmp_path, database) as door, door.open():
        async with speaking_as(small, PUBLISHER) as client:
            for _ in range(JUNK):
                await client.jetstream(timeout=PATIENCE).publish(submit("web"), b"x" * EACH)
                await door.idle()
        complaint, message = new_submission()
        await door.submit(message)
        await door.idle()
        assert await door.names(complaint) == ["received", "promise_made", "notice"]
        quarantined = (await door.admin.jetstream().stream_info(QUARANTINE_STREAM)).state
        assert 0 < quarantined.messages < JUNK
        assert quarantined.bytes <= STORE // 2 // FREE_SHARES


@pytest.mark.parametrize(("size", "count"), [(200 * KIB, 60), (20, 9_000)], ids=["large", "tiny"])
async def test_junk_of_one_client_does_not_push_out_the_copies_of_another(
    small: NatsServer, tmp_path: Path, size: int, count: int
) -> None:
    """The junk is more than twice the quarantine; the copies of the other client came before it."""
    await added(small, "quiet", kind="publisher", sources=["quiet.example"])
    database = f"sqlite:///{tmp_path / 'intake.db'}"
    async with front_door(small, tmp_path, database) as door, door.open():
        js = door.admin.jetstream(timeout=PATIENCE)
        async with speaking_as(small, "quiet") as quiet:
            for number in range(QUIET):
                await quiet.jetstream().publish(submit("web"), b"quiet %d" % number)
        await door.idle()
        async with speaking_as(small, PUBLISHER) as noisy:
            for _ in range(count - 1):
                await noisy.publish(submit("web"), b"x" * size)
            await noisy.jetstream(timeout=PATIENCE).publish(submit("web"), b"x" * size)
        await door.idle()
        state = (await js.stream_info(QUARANTINE_STREAM)).state
        copies = [await js.get_msg(QUARANTINE_STREAM, seq=seq, direct=True) for seq in range(1, QUIET + 1)]
        last = await js.get_last_msg(QUARANTINE_STREAM, quarantine("*"))
    assert {copy.data for copy in copies} == {b"quiet %d" % number for number in range(QUIET)}
    assert {(copy.headers or {})[HEADER_CLIENT] for copy in copies} == {"quiet"}
    assert QUIET < state.messages < count
    assert (last.headers or {})[HEADER_CLIENT] == PUBLISHER, "the latest junk is there to be looked at"
