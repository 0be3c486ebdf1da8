"""Fixtures that tests of intake share: its front door on the bare nats-server."""

import pytest

from tests.integration.intake_service import door

__all__ = ["door"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Where the kind of database makes no difference, intake is tested on SQLite alone."""
    if "door" in metafunc.fixturenames and not metafunc.definition.get_closest_marker("each_database"):
        metafunc.parametrize("database_url", ["sqlite"], indirect=True)
