"""Servers of a test's own that it may starve: no space for their files, a lock on their database."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nats.aio.client import Client

from deploy.local import binaries
from deploy.local.ports import free_port
from deploy.nats.config import Server, write_config
from shared.runtime.clients.register import Register
from tests.conftest import _provisioned
from tests.temporal import TemporalServer, _ready

NO_LIMIT = resource.RLIM_INFINITY


def largest_file(pid: int, size: int) -> None:
    """Let no file of a process grow past `size` bytes: its writes fail as on a full disk, without root."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, NO_LIMIT))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the only lock for writing of an SQLite database."""
    holder = sqlite3.connect(path, isolation_level=None, timeout=10)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@dataclass
class OwnNats:
    """Nats-server whose disk may be filled, and that may be killed and started again on the same store."""

    directory: Path
    port: int = field(default_factory=lambda: free_port(set()))
    process: asyncio.subprocess.Process | None = None
    seeds: dict[str, Path] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def store(self) -> Path:
        return self.directory / "store"

    async def start(self, *, store_bytes: int | None = None) -> None:
        """Start it, and provision it."""
        config = self.directory / "nats.conf"
        server = Server(self.store, self.port, store_bytes=store_bytes)
        self.seeds = write_config(config, server, self.directory / "keys")
        with (self.directory / "nats.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                binaries.find(binaries.NATS), "-c", str(config), stdout=log, stderr=log
            )
        await _provisioned(self.url, self.seeds["deploy"], Register())

    async def stop(self) -> None:
        assert self.process
        self.process.terminate()
        await self.process.wait()

    async def connect(self, user: str) -> Client:
        """Connection that reconnects."""
        client = Client()
        await client.connect(
            self.url,
            nkeys_seed=str(self.seeds[user]),
            inbox_prefix=f"_INBOX_{user}" if user != "admin" else "_INBOX",
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
        )
        return client

    def starve(self) -> None:
        """Fill the disk: no file grows any more."""
        assert self.process
        largest_file(self.process.pid, 1024)

    def feed(self) -> None:
        """Give the disk free space again."""
        assert self.process
        largest_file(self.process.pid, NO_LIMIT)


@asynccontextmanager
async def own_nats(directory: Path) -> AsyncIterator[OwnNats]:
    """Provisioned server, stopped at the end."""
    server = OwnNats(directory)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def own_temporal(directory: Path) -> AsyncIterator[tuple[TemporalServer, Path]]:
    """Development server on a file, as the stack has it, and that file."""
    port, path = free_port(set()), directory / "temporal.db"
    command = [binaries.find(binaries.TEMPORAL), "server", "start-dev", "--headless", "--port", str(port)]
    command += ["--log-level", "error", "--db-filename", str(path), "--sqlite-pragma", "journal_mode=WAL"]
    with (directory / "temporal.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        server = TemporalServer(f"127.0.0.1:{port}", directory)
        await _ready(server)
        yield server, path
    finally:
        process.terminate()
        await process.wait()
