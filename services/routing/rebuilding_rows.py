"""Rebuilding of routing's rows from the stream of facts, after its database was lost or replaced by an older
one.

The facts are the record itself. The workflow returns its opening and its replies while Temporal keeps it.
Without that, a case is opened again from `received`, `triaged` and the first `assigned`, if the policy is
still in force. Lost are texts of routing with their keys, notes, and remembered refusals.
"""

import asyncio
from typing import Any

import orjson
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.routing.admission.admitting import Admission
from services.routing.assignment import choose
from services.routing.case import Case
from services.routing.consumers import HEARD
from services.routing.flushing import Carried, Flush
from services.routing.names import WHOLE
from services.routing.rules.state import CaseState, Opening
from services.routing.store import Store
from services.routing.view import view
from shared.contract.commands import Accepted
from shared.contract.concerned import concerned_in
from shared.contract.envelope import RawEvent
from shared.contract.events import Assigned, Closed, Received, Triaged, read_fact
from shared.contract.ids import complaint_workflow_id
from shared.contract.outgoing import name_of
from shared.contract.rebuilding import Rebuilt
from shared.contract.recorded import RecordedFact, recorded_from
from shared.contract.subjects import Service, every
from shared.contract.values import Stage
from shared.policy.loader import Policy
from shared.policy.pinned import pin
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import PAGE, as_message
from shared.runtime.messages.timeline import read_on, read_timeline

GONE = (RPCStatusCode.NOT_FOUND,)

FOLLOWED = ("callback_scheduled", "callback_due", "callback_reported", "satisfaction_recorded", *HEARD)
"""Facts of followup that a row keeps."""


class LostRows:
    """Rebuilds cases, their facts and their replies, page by page over all that was received."""

    def __init__(
        self, client: Client, store: Store, publisher: Publisher, policy: Policy, admission: Admission
    ) -> None:
        self._admission = admission
        self._client = client
        self._store = store
        self._publisher = publisher
        self._policy = policy

    async def page(self, after: str) -> Rebuilt:
        """Rebuild the complaints of the next `received` facts in the stream."""
        found = await read_on(self._publisher.client, every(Received.NAME), int(after or 0), PAGE)
        complaints = [str(RawEvent.model_validate_json(body).subject) for _, body in found]
        done = await asyncio.gather(*(self._one(complaint) for complaint in complaints))
        return Rebuilt(
            looked_at=len(complaints),
            rebuilt=sum(one is True for one in done),
            unable=[name for name, one in zip(complaints, done, strict=True) if one is None],
            after=str(found[-1][0]) if len(found) == PAGE else None,
        )

    async def _one(self, complaint_id: str) -> bool | None:
        """Whether anything had to be written; None if the opening of the case is unknown."""
        timeline = await read_timeline(self._publisher.client, complaint_id)
        events = [RawEvent.model_validate(event) for event in timeline]
        own = [event for event in events if event.source.endswith(f"/{Service.ROUTING}")]
        if not own:  # routing never had a case of it, or that is unknown: it is received once more
            await self._admission([as_message(Received.NAME, orjson.dumps(_received(timeline)))])
            return False
        carried = await self._asked(complaint_id)
        opening = carried.state.opening if carried else self._opened_again(complaint_id, events)
        if opening is None:
            return None
        written = await self._store.rebuilt(self._flush(opening, own, events, carried))
        for event in events:
            name, header, fact = read_fact(event)
            if name in FOLLOWED and event.time:
                data = fact.model_dump(mode="json", exclude_none=True)
                await self._store.note_followup(name, header, event.time.isoformat(), data)
        return written

    def _flush(
        self, opening: Opening, own: list[RawEvent], events: list[RawEvent], carried: Carried | None
    ) -> Flush:
        facts = _recorded(opening, own, carried)
        state = Case.rebuilt(opening, facts).state
        state.people = carried.state.people if carried else state.people
        _end(state, events)
        replies: dict[str, Accepted] = carried.replies if carried else {}
        return Flush(
            state=view(state),
            seq=facts[-1].seq,
            facts=facts,
            replies=replies,
            roster=state.people.roster,
            opening=opening,
        )

    async def _asked(self, complaint_id: str) -> Carried | None:
        """Case as its workflow has it, also an ended case, while Temporal keeps it."""
        handle: Any = self._client.get_workflow_handle(complaint_workflow_id(complaint_id))
        try:
            carried: Carried | None = await handle.query(WHOLE, result_type=Carried)
        except RPCError as error:
            if error.status not in GONE:
                raise
            return None
        return carried

    def _opened_again(self, complaint_id: str, events: list[RawEvent]) -> Opening | None:
        """Opening by its first facts and the policy in force, if that is still the same."""
        first: dict[type, Any] = {}
        for event in events:
            _, header, fact = read_fact(event)
            first.setdefault(type(fact), fact)
            if isinstance(fact, Triaged) and header.policy.hash != self._policy.identity.hash:
                return None
        received, triaged, assigned = (first.get(kind) for kind in (Received, Triaged, Assigned))
        if not (received and triaged and assigned):
            return None
        concerned, language = concerned_in(received), received.language
        chosen = choose(self._policy.pack, triaged.category, language, concerned, {}, assigned.team)
        pinned = pin(self._policy, assigned.team, chosen.chain)
        return Opening(
            complaint_id=complaint_id,
            received=received,
            triage=triaged,
            owner=assigned.owner,
            pinned=pinned,
        )


def _recorded(opening: Opening, own: list[RawEvent], carried: Carried | None) -> list[RecordedFact]:
    """Facts of routing; the last migration with its new rules, which were never sent."""
    facts = sorted((recorded_from(one, opening.pinned.identity) for one in own), key=lambda one: one.seq)
    migrations = [fact for fact in facts if fact.name == "policy_migrated"]
    if migrations and carried and carried.state.migrated_to:
        migrations[-1].pinned = carried.state.migrated_to.model_dump(mode="json")
    return facts


def _received(timeline: list[dict[str, Any]]) -> dict[str, Any]:
    """Fact with which a case begins; a grumble has others before."""
    return next(event for event in timeline if name_of(event["type"]) == Received.NAME)


def _end(state: CaseState, events: list[RawEvent]) -> None:
    """Add the last decision of followup to the state."""
    for event in events:
        _, _, fact = read_fact(event)
        if isinstance(fact, Closed):
            state.stage, state.outcome = Stage.CLOSED, fact.outcome
