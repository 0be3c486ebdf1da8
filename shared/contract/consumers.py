"""Durable consumers of the services and clients.

`deploy` creates them. A service reads its own and never declares one.
"""

from collections.abc import Collection
from dataclasses import dataclass

from shared.contract.subjects import EVENT, EVENTS_STREAM, SUBMIT, SUBMIT_STREAM, Service, every, from_client


@dataclass(frozen=True)
class Durable:
    """Durable consumer: a position in a stream that the server keeps. `ack_wait` is in seconds.

    `service` is the reader: a service, or for `client_durable` a client.
    """

    name: str
    service: str
    stream: str
    filters: tuple[str, ...]
    ack_wait: float = 30.0
    max_ack_pending: int = 1000


INTAKE_SUBMISSIONS = Durable(
    "intake-submissions",
    Service.INTAKE,
    SUBMIT_STREAM,
    (f"{SUBMIT}.>", from_client("*", f"{SUBMIT}.*")),
    max_ack_pending=20_000,
)
"""Durable of submissions. Its limit of unacknowledged messages is high, so that good submissions behind
thousands of bad submissions do not wait until the bad submissions are quarantined.
"""

ROUTING_RECEIVED = Durable("routing-received", Service.ROUTING, EVENTS_STREAM, (every("received"),))

ROUTING_EVENTS = Durable(
    "routing-events",
    Service.ROUTING,
    EVENTS_STREAM,
    tuple(
        every(name)
        for name in (
            "contact_added",
            "merged",
            "case_ended",
            "callback_scheduled",
            "callback_due",
            "callback_reported",
            "satisfaction_recorded",
            "reopened",
            "closed",
        )
    ),
)

FOLLOWUP_EVENTS = Durable(
    "followup-events",
    Service.FOLLOWUP,
    EVENTS_STREAM,
    tuple(
        every(name)
        for name in (
            "deadline_met",
            "deadline_breached",
            "deadline_cancelled",
            "resolved",
            "withdrawn",
            "referred",
            "case_ended",
            "triaged",
        )
    ),
)

INTAKE_EVENTS = Durable(
    "intake-events",
    Service.INTAKE,
    EVENTS_STREAM,
    tuple(every(name) for name in ("grumbled", "grumble_answered", "promoted")),
)


def client_durable(client: str, follow: Collection[str]) -> Durable:
    """Durable of a client for the facts that it follows; `client add` creates it, the client only reads
    it.
    """
    filters = (f"{EVENT}.>",) if "*" in follow else tuple(every(name) for name in follow)
    return Durable(f"client-{client}", client, EVENTS_STREAM, filters)


DURABLES = (INTAKE_SUBMISSIONS, INTAKE_EVENTS, ROUTING_RECEIVED, ROUTING_EVENTS, FOLLOWUP_EVENTS)
