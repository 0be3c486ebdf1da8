"""Python process beside the bench, controlled by its standard input; it reports on its standard output."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SideProcess:
    """Module of the bench that runs in a process of its own."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def hear(self, word: str) -> None:
        """Wait for a line. Raises `RuntimeError` if the process ends before it."""
        assert self._process.stdout
        while line := await self._process.stdout.readline():
            if line.decode().strip() == word:
                return
        raise RuntimeError(f"a process of the bench ended before it said {word!r}")

    def tell(self, word: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n".encode())


@asynccontextmanager
async def side_process(module: str, *arguments: str) -> AsyncIterator[SideProcess]:
    """Start it, wait until it is ready, and in the end wait until it has ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=PIPE, stdout=PIPE
    )
    side = SideProcess(process)
    try:
        await side.hear("ready")
        yield side
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
