"""Fixtures that unit tests share."""

from pathlib import Path

import pytest

from tests.unit.bad_packs import PackCopy


@pytest.fixture
def pack(tmp_path: Path) -> PackCopy:
    """Copy the default pack, so that a test may change it."""
    return PackCopy(tmp_path)
