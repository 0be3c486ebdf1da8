"""`amends up` as a person or a program runs it."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path
from subprocess import PIPE
from typing import Any

import psutil

from tests.patience import PATIENCE

PARTS = ("nats", "temporal", "intake", "routing", "followup", "door")


async def amends_up(directory: Path, ready_file: Path, **environment: str) -> Process:
    """The command, started."""
    words = ["--dir", str(directory), "--ready-file", str(ready_file), "--no-board"]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.console",
        "up",
        *words,
        stdout=PIPE,
        stderr=PIPE,
        env=os.environ | environment,
    )


async def until_it_says(process: Process, words: bytes) -> None:
    """Read on until a line of the output has the words."""
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        while words not in (line := await process.stdout.readline()):
            assert line, "it ended before it said so"


async def ending(process: Process) -> tuple[int | None, str]:
    """Exit status and stderr."""
    _, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, complaints.decode()


def promised_fields(ready: dict[str, Any]) -> None:
    """The ready file has exactly these fields, and its seeds are there."""
    addresses = {"nats_url", "temporal_address", "temporal_namespace", "temporal_ui", "board_url"}
    assert set(ready) == addresses | {"credentials", "door_url", "door_token_file"}
    assert Path(ready["door_token_file"]).stat().st_mode & 0o777 == 0o600
    assert set(ready["credentials"]) == {"admin", "publisher", "agent", "gateway", "customer"}
    assert all(Path(path).is_absolute() and Path(path).exists() for path in ready["credentials"].values())


async def test_up_runs_until_it_is_asked_to_stop_and_leaves_nothing_running(tmp_path: Path) -> None:
    directory, ready_file = tmp_path / "stack", tmp_path / "ready.json"
    first = await amends_up(directory, ready_file)
    await until_it_says(first, b"is ready; Ctrl-C")
    ready = json.loads(ready_file.read_bytes())
    assert json.loads((directory / "ready.json").read_bytes()) == ready
    promised_fields(ready)
    pids = [int((directory / "run" / f"{part}.pid").read_text()) for part in PARTS]

    second = await amends_up(directory, ready_file)
    status, said = await ending(second)
    assert (status, said) == (
        1,
        f"Amends already runs in {directory}: stop it first, or choose another directory.\n",
    )
    assert json.loads(ready_file.read_bytes()) == ready
    assert all(psutil.pid_exists(pid) for pid in pids)

    first.send_signal(signal.SIGTERM)
    assert await ending(first) == (0, "")
    assert not ready_file.exists()
    assert not (directory / "ready.json").exists()
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_up_that_is_interrupted_while_starting_leaves_nothing_running(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    up = await amends_up(directory, tmp_path / "ready.json")
    await until_it_says(up, b"nats      is ready")
    nats = int((directory / "run" / "nats.pid").read_text())
    up.send_signal(signal.SIGINT)
    assert await ending(up) == (0, "")
    assert not psutil.pid_exists(nats)
    assert not (tmp_path / "ready.json").exists()


async def test_up_that_cannot_start_gives_the_reason_in_one_sentence(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    up = await amends_up(tmp_path / "stack", tmp_path / "ready.json", AMENDS_TEMPORAL_BIN=nowhere)
    assert await ending(up) == (
        1,
        f"AMENDS_TEMPORAL_BIN names {nowhere}, which is no program that can be run.\n",
    )
