"""Consumer of submissions: it stores first, then publishes the facts, and then acknowledges the messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nats.aio.msg import Msg

from services.intake.rates import Buckets, too_many
from services.intake.reading import Reading
from services.intake.registration import IntakeContext, Registration
from services.intake.store import Recorded, Store
from shared.contract.quarantine import Misfit
from shared.contract.subjects import spoken_by
from shared.runtime.clients.permissions import NOBODY, ClientPermissions
from shared.runtime.messages.outage import is_outage
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.still_here import still_here
from shared.runtime.side_work import SideWork
from shared.runtime.tracing import tracing


@dataclass(slots=True)
class Incoming:
    """Message in work, with how far it got. `again_at`: the instant at which its source has room again."""

    registration: Registration | None = None
    recorded: Recorded | None = None
    again_at: datetime | None = None
    error: Exception | None = None


class Submissions:
    """Take messages of `complaints.v1.submit.<channel>` from the durable `intake-submissions`, by the batch.

    A complaint: publish `received`, `promise_made` and `notice`. A grumble: publish `grumbled` and
    `notice`; if it is the second grumble of its customer within the policy's time, publish also the
    promotion and the first facts of the complaint. A complaint or grumble that joins an open complaint:
    publish `contact_added` and `notice` there, and `merged` under its own id.

    A submission whose source, id and content are stored is a repeat: it adds nothing, and facts that may
    be unpublished are published. With other content of the same customer it is `contact_added` to the
    stored complaint; under the id of a grumble that is still open, it promotes the grumble to a complaint.
    With other content of another customer it comes back as a `Misfit` (`known_ids.py`), and so does a
    message that is not a submission.

    Messages are acknowledged when this returns. If the process dies before, they are delivered again, and
    then the stream is asked which facts it holds already.
    """

    def __init__(
        self,
        context: IntakeContext,
        store: Store,
        publisher: Publisher,
        now: Callable[[], datetime],
        beside: SideWork[IntakeContext],
        clients: ClientPermissions = NOBODY,
    ) -> None:
        self.reading = Reading(beside)
        self.clients = clients
        self.store = store
        self.publisher = publisher
        self.now = now
        self.rates = Buckets(context.policy.pack.intake.rates)

    async def __call__(self, messages: list[Msg]) -> list[Exception | None]:
        now = self.now()
        async with still_here(messages):
            entries = [await self._registered(message, now) for message in messages]
        await self._hold_back(entries)
        await self._record([entry for entry in entries if entry.registration])
        await self._publish([entry.recorded for entry in entries if entry.recorded])
        return [entry.error for entry in entries]

    async def _registered(self, message: Msg, now: datetime) -> Incoming:
        try:
            arrived = message.metadata.timestamp
            client, _ = spoken_by(message.subject)
            if message.metadata.num_delivered == 1 and (flood := self.clients.flooding(client)):
                return Incoming(error=flood)
            entry = Incoming(await self.reading.read(message, now, arrived))
        except Exception as error:
            return Incoming(error=error)
        if entry.registration and (foreign := self.clients.foreign(client, entry.registration.source)):
            return Incoming(error=foreign)
        if message.metadata.num_delivered == 1 and entry.registration:
            entry.again_at = self.rates.take(entry.registration.source, arrived)
        if entry.registration:
            tracing().message(entry.registration.complaint_id, message.subject, message.headers)
        return entry

    async def _hold_back(self, entries: Sequence[Incoming]) -> None:
        """Refuse those that are too many of their source, unless they are repeats and cost nothing."""
        over = [one for one in entries if one.again_at]
        asked = [one.registration for one in over if one.registration]
        known = await self.store.repeats(asked) if asked else set()
        for one in over:
            if one.registration and one.again_at and one.registration.complaint_id not in known:
                one.error = too_many(self.rates.limit(one.registration.source), one.again_at)
                one.registration = None

    async def _record(self, entries: Sequence[Incoming]) -> None:
        """All in one transaction; if that fails for a reason of its own, each in one of its own."""
        try:
            recorded = await self.store.record([e.registration for e in entries if e.registration])
        except Exception as error:
            if is_outage(error):
                raise
            if len(entries) == 1:
                entries[0].error = error
                return
            for entry in entries:
                await self._record([entry])
        else:
            for entry, outcome in zip(entries, recorded, strict=True):
                if isinstance(outcome, Misfit):
                    entry.error = outcome
                    continue
                entry.recorded = outcome
                if outcome.repeat and not entry.again_at and entry.registration:
                    self.rates.give_back(entry.registration.source)

    async def _publish(self, recorded: Sequence[Recorded]) -> None:
        """Publish fresh facts together; then publish those that an earlier try may have published, one by
        one.
        """
        fresh = [one for one in recorded if one.fresh]
        await self.publisher.publish_all([fact for one in fresh for fact in one.facts])
        unsure = [one for one in recorded if not one.fresh and not one.published]
        for one in unsure:
            await self.publisher.publish(one.facts, again=True)
        # This note may be written before or after the acknowledgement. If it is written, a redelivery finds
        # its facts published; if not, it asks the stream. In both cases no fact is lost or doubled.
        self.store.remember_published((*fresh, *unsure))
