"""Answer to an administrator who hands over a quarantined message: the same work as at its arrival.

Nothing is doubled: the work is idempotent by id, however often a message is handed over. Nothing is lost:
the administrator removes the copy only after the answer that all is durable.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from faststream.nats import NatsBroker
from faststream.nats.message import NatsMessage
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract import quarantine, subjects
from shared.contract.quarantine import Misfit
from shared.contract.redelivery import Redelivered
from shared.contract.subjects import Service
from shared.runtime.log import logger
from shared.runtime.messages.answering import answer
from shared.runtime.messages.outage import is_outage

log = logger("redelivery")

Outcome = Exception | None
Work = Callable[[Msg], Awaitable[Outcome]]
"""Work of the service with a message; returns its fault, or None."""

REDELIVERED = 2
"""Delivery count of a message that has been delivered before, so that it is not counted against its sender
again.
"""


def serve_redelivery(broker: NatsBroker, service: Service, work: Work) -> None:
    """Answer on the service's subject; one of its processes takes each."""

    async def handle(message: NatsMessage) -> None:
        await answer(message.raw_message, await _answer(service, work, message.raw_message))

    broker.subscriber(subjects.redeliver(service), queue=service, max_workers=8, no_reply=True)(handle)


async def _answer(service: Service, work: Work, raw: Msg) -> Redelivered:
    headers = raw.headers or {}
    if quarantine.HEADER_SUBJECT not in headers:
        return Redelivered(
            ok=False, reason="malformed", detail="it does not name the subject on which it came"
        )
    try:
        outcome = await work(as_it_came(raw.data, headers))
    except Exception as error:
        outcome = error
    return _has(service, outcome)


def as_it_came(body: bytes, headers: Mapping[str, str]) -> Msg:
    """Message as the service first received it. It belongs to no connection, so it cannot be acknowledged."""
    arrived = headers.get(quarantine.HEADER_ARRIVED) or headers.get(quarantine.HEADER_AT)
    return Msg(
        _client=Client(),
        subject=_inside(headers),
        data=body,
        headers=_senders(headers),
        _metadata=Msg.Metadata(
            sequence=Msg.Metadata.SequencePair(consumer=0, stream=0),
            num_pending=0,
            num_delivered=REDELIVERED,
            timestamp=datetime.fromisoformat(arrived) if arrived else datetime.now(UTC),
            stream="",
            consumer="",
        ),
    )


def _inside(headers: Mapping[str, str]) -> str:
    """Subject that names the client which sent the message, if a client did."""
    subject, client = headers[quarantine.HEADER_SUBJECT], headers.get(quarantine.HEADER_CLIENT)
    return subjects.from_client(client, subject) if client else subject


def _senders(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that the sender gave."""
    return {
        name.removeprefix(quarantine.HEADER_ORIGINAL): value
        for name, value in headers.items()
        if name.startswith(quarantine.HEADER_ORIGINAL) or not name.startswith(quarantine.OURS)
    }


def _has(service: Service, outcome: Outcome) -> Redelivered:
    if outcome is None:
        return Redelivered(ok=True)
    if isinstance(outcome, Misfit):
        words = {"detail": outcome.detail, "detail_zh": outcome.detail_zh or None, "field": outcome.field}
        return Redelivered(ok=False, reason=str(outcome.reason), **words)
    kind = type(outcome).__name__
    log.warning("redelivery_failed", error=kind)
    if is_outage(outcome):
        return Redelivered(ok=False, reason="unavailable", detail="what it needs is away; try later")
    return Redelivered(ok=False, reason=kind, detail=f"{kind}; see the log of {service}")
