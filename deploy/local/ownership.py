"""Lock of a stack's directory while it runs, and removal of processes that a killed stack left behind."""

import fcntl
import os
from pathlib import Path

import psutil

from deploy.local.failure import StackFailure
from deploy.local.layout import Layout

MARK = "AMENDS_DIR"
"""Every part carries its stack's directory in this variable; so a process id can be checked."""

END_SECONDS = 10


class Ownership:
    """Lock on a directory. The system releases it with the process, however that ends."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> None:
        """Raises `StackFailure` when another process has the directory."""
        descriptor = os.open(self._layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise StackFailure(
                f"Amends already runs in {self._layout.root}: stop it first, or choose another directory."
            ) from error
        self._descriptor = descriptor

    def give_back(self) -> None:
        """Release the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def part_of(root: Path, pid_file: Path) -> psutil.Process | None:
    """Living process that `pid_file` names, if it belongs to the stack in `root`."""
    try:
        process = psutil.Process(int(pid_file.read_text()))
        return process if process.environ().get(MARK) == str(root) else None
    except (ValueError, OSError, psutil.Error):
        return None


def end_leftovers(layout: Layout) -> list[str]:
    """End the parts that an earlier run left running, and return their names."""
    ended: list[str] = []
    for pid_file in layout.run.glob("*.pid"):
        process = part_of(layout.root, pid_file)
        if process is not None:
            process.kill()
            psutil.wait_procs([process], timeout=END_SECONDS)
            ended.append(pid_file.stem)
        pid_file.unlink(missing_ok=True)
    return ended
