"""What runs and does not work is started anew, a few times, with a sentence that says why."""

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from deploy.local.child import Child, StartCommand
from deploy.local.stack import Stack
from deploy.local.watching import MOST_RESTARTS, NotWell, Patient, Watching
from deploy.nats import provision
from shared.contract.subjects import EVENTS_STREAM, SUBMIT_STREAM, Service
from shared.runtime.probes.storing import NothingStored, store_probe
from tests.amends_command import amends
from tests.own_servers import NO_LIMIT, largest_file
from tests.patience import until

PATIENCE = 3.0


async def stores(stack: Stack) -> bool:
    assert stack.ready
    try:
        client = await provision.connect(stack.ready.nats_url, stack.ready.credentials.admin)
    except Exception:
        return False
    try:
        await store_probe(client, SUBMIT_STREAM)
        await store_probe(client, EVENTS_STREAM)
    except NothingStored:
        return False
    finally:
        await client.close()
    return True


async def test_nats_that_stays_broken_after_there_is_space_again_is_started_anew(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    stack = Stack(
        tmp_path / "stack",
        services=(),
        with_board=False,
        patience=PATIENCE,
        report=lambda part, sentence: told.append((part, sentence)),
    )
    await stack.start()
    try:
        before = stack.pid("nats")
        assert before
        largest_file(before, 1024)
        assert not await stores(stack)
        largest_file(before, NO_LIMIT)

        async def mended() -> bool:
            return stack.pid("nats") not in (None, before) and await stores(stack)

        await until(mended)
        why = next(sentence for part, sentence in told if part == "nats" and "started anew" in sentence)
        assert "NothingStored" in why
        assert "1 of 3 in an hour" in why
    finally:
        await stack.stop()


@pytest.fixture
async def sleeper(tmp_path: Path) -> Child:
    """A part that runs and does nothing."""
    program = (sys.executable, "-c", "import time; time.sleep(600)")
    order = StartCommand(
        "idle", program, dict(os.environ), tmp_path, tmp_path / "log", tmp_path / "pid", grace=5
    )
    return Child(order, lambda _, __: None)


async def test_restarts_are_bounded_and_the_final_message_is_logged_once(
    sleeper: Child, tmp_path: Path
) -> None:
    told: list[str] = []

    async def never() -> None:
        raise NotWell("it does nothing")

    patient = Patient(sleeper, never, patience=0.1)
    watching = Watching({"idle": patient}, tmp_path, lambda _, words: told.append(words), every=0.05)
    await sleeper.start()
    task = asyncio.create_task(watching.run())
    try:

        async def given_up() -> bool:
            return any("stays as it is" in one for one in told)

        await until(given_up)
        pid = sleeper.pid
        await asyncio.sleep(0.5)
        assert sleeper.pid == pid
        assert [("it does nothing" in one) for one in told] == [True] * (MOST_RESTARTS + 1)
        assert sleeper.deaths == MOST_RESTARTS
    finally:
        task.cancel()
        await sleeper.stop()


async def test_a_full_disk_is_reported_and_restarts_nothing(
    sleeper: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def never() -> None:
        raise NotWell("it stores nothing")

    usage = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    watching = Watching(
        {"idle": Patient(sleeper, never, 0.1)}, tmp_path, lambda _, words: told.append(words), 0.05
    )
    await sleeper.start()
    task = asyncio.create_task(watching.run())
    try:

        async def said() -> bool:
            return bool(told)

        await until(said)
        assert "make space" in told[0]
        assert sleeper.deaths == 0
    finally:
        task.cancel()
        await sleeper.stop()


async def test_a_process_that_hangs_is_started_anew(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "stack", services=(), with_board=False, patience=PATIENCE)
    await stack.start()
    try:
        before = stack.pid("nats")
        assert before
        os.kill(before, signal.SIGSTOP)

        async def mended() -> bool:
            return stack.pid("nats") not in (None, before) and await stores(stack)

        await until(mended)
    finally:
        await stack.stop()


async def test_a_database_that_is_deleted_under_its_service_is_said_and_is_no_reason_for_a_new_start(
    tmp_path: Path,
) -> None:
    """The service reports it, `doctor` does, the supervisor says what to do; the next start says it, too."""
    told: list[tuple[str, str]] = []

    def tell(part: str, sentence: str) -> None:
        told.append((part, sentence))

    stack = Stack(
        tmp_path / "stack", services=(Service.ROUTING,), with_board=False, patience=PATIENCE, report=tell
    )
    await stack.start()
    try:
        before = stack.pid("routing")
        for file in stack.layout.databases.glob("routing.db*"):
            file.unlink()

        async def said() -> bool:
            return any("amends rebuild rows --service routing" in sentence for _, sentence in told)

        await until(said)
        assert "was deleted or moved under this process" in told[-1][1]
        doctor = await amends("doctor", "--dir", str(stack.layout.root), "--json")
        (found,) = [one for one in doctor.document["findings"] if one["part"] == "database of routing"]
        assert (doctor.status, found["state"]) == (1, "wrong")
        assert "StoreLost" in found["seen"]
        await asyncio.sleep(2 * PATIENCE)
        assert stack.pid("routing") == before
        assert not stack.layout.database("routing").exists()
        assert len([one for one in told if "rebuild rows" in one[1]]) == 1, "said once"
    finally:
        await stack.stop()
    await stack.start()
    try:
        assert any("has no database any more, and makes an empty one" in sentence for _, sentence in told)
        assert stack.layout.database("routing").exists()
    finally:
        await stack.stop()
