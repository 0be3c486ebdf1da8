"""Watches whether the parts of a stack do their work, and starts anew what fails for long.

A process that runs may still do nothing: after a full disk nats-server stores nothing until it is started
again. A restart mends no full disk and no lock of others, so there are few of them in an hour.
"""

import asyncio
import shutil
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from temporalio.client import Client as Temporal

from deploy.local.child import Child, EventReport
from deploy.local.readiness import health_report, http_answers
from deploy.nats import provision
from shared.contract.subjects import EVENTS_STREAM, SUBMIT_STREAM, Service
from shared.runtime.probes.keeping import keep_probe
from shared.runtime.probes.lost import StoreLost, how_to_mend
from shared.runtime.probes.storing import store_probe
from shared.runtime.reasons import reason

Look = Callable[[], Awaitable[None]]
"""Check of a part by its own work; raises if it does not work."""

LOOK_WITHIN = 8.0
HOUR = 3600.0
MOST_RESTARTS = 3
"""Most restarts of a part in an hour."""

LEAST_FREE = 16 * 1024**2
"""Free bytes on the disk of the stack below which no restart helps."""


class NotWell(Exception):
    """Raised for work that the part does not do; the message has no personal data."""


class Hopeless(NotWell):
    """Raised for a fault that no restart repairs; the message names the repair."""


@dataclass
class Patient:
    """Watched part, its permitted time of failure, and its state so far."""

    child: Child
    look: Look
    patience: float
    failing_since: float | None = None
    pid: int | None = None
    told: bool = False
    restarts: deque[float] = field(default_factory=deque)


class Watching:
    """Looks at every part every few seconds, until cancelled."""

    def __init__(
        self, patients: Mapping[str, Patient], root: Path, report: EventReport, every: float = 10.0
    ) -> None:
        self._patients = dict(patients)
        self._root = root
        self._report = report
        self._every = every

    async def run(self) -> None:
        """Parts are looked at side by side: one that hangs keeps no other waiting."""
        while True:
            await asyncio.sleep(self._every)
            await asyncio.gather(*(self._visit(name, one) for name, one in self._patients.items()))

    async def _visit(self, name: str, one: Patient) -> None:
        pid = one.child.pid
        if pid is None or pid != one.pid:  # down, or started a moment ago: its supervisor does what is needed
            one.pid, one.failing_since = pid, None
            return
        try:
            why = await _symptom(one.look)
        except Hopeless as error:
            self._report_once(name, one, str(error))
            return
        if why is None:
            one.failing_since, one.told = None, False
            return
        one.failing_since = one.failing_since or monotonic()
        if monotonic() - one.failing_since >= one.patience:
            await self._treat(name, one, why)

    async def _treat(self, name: str, one: Patient, why: str) -> None:
        """Restart it, or report once why not."""
        while one.restarts and monotonic() - one.restarts[0] > HOUR:
            one.restarts.popleft()
        seconds = monotonic() - (one.failing_since or monotonic())
        failing = f"has not worked for {seconds:.0f} s ({why})"
        if words := self._no_restart(one):
            self._report_once(name, one, f"{failing}; {words}")
            return
        one.restarts.append(monotonic())
        one.failing_since = None
        self._report(
            name, f"{failing}; it is started anew ({len(one.restarts)} of {MOST_RESTARTS} in an hour)"
        )
        await one.child.restart()

    def _no_restart(self, one: Patient) -> str | None:
        """Reason for no restart, and what to do."""
        if shutil.disk_usage(self._root).free < LEAST_FREE:
            return "the disk is full, so it is not started anew: make space"
        if len(one.restarts) < MOST_RESTARTS:
            return None
        return f"after {MOST_RESTARTS} new starts in an hour it stays as it is: run `amends doctor`"

    def _report_once(self, name: str, one: Patient, sentence: str) -> None:
        if not one.told:
            self._report(name, sentence)
        one.told = True


async def _symptom(look: Look) -> str | None:
    try:
        async with asyncio.timeout(LOOK_WITHIN):
            await look()
    except Hopeless:
        raise
    except NotWell as error:
        return str(error)
    except Exception as error:
        return reason(error)
    return None


def nats_stores(url: str, seed: Path) -> Look:
    """Check that the streams that every complaint needs store a message."""

    async def look() -> None:
        client = await provision.connect(url, str(seed))
        try:
            for stream in (SUBMIT_STREAM, EVENTS_STREAM):
                await store_probe(client, stream)
        finally:
            await client.close()

    return look


def temporal_keeps(address: str, namespace: str) -> Look:
    """Workflows are kept."""
    known: list[Temporal] = []

    async def look() -> None:
        if not known:
            known.append(await Temporal.connect(address, namespace=namespace))
        await keep_probe(known[0])

    return look


def service_answers(service: Service, port: int) -> Look:
    """Check that the process answers, and its database exists. Other dependencies are watched in their own
    place.

    A lost database is no reason for a restart: that would make an empty one, and the data that the process
    still has open would be gone.
    """

    async def look() -> None:
        if not await http_answers(port, "/livez"):
            raise NotWell("it does not answer")
        said = (await health_report(port)).get("database", "")
        if said.startswith(StoreLost.__name__):
            raise Hopeless(f"{said.removeprefix(f'{StoreLost.__name__}: ')}. {how_to_mend(service)}")

    return look
