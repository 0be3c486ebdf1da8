"""Gauges of waiting and quarantined messages for `/metrics`: read on request, never stored."""

from collections.abc import Sequence
from datetime import UTC, datetime

from nats.aio.client import Client
from prometheus_client import Gauge

from shared.contract import subjects
from shared.contract.consumers import Durable
from shared.contract.queries import Backlog
from shared.runtime.probes.oldest import oldest

TIMEOUT = 3.0

PENDING = Gauge("amends_pending_messages", "Messages that no process has taken yet", ["durable"])
IN_HAND = Gauge("amends_messages_in_hand", "Messages that were taken and are not settled yet", ["durable"])
AGAIN = Gauge("amends_redelivered_messages", "Messages in hand that were delivered before", ["durable"])
OLDEST = Gauge("amends_oldest_message_seconds", "Age of the oldest that is not settled", ["durable"])
STREAM_BYTES = Gauge("amends_stream_bytes", "What a stream takes on disk", ["stream"])
STREAM_LIMIT = Gauge("amends_stream_limit_bytes", "What it may take; 0 without a limit", ["stream"])
WAITING = Gauge("amends_waiting_complaints", "Complaints that wait for their case", ["severity"])
QUARANTINED = Gauge("amends_quarantined_messages", "Messages in the quarantine", ["reason"])
DEAD_LETTERS = Gauge("amends_dead_letters", "Messages that failed too often", ["service"])

SEVERITIES = range(1, 6)


async def measure_durables(client: Client, durables: Sequence[Durable]) -> None:
    """Measure the messages that wait in the durables of a service."""
    PENDING.clear()
    IN_HAND.clear()
    js = client.jetstream(timeout=TIMEOUT)
    for durable in durables:
        info = await js.consumer_info(durable.stream, durable.name)
        PENDING.labels(durable.name).set(info.num_pending or 0)
        IN_HAND.labels(durable.name).set(info.num_ack_pending or 0)
        AGAIN.labels(durable.name).set(info.num_redelivered or 0)
        since = await oldest(client, durable, info)
        OLDEST.labels(durable.name).set((datetime.now(UTC) - since).total_seconds() if since else 0.0)


async def measure_streams(client: Client, *streams: str) -> None:
    """Measure the used part of each stream's limit."""
    for stream in streams:
        info = await client.jetstream(timeout=TIMEOUT).stream_info(stream)
        STREAM_BYTES.labels(stream).set(info.state.bytes)
        STREAM_LIMIT.labels(stream).set(max(info.config.max_bytes or 0, 0))


async def measure_quarantine(client: Client) -> None:
    """Measure the messages in the quarantine, by reason, and with the dead letters, by service."""
    QUARANTINED.clear()
    DEAD_LETTERS.clear()
    info = await client.jetstream(timeout=TIMEOUT).stream_info(
        subjects.QUARANTINE_STREAM, subjects_filter=">"
    )
    for subject, count in (info.state.subjects or {}).items():
        kind, last = subject.rsplit(".", 1)
        (DEAD_LETTERS if kind == subjects.DEADLETTER else QUARANTINED).labels(last).set(count)


def measure_waiting(backlog: Backlog) -> None:
    """Measure the waiting complaints, also where there are none."""
    counts = {one.severity: one.count for one in backlog.waiting}
    for severity in SEVERITIES:
        WAITING.labels(str(severity)).set(counts.get(severity, 0))
