"""Runs the real `amends` in a process of its own, as a person would.

The process is a fork of one that has imported the commands already. That `amends` also starts from nothing
is tested where the commands of the documents are run in a shell.
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from tests.patience import PATIENCE


@dataclass(frozen=True)
class Ran:
    """Exit status and output of a command."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """JSON document on standard output; there must be exactly one."""
        return json.loads(self.out)


async def amends(*words: str, stdin: bytes | None = None, environment: dict[str, str] | None = None) -> Ran:
    """Run `amends` with these words and wait for its end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin or b"")
        given.seek(0)
        request = {"words": words, "environment": clean | {"NO_COLOR": "1"} | (environment or {})}
        status = await _forked(request, given, out, err)
        return Ran(status, _content(out), _content(err))


async def _forked(request: dict[str, Any], *files: IO[bytes]) -> int:
    """Exit status of a fork with this request and these standard files."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_forks(), [b"."], [theirs.fileno()])
    socket.send_fds(ours, [json.dumps(request).encode() + b"\n"], [file.fileno() for file in files])
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        child = int(await reader.readline())
        try:
            async with asyncio.timeout(PATIENCE):
                return int(await reader.readline())
        except TimeoutError:
            os.kill(child, signal.SIGKILL)
            raise
    finally:
        writer.close()
        await writer.wait_closed()


@cache
def _forks() -> socket.socket:
    """Process that forks, started at the first use; it ends when the socket to it is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.amends_forks", str(theirs.fileno())],
            cwd=Path(__file__).parents[1],
            pass_fds=[theirs.fileno()],
        )

    def ended() -> None:
        ours.close()
        process.wait()

    atexit.register(ended)
    return ours


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
