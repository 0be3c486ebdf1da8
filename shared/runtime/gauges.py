"""What waits and what was set aside, as gauges of `/metrics`: read when somebody asks, never kept."""

from collections.abc import Sequence

from nats.aio.client import Client
from prometheus_client import Gauge

from shared.contract import subjects
from shared.contract.consumers import Durable
from shared.contract.queries import Backlog

TIMEOUT = 3.0

PENDING = Gauge("amends_pending_messages", "Messages that nobody has taken yet", ["durable"])
IN_HAND = Gauge("amends_messages_in_hand", "Messages that were taken and are not settled yet", ["durable"])
WAITING = Gauge("amends_waiting_complaints", "Complaints that wait for their case", ["severity"])
QUARANTINED = Gauge("amends_quarantined_messages", "Messages in the quarantine", ["reason"])
DEAD_LETTERS = Gauge("amends_dead_letters", "Messages that failed too often", ["service"])

SEVERITIES = range(1, 6)


async def measure_durables(client: Client, durables: Sequence[Durable]) -> None:
    """How much waits in the durables of a service."""
    PENDING.clear()
    IN_HAND.clear()
    js = client.jetstream(timeout=TIMEOUT)
    for durable in durables:
        info = await js.consumer_info(durable.stream, durable.name)
        PENDING.labels(durable.name).set(info.num_pending or 0)
        IN_HAND.labels(durable.name).set(info.num_ack_pending or 0)


async def measure_set_aside(client: Client) -> None:
    """How many messages stand in the quarantine, by reason, and with the dead letters, by service."""
    QUARANTINED.clear()
    DEAD_LETTERS.clear()
    info = await client.jetstream(timeout=TIMEOUT).stream_info(
        subjects.QUARANTINE_STREAM, subjects_filter=">"
    )
    for subject, count in (info.state.subjects or {}).items():
        kind, last = subject.rsplit(".", 1)
        (DEAD_LETTERS if kind == subjects.DEADLETTER else QUARANTINED).labels(last).set(count)


def measure_waiting(backlog: Backlog) -> None:
    """How many complaints wait, also where it is none."""
    counts = {one.severity: one.count for one in backlog.waiting}
    for severity in SEVERITIES:
        WAITING.labels(str(severity)).set(counts.get(severity, 0))
