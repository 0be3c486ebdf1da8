"""Fixtures that tests of intake share: its front door on the bare nats-server, and a new customer. For many
complaints there is a stack of their own.
"""

import pytest

from tests.integration.crowds import crowd, crowded_admin, crowded_stack
from tests.integration.grumbles import customer
from tests.integration.intake_service import door, intake_url

__all__ = ["crowd", "crowded_admin", "crowded_stack", "customer", "door", "intake_url"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a test of intake marked `each_database` on each kind, or on those that the mark names."""
    marked = metafunc.definition.get_closest_marker("each_database")
    if marked and "intake_url" in metafunc.fixturenames:
        metafunc.parametrize("intake_url", marked.args or ("sqlite", "postgresql"), indirect=True)
