"""The short form of `make cluster`: two of each service on three NATS nodes and PostgreSQL."""

from pathlib import Path

import pytest

from tests.cluster.__main__ import VICTIMS, rolled
from tests.cluster.parts import running
from tests.cluster.playing import play

LIVES = 30

pytestmark = pytest.mark.nightly


@pytest.mark.timeout(1200)
async def test_nothing_is_lost_or_doubled_while_all_is_killed_and_then_replaced(tmp_path: Path) -> None:
    async with running(tmp_path / "cluster", each=2) as cluster:
        killed = await play(cluster, LIVES, VICTIMS, cluster.kill, print, "killed")
        assert killed.whole, killed.faults
        assert len(killed.done) == len(VICTIMS)
        replaced = await rolled(cluster, LIVES // 2)
        assert replaced.whole, replaced.faults
        assert len(replaced.done) == 6
