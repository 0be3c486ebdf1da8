"""Real servers that tests run against."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest
from hypothesis import settings
from nats.aio.client import Client
from nats.errors import Error

from deploy.local import binaries
from deploy.local.ports import free_port
from deploy.local.stack import Stack
from deploy.nats import provision
from deploy.nats.administering import Running, Site
from deploy.nats.clients import LOCAL, with_local_clients
from deploy.nats.config import Server, seed_file, write_config
from deploy.nats.permissions import INSIDE
from shared.runtime.clients import register as registers
from shared.runtime.clients.register import Register
from tests import forked
from tests.door import door_nats, http_door
from tests.patience import PATIENCE
from tests.postgres import database_url, postgres_server, postgres_url
from tests.stacks import admin, file_stack, own_stack, temporal
from tests.temporal import temporal_server
from tests.thorough import THOROUGH

__all__ = [
    "admin",
    "database_url",
    "door_nats",
    "file_stack",
    "http_door",
    "nats_server",
    "own_stack",
    "postgres_server",
    "postgres_url",
    "stack",
    "temporal",
    "temporal_server",
]

forked.in_every_stack()

settings.register_profile("the same every day", derandomize=True)
if THOROUGH == 1:  # what is tried at random is chosen anew by `make nightly` only
    settings.load_profile("the same every day")

LONGEST = (
    "stack",
    "e2e/test_somebody_is_told",
    "unit/test_case_model",
    "integration/test_cluster",
    "chaos/test_random_kills",
    "crowded_stack",
    "integration/test_proof_of_many",
    "integration/test_followup_recipients",
    "integration/test_followup_killed",
    "chaos/test_lost_stores",
    "integration/test_live_people",
    "integration/test_watching",
    "integration/test_cluster_keys",
    "chaos/test_kill",
    "chaos/test_backup",
    "door",
    "integration/test_carrying_over",
    "integration/test_proof",
    "integration/test_up",
    "integration/test_intake_process",
    "unit/test_certificates_model",
    "unit/test_clocks_by_brute_force",
    "unit/test_linear_time",
    "integration/test_connections",
    "integration/test_board",
    "integration/test_wrong_settings",
    "integration/test_migration",
    "integration/test_stack",
)
"""Groups that start first (`--no-loadscope-reorder`), so that all processes end at the same time."""

APART = {
    "chaos/test_lost_stores",
    "e2e/test_somebody_is_told",
    "integration/test_board",
    "integration/test_connections",
    "integration/test_followup_killed",
    "integration/test_followup_recipients",
    "integration/test_live_people",
    "integration/test_up",
    "integration/test_watching",
    "integration/test_wrong_settings",
    "unit/test_certificates_model",
    "unit/test_clocks_by_brute_force",
    "unit/test_linear_time",
}
"""Long files whose tests share nothing that takes long to start: each test is a group of its own."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its group: `make test` has several processes, and one of them runs all of a group.

    pytest-xdist looks for the groups later, and reports nothing if it finds none. A test marked `nightly`
    takes too long for every day, and runs with `make nightly` only.
    """
    if THOROUGH == 1:
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]
    grouped: dict[str, list[pytest.Item]] = {group: [] for group in LONGEST}
    for item in items:
        group = _group(item)
        own = grouped.setdefault(group, [])
        own.append(item)
        item.add_marker(pytest.mark.xdist_group(f"{group}-{len(own)}" if group in APART else group))
    items[:] = [item for group in grouped.values() for item in group]


def _group(item: pytest.Item) -> str:
    """Name the servers that a test shares: a stack or the door, each started once. Else it is its file.

    Each process has bare servers of its own: they start in a second or two.
    """
    used = set(getattr(item, "fixturenames", ()))
    shared = [name for name in ("stack", "crowded_stack") if name in used]
    if shared:
        return shared[0]
    return "door" if "door_nats" in used else f"{item.path.parent.name}/{item.path.stem}"


@dataclass(frozen=True)
class NatsServer:
    """Running nats-server with users, accounts, streams and durables as in production.

    Its clients are those of an embedded stack; `clients` is their register.
    """

    url: str
    seeds: dict[str, Path]
    clients: Path
    site: Site

    async def connect(self, user: str, errors: list[str] | None = None) -> Client:
        """Connection as `user`; what the server denies is added to `errors`."""

        async def noted(error: Exception) -> None:
            if errors is not None:
                errors.append(str(error))

        return await nats.connect(
            self.url,
            nkeys_seed=str(self.seeds[user]),
            inbox_prefix=f"_INBOX_{user}" if user in INSIDE else "_INBOX",
            error_cb=noted,
        )


async def _provisioned(url: str, seed: Path, register: Register) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await provision.run(url, str(seed), register)
            except (OSError, Error):
                await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
async def nats_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NatsServer]:
    """Bare nats-server for the whole run. Use subjects and complaints of your own in each test."""
    async with bare_nats(tmp_path_factory.mktemp("nats")) as server:
        yield server


@asynccontextmanager
async def bare_nats(directory: Path) -> AsyncIterator[NatsServer]:
    """nats-server with the streams of the contract, and no other part."""
    port = free_port(set())
    config = directory / "nats.conf"
    keys, clients = directory / "keys", directory / "clients.json"
    register = with_local_clients(keys, Register())
    registers.write(clients, register)
    seeds = write_config(config, Server(directory / "store", port), keys, register)
    seeds |= {name: seed_file(keys, name) for name in LOCAL}
    with (directory / "nats.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binaries.find(binaries.NATS), "-c", str(config), stdout=log, stderr=log
        )
    try:
        url = f"nats://127.0.0.1:{port}"
        await _provisioned(url, seeds["deploy"], register)
        running = Running(process.pid, url, seeds["deploy"])
        yield NatsServer(url, seeds, clients, Site(clients, keys, config, running))
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Whole stack with door and without board, for the whole run. Its `ready` has all addresses."""
    running = Stack(tmp_path_factory.mktemp("stack"), with_board=False, with_door=True, patience=PATIENCE)
    await running.start()
    yield running
    await running.stop()
