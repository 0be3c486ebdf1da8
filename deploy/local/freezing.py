"""Holding the parts of a running stack still for a moment, so that its files can be copied as one.

What is copied then is what `kill -9` of all parts at once would leave behind, and every part comes back from
that by itself. A guard process lets them go on even if whoever holds them is killed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from deploy.local.layout import Layout
from deploy.local.ownership import part_of

GUARD = """
import os, signal, sys
sys.stdin.buffer.read()
for pid in map(int, sys.argv[1:]):
    try:
        os.kill(pid, signal.SIGCONT)
    except OSError:
        pass
"""


def living(layout: Layout) -> list[int]:
    """The processes of every part that runs, servers last: they are held last, and go on first."""
    found: list[int] = []
    for pid_file in sorted(layout.run.glob("*.pid"), key=lambda one: one.stem in ("nats", "temporal")):
        part = part_of(layout.root, pid_file)
        with suppress(psutil.Error):
            if part is not None:
                found += [part.pid, *(child.pid for child in part.children(recursive=True))]
    return found


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """They stand still inside, and go on afterwards, whatever happens."""
    guard = subprocess.Popen(
        [sys.executable, "-c", GUARD, *map(str, pids)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in reversed(pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        guard.communicate()
