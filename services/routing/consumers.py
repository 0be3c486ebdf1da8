"""Facts that routing receives about its complaints: contacts, mergers, decisions of followup."""

import orjson
from nats.aio.msg import Msg
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.routing.admission.queue import WaitingQueue
from services.routing.flushing import SignalledFact
from services.routing.names import FACT
from services.routing.rules.contacts import adds_information, weighs
from services.routing.store import Store
from shared.contract.concerned import concerned_in
from shared.contract.envelope import RawEvent
from shared.contract.events import (
    CarriedOver,
    CaseEnded,
    ConcernedAdded,
    ContactAdded,
    FactHeader,
    Merged,
    read_fact,
)
from shared.contract.ids import complaint_workflow_id
from shared.contract.values import Stage
from shared.runtime.messages.aliases import Aliases
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.outage import NotYet
from shared.runtime.messages.publishing import Publisher

HEARD = ("reopened", "closed")

JOINED = 1
"""Number of a `merged` that precedes all other facts: there is no case to end."""


class NotHereYet(Exception):
    """Raised when a fact about a complaint came before the complaint itself; it will come again."""


class FactConsumer:
    """Takes the facts of the durable `routing-events`; every one may come twice, late, or out of order."""

    def __init__(
        self,
        client: Client,
        store: Store,
        queue: WaitingQueue,
        publisher: Publisher,
        interests: Interests,
    ) -> None:
        self._aliases = Aliases(publisher)
        self._interests = interests
        self._client = client
        self._store = store
        self._queue = queue

    async def __call__(self, message: Msg) -> None:
        """Acknowledged by the caller only after this returns."""
        event = RawEvent.model_validate(orjson.loads(message.data))
        name, header, fact = read_fact(event)
        at = event.time.isoformat() if event.time else ""
        own = fact.model_dump(mode="json", exclude_none=True)
        if isinstance(fact, Merged):
            await self._merged(header, SignalledFact(event_id=event.id, name=name, at=at, data=own))
            return
        if isinstance(fact, ContactAdded):
            if (
                weighs(fact) or adds_information(fact) or concerned_in(fact) or not fact.automatic
            ):  # a human word ends a wait
                await self._signal_case(header, SignalledFact(event_id=event.id, name=name, at=at, data=own))
            return
        if isinstance(fact, CaseEnded):
            await self._passed_on(header, fact, event.id, at)
            await self._carry_over(header, fact, event.id, at)
            return
        if not await self._store.note_followup(name, header, at, own):
            raise await self._not_here(header.complaint_id)
        if name in HEARD:
            heard = SignalledFact.model_validate({"event_id": event.id, "name": name, "at": at, "data": own})
            await self._signal(header, heard)

    async def _merged(self, header: FactHeader, received: SignalledFact) -> None:
        """End the case. A complaint that joined another at its arrival has none.

        The fact may come while the complaint is queued: then it waits, however long that takes.
        """
        if header.seq != JOINED:
            await self._signal_case(header, received)

    async def _passed_on(self, header: FactHeader, ended: CaseEnded, event_id: str, at: str) -> None:
        """Pass the people concerned by an ended duplicate on to its survivor."""
        found = await self._interests.of(header.complaint_id)
        if not (ended.into and found):
            return
        data = {"staff": found.staff, "units": found.units, "why": "merged", "contact": header.complaint_id}
        survivor = await self._aliases.survivor(ended.into)
        heard = SignalledFact.model_validate(
            {"event_id": event_id, "name": ConcernedAdded.NAME, "at": at, "data": data}
        )
        await self._signal_case(header.model_copy(update={"complaint_id": survivor}), heard)

    async def _carry_over(self, header: FactHeader, ended: CaseEnded, event_id: str, at: str) -> None:
        """Pass the open items of a duplicate on to its survivor, also if that was merged since."""
        if ended.moved is None:
            return
        left = CarriedOver(duplicate=header.complaint_id, was={}, **dict(ended.moved))
        data = left.model_dump(mode="json", exclude_none=True)
        survivor = await self._aliases.survivor(ended.into)
        # An id of its own: the same fact also passes the people concerned on to the survivor.
        heard = SignalledFact.model_validate(
            {"event_id": f"{event_id}-moved", "name": left.NAME, "at": at, "data": data}
        )
        await self._signal_case(header.model_copy(update={"complaint_id": survivor}), heard)

    async def _signal_case(self, header: FactHeader, received: SignalledFact) -> None:
        """Signal the workflow of a complaint that must have one by and by."""
        if await self._store.case(header.complaint_id) is None:
            raise await self._not_here(header.complaint_id)
        await self._signal(header, received)

    async def _not_here(self, complaint_id: str) -> Exception:
        """Error for a missing complaint: an outage while it is queued; else a possible fault."""
        waits = await self._queue.holds(complaint_id)
        return NotYet(complaint_id) if waits else NotHereYet(complaint_id)

    async def _signal(self, header: FactHeader, received: SignalledFact) -> None:
        """Signal the workflow. An ended workflow has received it, or needs nothing any more."""
        try:
            handle = self._client.get_workflow_handle(complaint_workflow_id(header.complaint_id))
            await handle.signal(FACT, received)
        except RPCError as error:
            row = await self._store.case(header.complaint_id)
            if error.status != RPCStatusCode.NOT_FOUND or row is None or row.stage != Stage.CLOSED:
                raise
