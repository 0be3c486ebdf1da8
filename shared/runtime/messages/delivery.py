"""Delivery of messages from a durable consumer: the acknowledgement comes last.

Nothing is lost: a message leaves the consumer only after its effect is durable, or after a copy of it is
stored in the quarantine or the dead letters. Nothing is doubled: handlers are idempotent by id.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.message import NatsMessage
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from shared.contract import subjects
from shared.contract.consumers import Durable
from shared.contract.ids import short_hash
from shared.contract.quarantine import Misfit
from shared.contract.subjects import Service, inbox_prefix
from shared.runtime.log import logger
from shared.runtime.messages.outage import is_outage
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.quarantining import Destination, QuarantinedMessage, quarantine_copy
from shared.runtime.messages.together import batches
from shared.runtime.reasons import reason

log = logger("delivery")

Work = Callable[[Msg], Awaitable[None]]

Room = Callable[[int], AbstractAsyncContextManager[None]]
"""Room for so many bytes in the quarantine, while it is entered."""

PORTION_BYTES = 512 * 1024
"""Bytes for which room is made at once. The smallest quarantine holds several portions."""


def unlimited(_: int) -> AbstractAsyncContextManager[None]:
    """Room of a service that stores too little to make room for it."""
    return nullcontext()


MAX_ATTEMPTS = 8
"""Failed attempts, for a reason of its own, after which a message goes to the dead letters."""

LONGEST_DELAY = 30.0


def delay(attempt: int) -> float:
    """Seconds until the next attempt after `attempt` failures."""
    return min(0.25 * 2.0 ** min(attempt, 10), LONGEST_DELAY)


class Delivery:
    """Feeds one durable consumer's messages to `work`."""

    def __init__(self, service: Service, publisher: Publisher, room: Room = unlimited) -> None:
        self.service = service
        self.publisher = publisher
        self.room = room

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
        """Acknowledge finished work, quarantine what cannot be done, and ask again for what may be done
        later.
        """
        await self.quarantine_all(await self.let_go([message], [error]))

    async def let_go(
        self, messages: Sequence[Msg], outcomes: Sequence[Exception | None]
    ) -> list[QuarantinedMessage]:
        """Half of `settle`, for a batch: the returned messages have to be quarantined, without a wait for
        that.
        """
        rejected: list[QuarantinedMessage] = []
        for message, error in zip(messages, outcomes, strict=True):
            if error is None:
                await message.ack()
            elif verdict := self._verdict(message, error):
                rejected.append(QuarantinedMessage(message, verdict))
            else:
                await message.nak(delay=delay(message.metadata.num_delivered))
        return rejected

    def _verdict(self, message: Msg, error: Exception) -> Destination | None:
        """Place and reason for a message that failed; None if it shall come again."""
        if isinstance(error, Misfit):
            where = subjects.quarantine(error.reason)
            return Destination(where, error.reason, error.detail, error.field, error.detail_zh, error.danger)
        attempt, passing = message.metadata.num_delivered, is_outage(error)
        log.warning(
            "delivery_failed",
            stream_seq=message.metadata.sequence.stream,
            attempt=attempt,
            outage=passing,
            error=reason(error),
        )
        if passing or attempt < MAX_ATTEMPTS:
            return None
        return self._dead(error, attempt)

    def _dead(self, error: Exception, attempt: int) -> Destination:
        kind = type(error).__name__
        detail = f"{kind} on attempt {attempt}; see the log of {self.service}"
        chinese = f"第 {attempt} 次处理失败（{kind}）；请查看 {self.service} 的日志"
        return Destination(subjects.deadletter(self.service), kind, detail, detail_zh=chinese)

    async def bury(self, subject: str, body: bytes, error: Exception) -> None:
        """Put with the dead letters what was acknowledged before it failed; twice is once."""
        name = short_hash(f"{subject}:{short_hash(body.hex())}")
        outgoing = quarantine_copy(subject, body, {}, name, self._dead(error, MAX_ATTEMPTS))
        await self.publisher.put_all(subjects.QUARANTINE_STREAM, [outgoing])

    async def quarantine_all(self, rejected: Sequence[QuarantinedMessage]) -> None:
        """Copies first, then take them off; dying between the two makes second copies with the same ids.

        If the copies cannot be stored now, the messages come again by themselves.
        """
        if not rejected:
            return
        all_outgoing = [one.copy() for one in rejected]
        try:
            for portion in batches(all_outgoing, PORTION_BYTES):
                async with self.room(sum(outgoing.size for outgoing in portion)):
                    await self.publisher.put_all(subjects.QUARANTINE_STREAM, portion)
            for one in rejected:
                await one.message.term()
        except Exception as error:
            log.warning("not_quarantined", count=len(rejected), error=reason(error))
        else:
            log.info("quarantined", subjects=dict(Counter(outgoing.subject for outgoing in all_outgoing)))
