"""Fixtures that tests of a whole stack share."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import Stack
from tests.listening import outside
from tests.outside import Outside


@pytest.fixture(scope="session")
async def system(stack: Stack) -> AsyncIterator[Outside]:
    """Connect a system outside that submits complaints and sends commands to the shared stack."""
    async with outside(stack) as connected:
        yield connected
