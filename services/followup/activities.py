"""The one activity of followup: make facts durable, then publish them."""

from temporalio import activity

from services.followup.flush import FLUSH, Flush
from services.followup.store import Store
from shared.contract.orders import Stood
from shared.contract.recorded import envelope
from shared.contract.subjects import Service
from shared.runtime.messages.publishing import Publisher


class Activities:
    """What the workflow asks of the world."""

    def __init__(self, store: Store, publisher: Publisher) -> None:
        self._store = store
        self._publisher = publisher

    @activity.defn(name=FLUSH)
    async def flush(self, flush: Flush) -> Stood:
        """Write the rows in one transaction, then say the facts in order. Repeating it changes nothing.

        What an earlier try has written stays, and is said and returned in place of what was to be written.
        """
        stood = await self._store.flush(flush)
        events = [
            envelope(Service.FOLLOWUP, flush.complaint_id, flush.policy, recorded)
            for recorded in stood.facts or flush.facts
        ]
        await self._publisher.facts(events, again=bool(stood.facts))
        return stood
