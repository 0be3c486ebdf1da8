"""Changes of the register of clients on a running server, without a disturbance for other clients.

The register is written first, then the accounts. The server reads them again on SIGHUP, services and door
by themselves. nats-server takes the imports of an account that it did not know only at the second reading,
so it is asked to read until the client is answered.
"""

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error

from deploy.nats import jetstream, provision
from deploy.nats.config import public_key, seed_file, write_accounts
from shared.runtime.clients.register import Client as Registered
from shared.runtime.clients.register import Register

IN_EFFECT_SECONDS = 20.0
PAUSE_SECONDS = 0.25
ANSWER_SECONDS = 2.0
AT_ITS_LIMIT = "maximum account active connections"


@dataclass(frozen=True)
class Running:
    """Running server: its process id, its URL, and the seed of a user that may make consumers."""

    pid: int
    url: str
    seed: Path


@dataclass(frozen=True)
class Site:
    """Place of the register and the seeds, the server's configuration beside it, and the running server."""

    clients: Path
    keys: Path
    config: Path | None = None
    running: Running | None = None

    def seed_file(self, name: str) -> Path:
        """Path of a client's seed."""
        return seed_file(self.keys, name)

    def write_accounts(self, register: Register) -> None:
        """Bring the accounts beside the server's configuration to the register, if they are here."""
        if self.config is not None:
            write_accounts(self.config, self.keys, register)


class NotInEffect(Exception):
    """Raised when the server did not take the change in time."""


async def take_effect(site: Site, client: Registered) -> bool:
    """Make a running server serve `client` as in the register, or no more. False where none runs here.

    Raises `NotInEffect`.
    """
    if site.running is None:
        return False
    seed = site.seed_file(client.name)
    try:
        async with asyncio.timeout(IN_EFFECT_SECONDS):
            await _read_again(site.running)
            if seed.exists():
                wanted = public_key(seed) in client.keys
                while await _is_served(site.running.url, seed) != wanted:
                    await _read_again(site.running)
            if client.follow and not client.revoked:
                await _keep_durable(site.running, client)
    except TimeoutError as error:
        raise NotInEffect(f"The server did not take the change within {IN_EFFECT_SECONDS:.0f} s.") from error
    return True


async def _read_again(running: Running) -> None:
    """Two readings: a new account is served from the second on. Signals in a row may be taken for one."""
    for _ in range(2):
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGHUP)
        await asyncio.sleep(PAUSE_SECONDS)


async def _is_served(url: str, seed: Path) -> bool:
    """Whether this seed logs in, and is answered through an import."""
    client = Client()
    try:
        await client.connect(
            url,
            nkeys_seed=str(seed),
            allow_reconnect=False,
            connect_timeout=int(ANSWER_SECONDS),
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=_silent,
        )
        await client.request(jetstream.ACCOUNT, b"", timeout=ANSWER_SECONDS)
    except (OSError, Error) as error:
        # The server knows a client that it refuses because of a limit of its account.
        return AT_ITS_LIMIT in str(error)
    finally:
        await client.close()
    return True


async def _keep_durable(running: Running, client: Registered) -> None:
    connection = await provision.connect(running.url, str(running.seed))
    try:
        await provision.keep_client_durable(connection.jetstream(timeout=provision.LIMIT_SECONDS), client)
    finally:
        await connection.close()


async def _silent(_: Exception) -> None:
    """Ignore errors of the connection: only an answer counts."""
