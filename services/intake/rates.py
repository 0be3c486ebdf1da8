"""Limits of each source: a bucket of a minute's submissions that refills all the time. Pure.

Instants are those at which the stream took a message in: a backlog after an outage does not count as a
rush. The counts are in the memory of each process, so a restart or a second process allows more. The limit
keeps a sender that is out of control from crowding out the others; it is no exact account.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake import refusals
from shared.contract.quarantine import Misfit, Reason
from shared.policy.models import SourceRates

MOST_SOURCES = 10_000
"""Limit of sources that are remembered, those that sent last; a forgotten source begins with a full
bucket.
"""

MINUTE = 60.0


@dataclass(slots=True)
class SourceBucket:
    """Number of submissions that there is room for, and the instant of that number."""

    room: float
    at: datetime


class Buckets:
    """Buckets of all sources."""

    def __init__(self, rules: SourceRates, most_sources: int = MOST_SOURCES) -> None:
        self._rules = rules
        self._most = most_sources
        self._buckets: OrderedDict[str, SourceBucket] = OrderedDict()

    def limit(self, source: str) -> int:
        """Submissions a minute."""
        return self._rules.sources.get(source, self._rules.default).per_minute

    def take(self, source: str, at: datetime) -> datetime | None:
        """Take room for a submission that arrived at `at`; where there is none, when there will be."""
        bucket, limit = self._bucket(source, at), self.limit(source)
        if bucket.room >= 1:
            bucket.room -= 1
            return None
        return bucket.at + timedelta(seconds=(1 - bucket.room) * MINUTE / limit)

    def give_back(self, source: str) -> None:
        """Give the room of a submission back, because it is stored already and does not count."""
        if bucket := self._buckets.get(source):
            bucket.room = min(bucket.room + 1, self.limit(source))

    def _bucket(self, source: str, at: datetime) -> SourceBucket:
        """As full as it is at `at`; messages may come a little out of order."""
        limit = self.limit(source)
        bucket = self._buckets.setdefault(source, SourceBucket(limit, at))
        self._buckets.move_to_end(source)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        passed = (at - bucket.at).total_seconds()
        if passed > 0:
            bucket.room, bucket.at = min(limit, bucket.room + passed * limit / MINUTE), at
        return bucket


def too_many(limit: int, again_at: datetime) -> Misfit:
    """Misfit for the sender. The source is not repeated in it, because it is a word of the sender."""
    when = f"{again_at + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    return Misfit(Reason.RATE_LIMITED, refusals.TOO_MANY.filled(limit=limit, when=when), "source")
