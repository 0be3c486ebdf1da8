"""How much each source may send: a bucket of a minute's submissions that refills all the time. Pure.

Instants are those at which the stream took a message in: what an outage has piled up, nobody has hurried.
Counted in the memory of each process, so a restart or a second process is generous: this keeps a sender
that has gone wild from drowning the others, and is no account.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake import refusals
from shared.contract.quarantine import Misfit, Reason
from shared.policy.models import SourceRates

MOST_SOURCES = 10_000
"""So many are remembered, those that sent last; one that was forgotten begins with a full bucket."""

MINUTE = 60.0


@dataclass(slots=True)
class Bucket:
    """How many submissions there is room for, and when that was true."""

    room: float
    at: datetime


class Rates:
    """The buckets of all sources."""

    def __init__(self, rules: SourceRates, most_sources: int = MOST_SOURCES) -> None:
        self._rules = rules
        self._most = most_sources
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

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
        """A submission turned out to be on record already: it does not count."""
        if bucket := self._buckets.get(source):
            bucket.room = min(bucket.room + 1, self.limit(source))

    def _bucket(self, source: str, at: datetime) -> Bucket:
        """As full as it is at `at`; messages may come a little out of order."""
        limit = self.limit(source)
        bucket = self._buckets.setdefault(source, Bucket(limit, at))
        self._buckets.move_to_end(source)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        passed = (at - bucket.at).total_seconds()
        if passed > 0:
            bucket.room, bucket.at = min(limit, bucket.room + passed * limit / MINUTE), at
        return bucket


def too_many(limit: int, again_at: datetime) -> Misfit:
    """What the sender is told. The source is not repeated: it is the sender's word."""
    when = f"{again_at + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    return Misfit(Reason.RATE_LIMITED, refusals.TOO_MANY.filled(limit=limit, when=when), "source")
