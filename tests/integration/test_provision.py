"""`deploy.nats.config` and `deploy.nats.provision` as the commands that an operator runs."""

import asyncio
import json
import os
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from deploy.local.ports import free_port
from deploy.nats.clients import LOCAL, with_local_clients
from deploy.nats.config import STORE_KEY, seed_file
from deploy.nats.permissions import ADMIN, DEPLOY, permissions
from shared.runtime.clients import register as registers
from shared.runtime.clients.register import Register
from tests.conftest import NatsServer


async def run(module: str, *arguments: str, **environment: str) -> tuple[int | None, str]:
    """Exit status and stderr of `python -m <module>`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stderr=PIPE, env=os.environ | environment
    )
    _, complaints = await process.communicate()
    return process.returncode, complaints.decode()


async def test_provisioning_a_running_server_again_succeeds_in_silence(nats_server: NatsServer) -> None:
    seed = str(nats_server.seeds[DEPLOY])
    assert await run(
        "deploy.nats.provision", AMENDS_NATS_URL=nats_server.url, AMENDS_NATS_SEED_FILE=seed
    ) == (0, "")


async def test_provisioning_without_addresses_names_the_missing_addresses() -> None:
    status, said = await run("deploy.nats.provision", AMENDS_NATS_URL="", AMENDS_NATS_SEED_FILE="")
    assert (status, said) == (1, "Set AMENDS_NATS_URL and AMENDS_NATS_SEED_FILE first.\n")


@pytest.mark.parametrize("user", ["publisher", "agent"])
async def test_provisioning_as_another_user_is_refused(nats_server: NatsServer, user: str) -> None:
    seed = str(nats_server.seeds[user])
    status, said = await run(
        "deploy.nats.provision", AMENDS_NATS_URL=nats_server.url, AMENDS_NATS_SEED_FILE=seed
    )
    assert status == 1
    assert said.startswith("The streams could not be provisioned")
    assert "Traceback" not in said
    assert said.count("\n") == 1


async def test_provisioning_without_a_server_is_one_sentence(nats_server: NatsServer) -> None:
    url, seed = f"nats://127.0.0.1:{free_port(set())}", str(nats_server.seeds[DEPLOY])
    status, said = await run("deploy.nats.provision", AMENDS_NATS_URL=url, AMENDS_NATS_SEED_FILE=seed)
    assert status == 1
    assert said.startswith(f"The streams could not be provisioned at {url}: ")
    assert said.count("\n") == 1


async def test_a_configuration_is_written_for_every_user_and_keeps_old_seeds(tmp_path: Path) -> None:
    keys, config = tmp_path / "keys", tmp_path / "nats.conf"
    words = ["--keys", str(keys), "--config", str(config), "--store", str(tmp_path / "store")]
    assert await run("deploy.nats.config", *words) == (0, "")
    seeds = {path.name: path.read_bytes() for path in keys.iterdir()}
    assert set(seeds) == {f"{user}.nk" for user in permissions()} | {STORE_KEY}
    assert {path.stat().st_mode & 0o777 for path in (config, *keys.iterdir())} == {0o600}
    first = json.loads(config.read_text())
    assert first["host"] == "127.0.0.1"
    assert await run("deploy.nats.config", *words) == (0, "")
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == seeds
    assert json.loads(config.read_text()) == first
    assert not any(seed.decode() in config.read_text() for name, seed in seeds.items() if name != STORE_KEY)


async def test_a_sealed_configuration_leaves_nothing_that_can_change_streams(tmp_path: Path) -> None:
    keys, config, clients = tmp_path / "keys", tmp_path / "nats.conf", tmp_path / "clients.json"
    registers.write(clients, with_local_clients(keys, Register()))
    words = ["--keys", str(keys), "--config", str(config), "--store", str(tmp_path / "store")]
    words += ["--clients", str(clients)]
    assert await run("deploy.nats.config", *words) == (0, "")
    assert all(seed_file(keys, user).exists() for user in (ADMIN, DEPLOY))
    assert await run("deploy.nats.config", *words, "--sealed") == (0, "")
    assert not any(seed_file(keys, user).exists() for user in (ADMIN, DEPLOY))
    accounts = json.loads(config.read_text())["accounts"]
    assert set(accounts) == {"AMENDS"} | {f"CLIENT-{name}" for name in LOCAL}
    allowed = [
        subject
        for account in accounts.values()
        for user in account["users"]
        for subject in user["permissions"]["publish"]["allow"]
    ]
    assert ">" not in allowed
    changing = ("STREAM.CREATE", "STREAM.UPDATE", "STREAM.DELETE", "STREAM.PURGE")
    changes = {subject for subject in allowed if any(call in subject for call in changing)}
    # Intake removes its own probes from the queue, all of which it may acknowledge anyway.
    assert changes == {"$JS.API.STREAM.PURGE.COMPLAINTS_SUBMIT"}


async def test_a_spoilt_seed_is_named(tmp_path: Path) -> None:
    words = ["--keys", str(tmp_path), "--config", str(tmp_path / "c"), "--store", str(tmp_path / "s")]
    (tmp_path / "deploy.nk").write_text("no seed")
    status, said = await run("deploy.nats.config", *words)
    assert (status, said) == (
        1,
        f"The file {tmp_path / 'deploy.nk'} holds no nkey seed; delete it to have a new one made.\n",
    )


async def test_streams_whose_key_is_gone_are_not_started_empty(tmp_path: Path) -> None:
    keys, store = tmp_path / "keys", tmp_path / "store"
    words = ["--keys", str(keys), "--config", str(tmp_path / "c"), "--store", str(store)]
    assert await run("deploy.nats.config", *words) == (0, "")
    (store / "jetstream").mkdir(parents=True)
    (store / "jetstream" / "meta.key").touch()
    assert await run("deploy.nats.config", *words) == (0, "")
    (keys / STORE_KEY).unlink()
    status, said = await run("deploy.nats.config", *words)
    key = keys / STORE_KEY
    assert (status, said) == (
        1,
        f"The streams in {store} are encrypted and their key {key} is gone; put it back.\n",
    )
