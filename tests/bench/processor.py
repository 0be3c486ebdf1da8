"""Processor time of each process of a stack: it does not depend on what else the machine does."""

from collections.abc import Iterable, Mapping

import psutil

from deploy.local.stack import Stack

PARTS = ("nats", "temporal", "intake", "routing", "followup")


class Processor:
    """Seconds of processor time since it was made or asked last, by part."""

    def __init__(
        self, stack: Stack, parts: Iterable[str] = PARTS, others: Mapping[str, int] | None = None
    ) -> None:
        """`others` are processes beside the stack, by name."""
        pids = {part: stack.pid(part) for part in parts} | dict(others or {})
        self._processes = {part: psutil.Process(pid) for part, pid in pids.items()}
        self._before = self._seconds()

    def spent(self) -> dict[str, float]:
        """Processor time of each part since the last call; processes that it started for itself count."""
        now = self._seconds()
        spent = {part: now[part] - self._before[part] for part in now}
        self._before = now
        return spent

    def _seconds(self) -> dict[str, float]:
        return {part: _seconds(process) for part, process in self._processes.items()}


def _seconds(process: psutil.Process) -> float:
    return sum(
        times.user + times.system
        for one in (process, *process.children(recursive=True))
        for times in (one.cpu_times(),)
    )
