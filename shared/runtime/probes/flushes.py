"""Counts flushes that fail and are tried again: facts that were decided and are not published yet."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import Counter, Gauge

from shared.contract.subjects import Service
from shared.runtime.log import logger
from shared.runtime.reasons import reason

log = logger("flushes")

FAILING = Gauge("amends_failing_flushes", "Complaints whose last flush failed", ["service"])
SINCE = Gauge("amends_failing_flushes_seconds", "How long the oldest of them has been failing", ["service"])
FAILURES = Counter("amends_flush_failures", "Tries of flushes that failed", ["service", "reason"])

MOST = 10_000
"""Most complaints that are remembered; the counter counts all."""


@dataclass
class Failing:
    """Flush that failed and has not succeeded since."""

    since: datetime
    count: int
    reason: str


class Flushes:
    """Failing flushes of one process."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.failing: dict[str, Failing] = {}

    @contextmanager
    def watched(self, complaint_id: str) -> Iterator[None]:
        """Note whether the flush of this complaint fails. A try that is cut off by its limit fails, too."""
        try:
            yield
        except (Exception, asyncio.CancelledError) as error:
            self._failed(complaint_id, reason(error))
            raise
        if complaint_id in self.failing:
            del self.failing[complaint_id]
            log.info("flushed_at_last", complaint_id=complaint_id)

    def _failed(self, complaint_id: str, why: str) -> None:
        FAILURES.labels(self._service.value, why).inc()
        if complaint_id not in self.failing and len(self.failing) >= MOST:
            return
        one = self.failing.setdefault(complaint_id, Failing(datetime.now(UTC), 0, why))
        one.count, one.reason = one.count + 1, why
        if one.count.bit_count() == 1:  # 1, 2, 4, 8 …: one complaint does not fill the log
            log.warning("flush_failed", complaint_id=complaint_id, attempt=one.count, error=why)

    def oldest(self) -> Failing | None:
        """Flush that has been failing for longest."""
        return min(self.failing.values(), key=lambda one: one.since, default=None)

    async def measure(self) -> None:
        """Set the gauges for `/metrics`."""
        FAILING.labels(self._service.value).set(len(self.failing))
        oldest = self.oldest()
        seconds = (datetime.now(UTC) - oldest.since).total_seconds() if oldest else 0.0
        SINCE.labels(self._service.value).set(seconds)
