"""Whole stacks for tests: clients of the shared stack, and stacks of a test's or a file's own."""

from collections.abc import AsyncIterator

import nats
import pytest
from nats.aio.client import Client
from temporalio.client import Client as TemporalClient
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.local.stack import Stack
from tests.patience import PATIENCE


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[Client]:
    """Connect the administrator to the NATS of the shared stack."""
    assert stack.ready
    client = await nats.connect(stack.ready.nats_url, nkeys_seed=stack.ready.credentials.admin)
    yield client
    await client.close()


@pytest.fixture(scope="session")
async def temporal(stack: Stack) -> TemporalClient:
    """Connect to the Temporal of the shared stack, with payloads as the services read them."""
    assert stack.ready
    return await TemporalClient.connect(stack.ready.temporal_address, data_converter=pydantic_data_converter)


@pytest.fixture
async def own_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Start a stack that no other test uses: its parts may be killed and its stores destroyed."""
    running = Stack(tmp_path_factory.mktemp("own"), with_board=False, patience=PATIENCE)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
async def file_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Start a stack for the tests of one file: its facts, rows and workflows may be changed by hand."""
    running = Stack(tmp_path_factory.mktemp("file"), with_board=False, patience=PATIENCE)
    await running.start()
    yield running
    await running.stop()
