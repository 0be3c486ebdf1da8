"""Taking messages from a durable consumer: the acknowledgement comes last.

Nothing is lost: a message leaves the consumer only after its effect is durable, or after a copy of it
stands in the quarantine or the dead letters. Nothing is doubled: handlers are idempotent by id.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.message import NatsMessage
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from shared.contract import quarantine, subjects
from shared.contract.consumers import Durable
from shared.contract.ids import short_hash
from shared.contract.misfit import Misfit
from shared.contract.subjects import Service
from shared.runtime.broker import inbox_prefix
from shared.runtime.log import logger
from shared.runtime.outage import is_outage
from shared.runtime.publishing import Publisher

__all__ = ["Delivery", "Misfit", "Work", "delay"]

log = logger("delivery")

Work = Callable[[Msg], Awaitable[None]]

MAX_ATTEMPTS = 8
"""A message that fails so often for a reason of its own goes to the dead letters."""

LONGEST_DELAY = 30.0


def delay(attempt: int) -> float:
    """Seconds until the next try after `attempt` failed ones."""
    return min(0.25 * 2.0 ** min(attempt, 10), LONGEST_DELAY)


class Delivery:
    """Feeds one durable consumer's messages to `work`."""

    def __init__(self, service: Service, publisher: Publisher) -> None:
        self.service = service
        self.publisher = publisher

    def attach(self, broker: NatsBroker, durable: Durable, work: Work, *, workers: int) -> None:
        """Subscribe `work` to the consumer that `deploy` made, up to `workers` messages at once."""

        async def handle(message: NatsMessage) -> None:
            await self._take(message.raw_message, work)

        broker.subscriber(
            "",
            durable=durable.name,
            config=ConsumerConfig(filter_subjects=list(durable.filters)),
            stream=JStream(durable.stream, declare=False),
            pull_sub=PullSub(batch_size=workers, timeout=5.0),
            max_workers=workers,
            inbox_prefix=f"{inbox_prefix(self.service)}.".encode(),
            no_reply=True,
        )(handle)

    async def _take(self, message: Msg, work: Work) -> None:
        try:
            await work(message)
        except Exception as error:
            await self.settle(message, error)
        else:
            await self.settle(message, None)

    async def settle(self, message: Msg, error: Exception | None) -> None:
        """Acknowledge what was done, put aside what cannot be done, ask again for what may be done later."""
        if error is None:
            await message.ack()
        elif isinstance(error, Misfit):
            subject = subjects.quarantine(error.reason)
            await self._put_aside(message, subject, error.reason, error.detail, error.field, error.detail_zh)
        else:
            await self._failed(message, error)

    async def _failed(self, message: Msg, error: Exception) -> None:
        attempt = message.metadata.num_delivered
        passing = is_outage(error)
        log.warning(
            "delivery_failed",
            stream_seq=message.metadata.sequence.stream,
            attempt=attempt,
            outage=passing,
            error=type(error).__name__,
        )
        if passing or attempt < MAX_ATTEMPTS:
            await message.nak(delay=delay(attempt))
            return
        kind = type(error).__name__
        detail = f"{kind} on attempt {attempt}; see the log of {self.service}"
        await self._put_aside(message, subjects.deadletter(self.service), kind, detail, None)

    async def _put_aside(
        self, message: Msg, subject: str, reason: str, detail: str, field: str | None, detail_zh: str = ""
    ) -> None:
        """Copy first, then take it off; dying between the two makes a second copy with the same id."""
        headers = _original(message.headers or {}) | {
            quarantine.HEADER_SUBJECT: message.subject,
            quarantine.HEADER_REASON: str(reason),
            quarantine.HEADER_DETAIL: _one_line(detail),
            quarantine.HEADER_AT: datetime.now(UTC).isoformat(),
        }
        if detail_zh:
            headers[quarantine.HEADER_DETAIL_ZH] = quote(_one_line(detail_zh), safe=" ")
        if field:
            headers[quarantine.HEADER_FIELD] = _one_line(field)
        seen = message.metadata
        message_id = short_hash(f"{seen.stream}:{seen.sequence.stream}:{seen.timestamp.isoformat()}")
        await self.publisher.put(subject, message.data, subjects.QUARANTINE_STREAM, message_id, headers)
        await message.term()
        log.info("put_aside", subject=subject, stream_seq=seen.sequence.stream)


def _original(headers: Mapping[str, str]) -> dict[str, str]:
    """The sender's headers; those that NATS would act upon get a prefix."""
    return {
        (quarantine.HEADER_ORIGINAL + name if name.lower().startswith("nats-") else name): _one_line(value)
        for name, value in headers.items()
    }


def _one_line(text: str) -> str:
    return " ".join(str(text).split())[:500]
