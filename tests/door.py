"""Door in a process of its own, on a nats-server of its own that may be killed."""

import asyncio
import base64
import json
import os
import secrets
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error

from deploy.local import binaries
from deploy.local.ports import free_port
from deploy.nats import provision
from deploy.nats.clients import DOOR, with_local_clients
from deploy.nats.config import Server, seed_file, write_config
from shared.contract.clients import Kind
from shared.contract.door import PROBLEM_TYPE
from shared.contract.subjects import SUBMIT_STREAM, spoken_by
from shared.runtime.clients import register as registers
from shared.runtime.clients.register import Register
from tests import forked, patience

Json = dict[str, Any]


SHOP, SLOW = "test/shop", "test/few"
"""Sources of two publishers; the second may send only `FEW` requests in a minute."""

FEW = 3

FORMS = 8
"""Forms that one address may send in an hour."""

LIMIT = patience.PATIENCE
"""Seconds in which a server starts, or a door becomes ready."""

PATIENCE = 4
"""Seconds that this door waits for a request to arrive."""


class DoorNats:
    """Nats-server on one port and one store, killed and started again at will."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port(set())
        self.url = f"nats://127.0.0.1:{self.port}"
        self._directory = directory
        self._config = directory / "nats.conf"
        keys = directory / "keys"
        register = with_local_clients(keys, Register())
        self.seeds = write_config(self._config, Server(directory / "store", self.port), keys, register)
        self.seeds[DOOR] = seed_file(keys, DOOR)
        self._process: Process | None = None
        self._read: list[tuple[str, Json]] = []

    async def start(self) -> None:
        with (self._directory / "nats.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                binaries.find(binaries.NATS), "-c", str(self._config), stdout=log, stderr=log
            )
        async with asyncio.timeout(LIMIT):
            while True:
                try:
                    return await provision.run(self.url, str(self.seeds["deploy"]))
                except (OSError, Error):
                    await asyncio.sleep(0.05)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def pause(self, *, on: bool = True) -> None:
        """Pause the server's process, or let it continue."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    async def admin(self) -> Client:
        return await nats.connect(self.url, nkeys_seed=str(self.seeds["admin"]))

    async def stored(self) -> list[tuple[str, Json]]:
        """Submissions in the stream, with their subjects: no service consumes them here, so none goes."""
        client = await self.admin()
        js = client.jetstream(timeout=LIMIT)
        last = (await js.stream_info(SUBMIT_STREAM)).state.last_seq
        for number in range(len(self._read) + 1, last + 1):
            message = await js.get_msg(SUBMIT_STREAM, number)
            self._read.append((spoken_by(str(message.subject))[1], json.loads(message.data or b"{}")))
        await client.close()
        return self._read


@dataclass
class Door:
    """Running door: a client of it, and the tokens that it knows."""

    client: httpx.AsyncClient
    port: int
    nats: DoorNats
    tokens_file: Path
    log: Path
    health_port: int
    tokens: dict[str, str] = field(default_factory=dict)

    def bearer(self, source: str = SHOP) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[source]}"}

    async def post(self, event: Json | bytes, source: str = SHOP, **more: Any) -> httpx.Response:
        """Send an event in structured mode."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = self.bearer(source) | {"content-type": "application/cloudevents+json"}
        return await self.client.post("/v1/complaints", content=body, headers=headers, **more)

    async def until_accepted(self, event: Json) -> None:
        """Send until it is accepted, as a publisher does where NATS is slow: no other refusal."""
        async with asyncio.timeout(LIMIT):
            while (answer := await self.post(event)).status_code != 202:
                refused(answer, 503, "unavailable")
                await asyncio.sleep(int(answer.headers["retry-after"]) / 10)

    async def until_ready(self, ready: bool = True) -> None:
        """Wait until `/readyz` answers as wanted."""
        async with asyncio.timeout(LIMIT):
            while True:
                try:
                    if ((await self.client.get("/readyz")).status_code == 200) == ready:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def stored(self, event_id: str) -> list[tuple[str, Json]]:
        return [found for found in await self.nats.stored() if found[1].get("id") == event_id]

    async def stored_once(self, event_id: str) -> tuple[str, Json]:
        """Submission in the stream. Its repeats are equal, but for the time of another click on a form.

        The stream knows a repeat for a tenth of a second; after that intake does, by source and id.
        """
        first, *repeats = await self.stored(event_id)
        for subject, event in repeats:
            assert (subject, event | {"time": first[1]["time"]}) == first
        return first


def an_event(**changes: Any) -> Json:
    """Submission of the shop, with an id and a customer of its own: equal submissions would be joined."""
    name = secrets.token_hex(8)
    data = {"customer": {"ref": f"cust-{name}"}, "title": "手机频繁死机", "remedy_sought": "refund"}
    event = {
        "specversion": "1.0",
        "type": "complaints.submitted.v1",
        "source": SHOP,
        "id": name,
        "time": "2026-11-20T01:30:00Z",
        "data": data,
    }
    return event | changes


def refused(response: httpx.Response, status: int, code: str) -> Json:
    """Assert that the response is a problem in both languages; return its members."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM_TYPE
    problem: Json = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:amends:problem:{code}"
    assert problem["detail"].endswith(".")
    assert problem["detail_zh"].endswith("。")
    return problem


@pytest.fixture(scope="session")
async def door_nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DoorNats]:
    """Nats-server of the door."""
    server = DoorNats(tmp_path_factory.mktemp("door-nats"))
    await server.start()
    yield server
    await server.kill()


@pytest.fixture(scope="session")
async def http_door(tmp_path_factory: pytest.TempPathFactory, door_nats: DoorNats) -> AsyncIterator[Door]:
    """Running door with two publishers; it is ready, and stops at SIGTERM with status 0."""
    directory = tmp_path_factory.mktemp("door")
    tokens_file, port = directory / "tokens.json", free_port({door_nats.port})
    health_port = free_port({door_nats.port, port})
    tokens = _write_tokens(tokens_file)
    (directory / "door.key").write_bytes(base64.b64encode(secrets.token_bytes(32)))
    environment = {
        "AMENDS_NATS_URL": door_nats.url,
        "AMENDS_NATS_SEED_FILE": str(door_nats.seeds["door"]),
        "AMENDS_DOOR_PORT": str(port),
        "AMENDS_HEALTH_PORT": str(health_port),
        "AMENDS_CLIENTS_FILE": str(tokens_file),
        "AMENDS_DOOR_KEY_FILE": str(directory / "door.key"),
        "AMENDS_DOOR_PER_MINUTE": "100000",
        "AMENDS_DOOR_PATIENCE": str(PATIENCE),
        "AMENDS_DOOR_TRUSTED_PROXIES": "127.0.0.1",
        "AMENDS_DOOR_FORM_PER_HOUR": str(FORMS),
    }
    with (directory / "door.log").open("wb") as log:
        process = await forked.start("services.door", os.environ | environment, output=log)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT) as client:
        running = Door(client, port, door_nats, tokens_file, directory / "door.log", health_port, tokens)
        await running.until_ready()
        yield running
    process.terminate()
    async with asyncio.timeout(LIMIT):
        assert await process.wait() == 0


def _write_tokens(path: Path) -> dict[str, str]:
    tokens = {source: registers.new_token() for source in (SHOP, SLOW)}
    register = Register()
    for name, source, per_minute in (("shop", SHOP, None), ("few", SLOW, FEW)):
        known = [registers.digest(tokens[source])]
        register = register.having(
            name=name, kind=Kind.PUBLISHER, sources=[source], tokens_sha256=known, per_minute=per_minute
        )
    registers.write(path, register)
    return tokens
