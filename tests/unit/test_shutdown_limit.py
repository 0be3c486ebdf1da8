"""A service that is asked to end does so within its limit, whatever hangs."""

import signal
import subprocess
import sys
import time

import pytest

SERVICE = """
import asyncio, time
from shared.runtime.running import run_until_stopped

class Broker:
    async def start(self): pass
    async def stop(self): pass

async def hangs():
    print("begun", flush=True)
    try:
        await asyncio.sleep(1000)
    finally:
        {at_the_end}

asyncio.run(run_until_stopped(Broker(), None, hangs(), within=1.0))
print("ended", flush=True)
"""


def stopped(at_the_end: str) -> tuple[int, str, float]:
    """Start a service, ask it to end; its status, what it printed, and how long that took."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE.format(at_the_end=at_the_end)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        while process.stdout.readline() != "begun\n":
            assert process.poll() is None
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
        return process.returncode, said, time.monotonic() - asked
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("hanging", ["await asyncio.sleep(1000)", "time.sleep(1000)"])
def test_a_hanging_task_does_not_keep_a_service_from_ending(hanging: str) -> None:
    status, said, seconds = stopped(hanging)
    assert status == 1
    assert "ended" not in said
    assert 0.9 <= seconds < 10


def test_a_service_that_ends_in_time_ends_with_status_0() -> None:
    status, said, _ = stopped("pass")
    assert (status, said.splitlines()[-1]) == (0, "ended")
