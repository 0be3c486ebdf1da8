"""Notes whether each stream stores what it is sent, and tries it with a probe where nothing was sent lately.

After a full disk a stream of nats-server stays broken although others work, until the server is started anew.
So a probe goes into the very stream. It has a subject of its own that no consumer and no client reads, and
the server removes it after a second. Among the submissions it is purged instead: a stream that removes
messages after a time does so for its publishers, too, and a submission that was acknowledged could be lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from nats.aio.client import Client
from nats.js.api import Header

from shared.contract.subjects import QUARANTINE_STREAM, SUBMIT_STREAM, probe
from shared.runtime.reasons import reason

RECENT_SECONDS = 30.0
"""Seconds after a stored message in which no probe is needed."""

TIMEOUT = 2.0
RETRIED_SECONDS = 60.0
PROBE_BYTES = b"\0" * 4096
GONE_AFTER = "1s"


class NothingStored(Exception):
    """Raised when a stream did not store the probe; the message has the stream and the reason."""


@dataclass
class StoreFailures:
    """Failures of messages to one stream since the last that was stored."""

    since: datetime
    count: int
    reason: str
    last: float


class Storing:
    """Results of the last messages to each stream."""

    def __init__(self) -> None:
        self._stored: dict[str, float] = {}
        self.troubles: dict[str, StoreFailures] = {}

    def stored(self, stream: str) -> None:
        """Record that a message was stored."""
        self._stored[stream] = monotonic()
        self.troubles.pop(stream, None)

    def failed(self, stream: str, error: BaseException) -> None:
        """Record that a message was not acknowledged."""
        self._stored.pop(stream, None)
        trouble = self.troubles.setdefault(stream, StoreFailures(datetime.now(UTC), 0, "", 0.0))
        trouble.count, trouble.reason, trouble.last = trouble.count + 1, reason(error), monotonic()

    @contextmanager
    def watched(self, stream: str) -> Iterator[None]:
        """Note what becomes of a message."""
        try:
            yield
        except Exception as error:
            self.failed(stream, error)
            raise
        self.stored(stream)

    def recently(self, stream: str) -> bool:
        """Whether the last message was stored, and lately."""
        return monotonic() - self._stored.get(stream, float("-inf")) < RECENT_SECONDS


async def store_probe(client: Client, stream: str) -> None:
    """Make a stream store a probe. Raises `NothingStored`."""
    purged = stream == SUBMIT_STREAM
    headers: dict[str, Any] | None = None if purged else {Header.MSG_TTL.value: GONE_AFTER}
    js = client.jetstream(timeout=TIMEOUT)
    try:
        await js.publish(probe(stream), PROBE_BYTES, stream=stream, headers=headers)
        if purged:
            # Of this subject only; also what a process left that died in between.
            await js.purge_stream(stream, subject=probe(stream))
    except Exception as error:
        raise NothingStored(f"{stream} stores nothing: {reason(error)}") from error


def check_last_stored(storing: Storing, stream: str) -> None:
    """Raise `NothingStored` if the last message was not stored there, and that lately.

    For a stream that is not probed: what fails comes again within seconds, so there is a new failure.
    """
    trouble = storing.troubles.get(stream)
    if trouble and monotonic() - trouble.last < RETRIED_SECONDS:
        raise NothingStored(f"{stream} stores nothing: {trouble.reason}")


async def check_storing(client: Client, storing: Storing, *streams: str) -> None:
    """Raise `NothingStored` for the first of `streams` that stores nothing now."""
    if not client.is_connected:
        raise ConnectionError("not connected to NATS")
    for stream in streams:
        if storing.recently(stream):
            continue
        if stream == QUARANTINE_STREAM:
            check_last_stored(storing, stream)
            continue
        with storing.watched(stream):
            await store_probe(client, stream)
