"""Starts of services in tests: forks of a process that has imported them, where the system has such forks."""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, cast

from deploy.local.child import Child
from tests.service_forks import CLONE, MODULES

ROOT = Path(__file__).parents[1]
ASKING = threading.Lock()
POSSIBLE = sys.platform == "linux" and CLONE > 0

usual = Child._spawn


class Fork:
    """As much of `asyncio.subprocess.Process` as its users need."""

    def __init__(self, pid: int, readers: list[asyncio.StreamReader]) -> None:
        self.pid = pid
        self.stdout, self.stderr = (*readers, None, None)[:2]
        self.returncode: int | None = None
        self._ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._wait, args=(loop,), daemon=True, name=f"waitpid-{pid}").start()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        _, status = os.waitpid(self.pid, 0)
        with suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(self._end, os.waitstatus_to_exitcode(status))

    def _end(self, status: int) -> None:
        self.returncode = status
        self._ended.set()

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """What it writes to its end, or wrote since it was last read."""
        out, err, _ = await asyncio.gather(_rest(self.stdout), _rest(self.stderr), self.wait())
        return out, err

    def send_signal(self, number: int) -> None:
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def _rest(reader: asyncio.StreamReader | None) -> bytes:
    return await reader.read() if reader else b""


async def start(
    module: str,
    environment: Mapping[str, str],
    directory: Path = ROOT,
    output: IO[bytes] | None = None,
    *,
    errors_apart: bool = False,
) -> Process:
    """`python -m <module>` with this environment; what it writes goes to a file, or to its `stdout`.

    `errors_apart`: what it writes to standard error goes to its `stderr`.
    """
    if POSSIBLE:
        pipes = [] if output else [os.pipe() for _ in range(1 + errors_apart)]
        forks = _forks()  # from the thread of the tests: with the thread that starts it, it would end
        outputs = [output.fileno()] if output else [writing for _, writing in pipes]
        pid = await asyncio.to_thread(_forked, forks, module, environment, directory, outputs)
        for _, writing in pipes:
            os.close(writing)
        if pid > 0:
            return cast(Process, Fork(pid, [await _reader(reading) for reading, _ in pipes]))
    to = output or asyncio.subprocess.PIPE
    errors = asyncio.subprocess.PIPE if errors_apart else output or asyncio.subprocess.STDOUT
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), env=environment, cwd=directory, stdout=to, stderr=errors
    )


async def _reader(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(file, "rb"))
    return reader


def _forked(
    forks: socket.socket, module: str, environment: Mapping[str, str], directory: Path, outputs: list[int]
) -> int:
    """Process id; -1 where the process that forks has ended, or the system has no such forks."""
    request = {
        "module": module,
        "environment": dict(environment),
        "directory": str(directory),
        "parent": os.getpid(),
    }
    with ASKING, suppress(OSError, ValueError):
        socket.send_fds(forks, [json.dumps(request).encode()], outputs)
        return int(forks.recv(32))
    return -1


@cache
def _forks() -> socket.socket:
    """Process that forks, started at the first use; it ends when the socket to it is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.service_forks", str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
        )

    def ended() -> None:
        ours.close()
        process.wait()

    atexit.register(ended)
    return ours


async def _spawn(self: Child) -> Process:
    """As `Child._spawn`, for the services."""
    order = self.order
    module = order.argv[-1]
    if list(order.argv[:-1]) != [sys.executable, "-m"] or module not in MODULES:
        return await usual(self)
    process = await start(module, order.environment, order.directory)
    self._logging = asyncio.create_task(self._keep_log(process), name=f"log-{order.name}")
    order.pid_file.write_text(str(process.pid))
    return process


def in_every_stack() -> None:
    """Let every stack of this process start its services so."""
    if POSSIBLE:
        Child._spawn = _spawn  # type: ignore[method-assign]
