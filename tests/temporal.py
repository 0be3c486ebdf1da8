"""Real Temporal for tests: the development server, in memory, with clocks that may be moved."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.local import binaries
from deploy.local.ports import free_port
from tests.patience import PATIENCE

NAMESPACE = "default"


@dataclass(frozen=True)
class TemporalServer:
    """Running server; `directory` holds its log."""

    address: str
    directory: Path

    async def connect(self) -> Client:
        """Client that reads payloads as the services do."""
        return await Client.connect(self.address, namespace=NAMESPACE, data_converter=pydantic_data_converter)


async def _ready(server: TemporalServer) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                client = await server.connect()
                return await _has_namespace(client)
            except RuntimeError:
                await asyncio.sleep(0.1)


async def _has_namespace(client: Client) -> None:
    async for _ in client.list_workflows(limit=1):
        pass


@pytest.fixture(scope="session")
async def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TemporalServer]:
    """Development server for the whole run. Use complaints of your own in each test."""
    directory, port = tmp_path_factory.mktemp("temporal"), free_port(set())
    command = [binaries.find(binaries.TEMPORAL), "server", "start-dev", "--headless"]
    command += ["--port", str(port), "--log-level", "error"]
    for setting in (
        "frontend.WorkflowTimeSkippingEnabled=true",
        'history.timerProcessorMaxTimeShift="1ms"',
    ):
        command += ["--dynamic-config-value", setting]
    with (directory / "temporal.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        server = TemporalServer(f"127.0.0.1:{port}", directory)
        await _ready(server)
        yield server
    finally:
        process.terminate()
        await process.wait()
