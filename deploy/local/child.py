"""Child process of the stack, which is restarted whenever it ends by itself."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.log_file import LogFile

EventReport = Callable[[str, str], None]
"""Receives the name of a part and a sentence about it."""

TETHER = Path(__file__).with_name("tether.py")
FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0
STEADY_SECONDS = 30.0
"""Seconds after which a running part counts as healthy: the delay begins with the shortest again."""

CHUNK_BYTES = 64 * 1024
"""Most bytes of a part's output that are written to its log at once."""

LAST_WORDS_SECONDS = 2.0
"""Seconds to read on after the end of a part."""


@dataclass(frozen=True)
class StartCommand:
    """Command that starts a part. `grace` is the number of seconds in which it must end when it is asked
    to.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    directory: Path
    log: Path
    pid_file: Path
    grace: float = 20.0


class Child:
    """Supervised process. `deaths` counts the ends that were not requested."""

    def __init__(self, order: StartCommand, report: EventReport) -> None:
        self.order = order
        self.deaths = 0
        self._report = report
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._logging: asyncio.Task[None] | None = None
        self._unwanted = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Process id, or None while it does not run."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def start(self) -> None:
        """Start it, and keep it running from now on."""
        self._unwanted.clear()
        self._process = await self._spawn()
        self._watch = asyncio.create_task(self._keep_running(), name=f"watch-{self.order.name}")

    async def stop(self) -> None:
        """Ask it to end, wait for its grace, then end it."""
        self._unwanted.set()
        process = self._process
        if process is not None and process.returncode is None:
            _signal(process, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self.order.grace)
            if process.returncode is None:
                self._report(self.order.name, "did not end when asked to, and was killed")
        await self._end()

    async def restart(self) -> None:
        """Ask it to end, and end it after its grace; then it is started again as after any other end."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self.order.grace)
        _signal(process, signal.SIGKILL)

    async def kill(self, *, restart: bool) -> None:
        """SIGKILL, and return when it is dead. Without `restart` it stays down until `start`."""
        process = self._process
        if restart and process is not None:
            _signal(process, signal.SIGKILL)
            await process.wait()
            return
        self._unwanted.set()
        await self._end()

    async def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            _signal(self._process, signal.SIGKILL)
        if self._watch is not None:
            await self._watch
            self._watch = None
        if self._logging is not None:
            with contextlib.suppress(TimeoutError):  # what it left running may hold its output open
                await asyncio.wait_for(self._logging, LAST_WORDS_SECONDS)
            self._logging = None
        self.order.pid_file.unlink(missing_ok=True)

    async def _keep_running(self) -> None:
        delay = FIRST_DELAY_SECONDS
        while self._process is not None:
            started = time.monotonic()
            status = await self._process.wait()
            if time.monotonic() - started > STEADY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            if self._unwanted.is_set() or not await self._after(status, delay):
                return
            delay = min(2 * delay, LONGEST_DELAY_SECONDS)
            self._process = await self._spawn()
            if self._unwanted.is_set():
                _signal(self._process, signal.SIGKILL)

    async def _after(self, status: int, delay: float) -> bool:
        """Report the end and wait for `delay`; returns whether the part is still wanted then."""
        self.deaths += 1
        self._report(self.order.name, f"{_ending(status)}; it is started again in {delay:.1f} s")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._unwanted.wait(), delay)
        return not self._unwanted.is_set()

    async def _spawn(self) -> Process:
        order = self.order
        tether = (sys.executable, "-I", "-S", str(TETHER), str(os.getpid()))
        process = await asyncio.create_subprocess_exec(
            *tether,
            *order.argv,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env=dict(order.environment),
            cwd=order.directory,
            start_new_session=True,
        )
        self._logging = asyncio.create_task(self._keep_log(process), name=f"log-{order.name}")
        order.pid_file.write_text(str(process.pid))
        return process

    async def _keep_log(self, process: Process) -> None:
        """Write what the part prints to its log, until it and its own children have closed their output."""
        log = LogFile(self.order.log)
        while process.stdout and (printed := await process.stdout.read(CHUNK_BYTES)):
            log.write(printed)


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _ending(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
