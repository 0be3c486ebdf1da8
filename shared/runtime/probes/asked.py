"""Answers our own parts, such as `amends doctor`, how one process of a service is."""

import shutil
from pathlib import Path

from prometheus_client import Gauge
from pydantic import BaseModel
from sqlalchemy.engine import make_url

from shared.contract.health import FailingFlushes, HealthAsked
from shared.contract.subjects import Service
from shared.contract.values import PolicyId
from shared.runtime.health import Health
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.requests import Answer
from shared.runtime.probes.agreement import Agreement
from shared.runtime.probes.build import build
from shared.runtime.probes.flushes import Flushes
from shared.runtime.storage.database import Database
from shared.runtime.texts.rotation import PROCESS

FREE = Gauge("amends_disk_free_bytes", "Free space of the disk under the database", ["service"])


class Condition:
    """Everything that is known of one process."""

    def __init__(
        self,
        service: Service,
        policy: PolicyId,
        database: Database,
        publisher: Publisher,
        flushes: Flushes,
        agreement: Agreement,
    ) -> None:
        self.service = service
        self.flushes = flushes
        self.agreement = agreement
        self.health: Health | None = None
        """Set once the service is connected: until then nothing is asked."""
        self._policy = policy
        self._database = database
        self._publisher = publisher

    async def measure(self) -> None:
        """Set the gauges for `/metrics`."""
        await self.flushes.measure()
        free, _ = self._disk()
        if free is not None:
            FREE.labels(self.service.value).set(free)

    async def asked(self) -> HealthAsked:
        """Present health; checks are cached."""
        free, total = self._disk()
        return HealthAsked(
            service=self.service,
            process=PROCESS,
            build=build(),
            policy=self._policy,
            checks=await self.health.report() if self.health else {},
            flushes=self._flushes(),
            streams={name: one.reason for name, one in self._publisher.storing.troubles.items()},
            records=self.agreement.found(),
            disk_free=free,
            disk_total=total,
        )

    def answer(self) -> Answer:
        """For `serve_inside`."""

        async def answer(_: bytes) -> BaseModel:
            return await self.asked()

        return answer

    def _flushes(self) -> FailingFlushes | None:
        oldest, failing = self.flushes.oldest(), self.flushes.failing
        if oldest is None:
            return None
        return FailingFlushes(
            count=len(failing), tries=oldest.count, since=oldest.since, reason=oldest.reason
        )

    def _disk(self) -> tuple[int | None, int | None]:
        """Free and all bytes of the disk under an SQLite database; that of PostgreSQL is unknown here."""
        path = make_url(self._database.url).database
        if not self._database.is_sqlite or not path:
            return None, None
        try:
            usage = shutil.disk_usage(Path(path).parent)
        except OSError:
            return None, None
        return usage.free, usage.total
