"""Submissions in: record first, then say the facts, and only then let the message go."""

from collections.abc import Callable
from datetime import datetime

from nats.aio.msg import Msg

from services.intake.registration import Desk, Registration, register
from services.intake.store import Recorded, Store
from shared.runtime.batch import Batcher
from shared.runtime.publishing import Publisher


class Submissions:
    """Takes messages of `complaints.v1.submit.<channel>` from the durable `intake-submissions`.

    Publishes `received`, `promise_made` and `notice`. A submission with a source and id that are on
    record is the same complaint, whatever it says: it adds nothing, but what may not have been said yet
    is said. Raises `Misfit` for what is not a submission. The message is acknowledged by `Delivery` when
    this returns; dying before that brings it back, and then the stream is asked what it holds already.
    """

    def __init__(
        self,
        desk: Desk,
        record: Batcher[Registration, Recorded],
        store: Store,
        publisher: Publisher,
        now: Callable[[], datetime],
    ) -> None:
        self.desk = desk
        self.record = record
        self.store = store
        self.publisher = publisher
        self.now = now

    async def __call__(self, message: Msg) -> None:
        registration = register(message.subject, message.data, self.now(), self.desk)
        recorded = await self.record(registration)
        if recorded.published:
            return
        await self.publisher.say(recorded.facts, again=not recorded.fresh)
        # Whether this note is written before or after the acknowledgement does not matter: written, a
        # redelivery is known to be said; not written, it asks the stream. Neither loses nor doubles.
        self.store.said(registration.complaint_id)
