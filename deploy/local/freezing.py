"""Stop of all parts of a running stack for a moment, so that its files can be copied consistently.

The copy equals what `kill -9` of all parts at once would leave behind. Every part recovers from that by
itself. A guard process lets the parts go on even if the copying process is killed.
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
    """Processes of every running part, servers last: they are stopped last, and continue first."""
    found: list[int] = []
    for pid_file in sorted(layout.run.glob("*.pid"), key=lambda one: one.stem in ("nats", "temporal")):
        part = part_of(layout.root, pid_file)
        with suppress(psutil.Error):
            if part is not None:
                found += [part.pid, *(child.pid for child in part.children(recursive=True))]
    return found


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """Stop the processes inside the context. They continue afterwards, also after an error."""
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
