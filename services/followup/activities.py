"""Activities of followup: make facts durable, then publish them."""

from sqlmodel import Session
from temporalio import activity

from services.followup.flushing import Flush
from services.followup.names import FLUSH, PEOPLE
from services.followup.recipients import Recipients, ResolvedComplaint, recipients
from services.followup.store import Store
from shared.contract.orders import StoredFacts
from shared.contract.recorded import message_of
from shared.contract.subjects import Service
from shared.policy.models import Pack
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.publishing import Publisher
from shared.runtime.probes.flushes import Flushes
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.notices import write_notices
from shared.runtime.tracing import tracing


class Activities:
    """Activities that the workflow calls."""

    def __init__(
        self, store: Store, publisher: Publisher, texts: Texts, pack: Pack, flushes: Flushes
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._texts = texts
        self._pack = pack
        self._flushes = flushes
        self._interests = Interests(publisher, pack)

    @activity.defn(name=PEOPLE)
    async def look_up_recipients(self, asked: ResolvedComplaint) -> Recipients:
        """Recipients of notifications now, by the policy in force, without the people that the complaint
        concerns.
        """
        concerned = await self._interests.of(asked.complaint_id)
        return recipients(self._pack, concerned, asked.owner)

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> StoredFacts:
        """Write the rows in one transaction, then publish the facts in order. Repeating it changes nothing.

        Rows of an earlier attempt stay. Their facts are published and returned instead of the new facts.
        """
        with self._flushes.watched(flush.complaint_id):
            return await self._flush(flush)

    async def _flush(self, flush: Flush) -> StoredFacts:
        def notices(session: Session) -> None:
            write_notices(session, self._texts, self._pack, flush.complaint_id, flush.facts)

        tracing().reached(flush.complaint_id, flush.facts[-1].stage if flush.facts else None)
        stored = await self._store.flush(flush, notices)
        events = [
            message_of(Service.FOLLOWUP, flush.complaint_id, flush.policy, recorded)
            for recorded in stored.facts or flush.facts
        ]
        await self._publisher.facts(events, again=bool(stored.facts))
        return stored
