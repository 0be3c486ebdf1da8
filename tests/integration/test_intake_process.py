"""Intake as a process of its own: killed in the midst of its work, and started with wrong settings."""

import asyncio
import base64
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from shared.contract import subjects
from shared.contract.consumers import INTAKE_SUBMISSIONS
from tests import forked
from tests.integration.intake_service import Door, new_submission, seen
from tests.patience import PATIENCE
from tests.thorough import THOROUGH

SAID = ["received", "promise_made", "notice"]
MODULE = [sys.executable, "-m", "services.intake"]
COMPLAINTS = 900 if THOROUGH > 1 else 300


def environment(door: Door, port: int) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
    return own | {
        "AMENDS_NATS_URL": door.settings.nats_url,
        "AMENDS_NATS_SEED_FILE": str(door.settings.nats_seed_file),
        "AMENDS_INTAKE_DATABASE_URL": door.settings.database_url,
        "AMENDS_MASTER_KEY_FILE": str(door.settings.master_key_file),
        "AMENDS_HEALTH_PORT": str(port),
    }


@asynccontextmanager
async def process(door: Door, directory: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Intake, ready. Killed at the end if it still runs."""
    port = free_port(set())
    with (directory / "intake.log").open("ab") as log:
        running = await forked.start("services.intake", environment(door, port), output=log)

    async def ready() -> bool | None:
        assert running.returncode is None, (directory / "intake.log").read_text()
        return await asyncio.to_thread(_answers, f"http://127.0.0.1:{port}/readyz")

    try:
        await seen(ready)
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


def _answers(url: str) -> bool | None:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200) or None
    except OSError:
        return None


async def test_kill_9_under_load_loses_no_complaint_and_doubles_no_fact(door: Door, tmp_path: Path) -> None:
    sent = dict(new_submission() for _ in range(COMPLAINTS))
    consumer = (INTAKE_SUBMISSIONS.stream, INTAKE_SUBMISSIONS.name)
    js = door.admin.jetstream(timeout=PATIENCE)
    # What a dead process had in hand comes back after ack_wait: make that a second for this test.
    config = (await js.consumer_info(*consumer)).config
    await js.add_consumer(INTAKE_SUBMISSIONS.stream, config.evolve(ack_wait=1.0))
    try:
        await asyncio.gather(*(door.submit(message) for message in sent.values()))
        for part in (0.2, 0.6):
            async with process(door, tmp_path) as intake:
                await _until_said(door, part * COMPLAINTS)
                intake.send_signal(signal.SIGKILL)
        async with process(door, tmp_path) as intake:
            await door.idle()
            intake.terminate()
            assert await asyncio.wait_for(intake.wait(), PATIENCE) == 0
    finally:
        await js.add_consumer(INTAKE_SUBMISSIONS.stream, config)

    assert [await door.names(complaint) for complaint in sent] == [SAID] * len(sent)
    assert "Traceback" not in (tmp_path / "intake.log").read_text()


async def _until_said(door: Door, complaints: float) -> None:
    """Wait until so many of the messages have left the queue, or the queue is empty."""

    async def look() -> bool | None:
        left = (await door.admin.jetstream().stream_info(subjects.SUBMIT_STREAM)).state.messages
        return True if COMPLAINTS - left >= complaints else None

    await seen(look)


async def test_the_log_holds_no_name_number_or_text(door: Door, tmp_path: Path) -> None:
    complaint, message = new_submission(narrative="绝密的经过")
    async with process(door, tmp_path):
        await door.submit(message)
        await door.submit(
            b'{"specversion": "1.0", "type": "complaints.submitted.v1", "data": "\xe7\xbb\x9d"}'
        )
        await door.idle()
    log = (tmp_path / "intake.log").read_text()

    assert complaint in log
    for words in ("绝密", "张小明", "13800138000", "xiaoming"):
        assert words not in log


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("AMENDS_INTAKE_DATABASE_URL", "", "AMENDS_INTAKE_DATABASE_URL is not set"),
        ("AMENDS_POLICY", "no-such-pack", "AMENDS_POLICY is not valid: there is no policy pack"),
        ("AMENDS_MASTER_KEY_FILE", "short", "AMENDS_MASTER_KEY_FILE is not valid"),
        ("AMENDS_CLIENTS_FILE", "short", "AMENDS_CLIENTS_FILE is not valid"),
    ],
)
async def test_a_wrong_setting_ends_the_start_with_one_sentence_and_status_2(
    door: Door, tmp_path: Path, variable: str, value: str, says: str
) -> None:
    if value == "short":
        (tmp_path / "short").write_bytes(base64.b64encode(secrets.token_bytes(8)))
        value = str(tmp_path / "short")
    ended = await asyncio.to_thread(
        subprocess.run,
        MODULE,
        env=environment(door, free_port(set())) | {variable: value},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith(says)
    assert len(ended.stderr.strip().splitlines()) == 1
