"""The embedded stack: one owner, the same again after every end, one sentence for every failure."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import PIPE, Popen

import psutil
import pytest
from nats.aio.client import Client
from temporalio.client import Client as Temporal

from deploy.local.failure import StackFailure
from deploy.local.ready import Ready
from deploy.local.stack import Stack
from shared.contract import subjects
from shared.contract.subjects import SUBMIT_STREAM
from tests.patience import PATIENCE

SERVERS = ("nats", "temporal")

RUNNER = """
import asyncio, sys
from pathlib import Path
from deploy.local.stack import Stack

async def run():
    await Stack(Path(sys.argv[1]), services=(), with_board=False).start()
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(run())
"""


def servers_only(directory: Path) -> Stack:
    return Stack(directory, services=(), with_board=False)


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Stack]:
    """NATS and Temporal alone, in a directory of their own."""
    stack = servers_only(tmp_path / "stack")
    await stack.start()
    yield stack
    await stack.stop()


async def submit(ready: Ready) -> None:
    client = Client()
    await client.connect(ready.nats_url, nkeys_seed=ready.credentials.publisher)
    await client.jetstream(timeout=PATIENCE).publish(subjects.submit("web"), b"{}", stream=SUBMIT_STREAM)
    await client.close()


async def submitted(ready: Ready) -> int:
    client = Client()
    await client.connect(ready.nats_url, nkeys_seed=ready.credentials.admin)
    js = client.jetstream(timeout=PATIENCE)
    info = await js.stream_info(
        SUBMIT_STREAM, subjects_filter=subjects.from_client("*", subjects.submit("*"))
    )
    await client.close()
    return sum((info.state.subjects or {}).values())


def pid_in(directory: Path, part: str) -> int:
    return int((directory / "run" / f"{part}.pid").read_text())


async def until_gone(pids: list[int]) -> None:
    """Wait until none of the processes lives; a dead one that nobody has waited for counts as gone."""
    processes = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, timeout=PATIENCE)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


async def test_the_stack_is_whole_again_after_kill_9_of_everything(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    runner = await asyncio.create_subprocess_exec(sys.executable, "-c", RUNNER, str(directory), stdout=PIPE)
    assert runner.stdout
    assert await asyncio.wait_for(runner.stdout.readline(), PATIENCE) == b"ready\n"
    before = Ready.model_validate_json((directory / "ready.json").read_bytes())
    await submit(before)
    temporal = await Temporal.connect(before.temporal_address)
    await temporal.start_workflow("Waiting", id="waiting", task_queue="nobody")
    parts = [pid_in(directory, part) for part in SERVERS]

    for pid in (runner.pid, *parts):
        with contextlib.suppress(ProcessLookupError):  # parts end by themselves when their starter is gone
            os.kill(pid, signal.SIGKILL)
    await runner.wait()
    await until_gone(parts)

    stack = servers_only(directory)
    after = await stack.start()
    try:
        assert after == before
        assert await submitted(after) == 1
        found = await Temporal.connect(after.temporal_address)
        assert (await found.get_workflow_handle("waiting").describe()).status is not None
    finally:
        await stack.stop()


async def test_the_end_of_the_starter_is_the_end_of_its_parts(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    runner = await asyncio.create_subprocess_exec(sys.executable, "-c", RUNNER, str(directory), stdout=PIPE)
    assert runner.stdout
    assert await asyncio.wait_for(runner.stdout.readline(), PATIENCE) == b"ready\n"
    parts = [pid_in(directory, part) for part in SERVERS]
    runner.kill()
    await runner.wait()
    await until_gone(parts)


async def test_stopping_leaves_no_process_and_no_ready_file(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready" / "it.json"
    stack = Stack(tmp_path / "stack", services=(), with_board=False, ready_file=ready_file)
    ready = await stack.start()
    pids = [stack.pid(part) for part in SERVERS]
    assert Ready.model_validate_json(ready_file.read_bytes()) == ready
    await stack.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids if pid)
    assert not ready_file.exists()
    assert not (tmp_path / "stack" / "ready.json").exists()


@pytest.mark.parametrize("part", SERVERS)
async def test_a_killed_part_is_there_again_on_its_port(servers: Stack, part: str) -> None:
    before = servers.pid(part)
    await servers.kill(part)
    await servers.wait_ready(part)
    assert servers.pid(part) not in (None, before)


async def test_a_part_that_is_to_stay_down_stays_down_until_it_is_revived(servers: Stack) -> None:
    await servers.kill("nats", restart=False)
    assert servers.pid("nats") is None
    await servers.revive("nats")
    assert servers.pid("nats") is not None


async def test_a_second_stack_in_the_same_directory_is_refused(servers: Stack) -> None:
    second = servers_only(servers.layout.root)
    with pytest.raises(StackFailure, match="already runs"):
        await second.start()
    await second.stop()
    assert (servers.layout.root / "ready.json").exists()
    await servers.wait_ready("nats")


@pytest.mark.parametrize("variable", ["AMENDS_NATS_BIN", "AMENDS_TEMPORAL_BIN"])
async def test_a_missing_program_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "nothing-here"))
    stack = servers_only(tmp_path / "stack")
    with pytest.raises(StackFailure, match=f"^{variable} names .*, which is no program that can be run\\.$"):
        await stack.start()
    assert not list((tmp_path / "stack" / "run").glob("*.pid"))


async def test_a_part_that_cannot_start_is_named_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMENDS_NATS_BIN", "false")
    with pytest.raises(StackFailure, match=r"^nats ended 3 times while starting; see .*nats\.log\.$"):
        await servers_only(tmp_path / "stack").start()


async def test_a_given_port_that_is_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = Stack(tmp_path / "stack", nats_port=port, services=(), with_board=False)
        with pytest.raises(StackFailure, match=f"^Port {port}, given for nats, is in use\\.$"):
            await stack.start()


@pytest.mark.parametrize("ours", [True, False])
async def test_leftovers_are_ended_and_strangers_are_not(tmp_path: Path, ours: bool) -> None:
    directory = tmp_path / "stack"
    (directory / "run").mkdir(parents=True)
    mark = {"AMENDS_DIR": str(directory)} if ours else {}
    # Not through asyncio, which would wait for the process in our stead.
    left = Popen(["sleep", "600"], env=os.environ | mark)  # noqa: ASYNC220
    (directory / "run" / "routing.pid").write_text(str(left.pid))
    stack = servers_only(directory)
    try:
        await stack.start()
        assert psutil.pid_exists(left.pid) is not ours
    finally:
        await stack.stop()
        left.kill()
        left.wait()


async def test_secrets_are_for_the_owner_alone(servers: Stack) -> None:
    root = servers.layout.root
    secrets = [root / "master.key", *(root / "keys").glob("*.nk")]
    assert len(secrets) == 11
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert root.stat().st_mode & 0o077 == 0
