"""`make cluster`: a cluster on this machine, everything killed in turn under a hundred lives; then replicas
replaced one by one by another build under fifty more. Exit status 0 if nothing was lost, doubled or broken.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from shared.contract.subjects import Service
from tests.cluster.parts import Cluster, build_of, running
from tests.cluster.playing import LEADER, Result, play

EACH = 2
VICTIMS = (
    "temporal",
    *(f"{service}-1" for service in Service),
    LEADER,
    "postgres",
    *(f"{service}-2" for service in Service),
    "n1",
    "n2",
    "n3",
)
"""Order of the parts. Temporal goes first, while no clock was moved yet: a server that restarts waits for the
timeout of a workflow task that it had given out, and measures it by the moved clock, which is hours ahead.
"""

BEGUN = time.monotonic()


def tell(sentence: str) -> None:
    print(f"{time.monotonic() - BEGUN:7.1f} s  {sentence}", flush=True)


async def rolled(cluster: Cluster, lives: int) -> Result:
    """Every replica of every service is replaced by another build, while lives go on."""
    build = await asyncio.to_thread(build_of, cluster.directory, "build-b")
    names = [f"{service}-{number}" for service in Service for number in range(1, EACH + 1)]
    return await play(cluster, lives, names, lambda name: cluster.replace(name, build), tell, "rolled")


async def main(lives: int, directory: Path) -> int:
    tell("three NATS nodes with mutual TLS, PostgreSQL, Temporal and two of each service are starting")
    async with running(directory, each=EACH) as cluster:
        tell(f"all are ready; {lives} lives begin, and everything is killed in turn")
        killed = await play(cluster, lives, VICTIMS, cluster.kill, tell, "killed")
        tell(f"killed:   {killed}")
        replaced = await rolled(cluster, lives // 2)
        tell(f"replaced: {replaced}")
    for result in (killed, replaced):
        for found in result.faults.values():
            for fault in found:
                print(fault)
    return 0 if killed.whole and replaced.whole else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--lives", type=int, default=100)
    parser.add_argument("--keep", type=Path, help="use this directory, and leave it there")
    given = parser.parse_args()
    if given.keep:
        sys.exit(asyncio.run(main(given.lives, given.keep.absolute())))
    with tempfile.TemporaryDirectory(prefix="amends-cluster-") as temporary:
        sys.exit(asyncio.run(main(given.lives, Path(temporary))))
