"""What the files of a nats-server hold of messages: nothing in the clear, and nothing of what was let go."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local import binaries
from deploy.local.ports import free_port
from deploy.nats.config import Server, write_config
from shared.contract.consumers import INTAKE_SUBMISSIONS
from shared.contract.subjects import QUARANTINE_STREAM, SUBMIT_STREAM, quarantine, submit
from shared.runtime.clients.register import Register
from tests.conftest import _provisioned
from tests.patience import PATIENCE

MARKER = b"MARKER-" + b"x" * 40


@asynccontextmanager
async def running(directory: Path, *, encrypted: bool = True) -> AsyncIterator[JetStreamContext]:
    """A server with the streams of the contract."""
    port, config = free_port(set()), directory / "nats.conf"
    seeds = write_config(config, Server(directory / "store", port), directory / "keys")
    if not encrypted:
        content = json.loads(config.read_text())
        del content["jetstream"]["cipher"], content["jetstream"]["key"]
        config.write_text(json.dumps(content))
    with (directory / "nats.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            binaries.find(binaries.NATS), "-c", str(config), stdout=log, stderr=log
        )
    client = Client()
    try:
        await _provisioned(f"nats://127.0.0.1:{port}", seeds["deploy"], Register())
        await client.connect(f"nats://127.0.0.1:{port}", nkeys_seed=str(seeds["admin"]))
        yield client.jetstream(timeout=PATIENCE)
    finally:
        await client.close()
        process.terminate()
        await process.wait()


def holding(directory: Path, needle: bytes = MARKER) -> list[str]:
    """The files that hold these bytes."""
    files = (path for path in (directory / "store").rglob("*") if path.is_file())
    return [path.name for path in files if needle in path.read_bytes()]


async def submitted(js: JetStreamContext, number: int) -> None:
    for place in range(number):
        await js.publish(submit("web"), MARKER + str(place).encode(), stream=SUBMIT_STREAM)


async def taken(js: JetStreamContext, number: int) -> None:
    subscription = await js.pull_subscribe_bind(INTAKE_SUBMISSIONS.name, SUBMIT_STREAM)
    for message in await subscription.fetch(number, timeout=PATIENCE):
        await message.ack_sync()


async def test_no_waiting_or_quarantined_message_is_on_disk_in_the_clear(tmp_path: Path) -> None:
    async with running(tmp_path) as js:
        await submitted(js, 20)
        await js.publish(quarantine("not_json"), MARKER, stream=QUARANTINE_STREAM)
        assert (await js.stream_info(SUBMIT_STREAM)).state.messages == 20
        assert holding(tmp_path) == []


async def test_streams_of_an_earlier_time_are_encrypted_at_the_next_start(tmp_path: Path) -> None:
    async with running(tmp_path, encrypted=False) as js:
        await submitted(js, 20)
    assert holding(tmp_path) != []
    async with running(tmp_path) as js:
        assert (await js.stream_info(SUBMIT_STREAM)).state.messages == 20
        assert holding(tmp_path) == []


async def test_the_disk_holds_nothing_of_an_empty_queue(tmp_path: Path) -> None:
    """While others wait in its block, a message that was let go lies there: see decisions/0010."""
    async with running(tmp_path, encrypted=False) as js:
        await submitted(js, 20)
        await taken(js, 10)
        assert holding(tmp_path, MARKER + b"3") != []
        await taken(js, 10)
        assert holding(tmp_path) == []


async def test_a_message_deleted_from_the_quarantine_is_overwritten(tmp_path: Path) -> None:
    async with running(tmp_path, encrypted=False) as js:
        for place in range(10):
            await js.publish(quarantine("not_json"), MARKER + str(place).encode(), stream=QUARANTINE_STREAM)
        assert holding(tmp_path, MARKER + b"3") != []
        await js.delete_msg(QUARANTINE_STREAM, 4)
        assert holding(tmp_path, MARKER + b"3") == []
        assert holding(tmp_path, MARKER + b"4") != []
