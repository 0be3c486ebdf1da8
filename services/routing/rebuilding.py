"""Restart of the workflows of open complaints from our own tables, after Temporal lost its records.

Nothing is lost: the case is rebuilt from its opening and its facts, and takes its replies along. Facts of
other services after its last fact are sent to it again; it knows those before. Deadlines that passed
meanwhile fire at once, dated by their due instants. Nothing is doubled: a running workflow is left alone,
and a flush that finds later stored facts yields to them.
"""

import asyncio
from datetime import datetime
from typing import Any

import orjson
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from services.routing.admission.admitting import Admission
from services.routing.case import Case
from services.routing.certificates import opened_under
from services.routing.consumers import FactConsumer
from services.routing.flushing import Carried, SignalledFact, Start
from services.routing.names import TASK_QUEUE, WORKFLOW
from services.routing.rules.state import LookedUp, Opening
from services.routing.store import Store
from services.routing.tables import CaseRow
from shared.contract.events import CaseEnded, ConcernedAdded, ContactAdded, Received
from shared.contract.ids import complaint_workflow_id
from shared.contract.orders import StoredFacts
from shared.contract.outgoing import Outgoing, name_of
from shared.contract.rebuilding import Rebuilt
from shared.contract.recorded import RecordedFact, message_of
from shared.contract.subjects import Service
from shared.contract.values import PolicyId, Stage
from shared.runtime.messages.handing_over import handed_over
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import PAGE, Page, as_message, in_turn, received_again
from shared.runtime.messages.timeline import read_timeline
from shared.runtime.workflows.alive import runs
from shared.runtime.workflows.moved_clock import MovedClock

KNOWN_BY_ID = (ContactAdded.NAME, ConcernedAdded.NAME)
"""Facts for which the case's own facts do not show whether it received them: the time of its own last fact
decides.
"""

TOLD = (*KNOWN_BY_ID, "merged", "reopened", "closed")

Whole = tuple[CaseRow, Opening, StoredFacts]


class OpenCases:
    """Rebuilds the workflows of complaints, page by page."""

    def __init__(
        self,
        clock: MovedClock,
        store: Store,
        publisher: Publisher,
        admission: Admission,
        fact_consumer: FactConsumer,
    ) -> None:
        self._clock = clock
        self._store = store
        self._publisher = publisher
        self._admission = admission
        self._fact_consumer = fact_consumer

    @property
    def page(self) -> Page:
        """First what has a row; then what was received and has none; last what duplicates left behind."""

        def client() -> Any:
            return self._publisher.client

        return in_turn(
            [
                ("rows", self._rows),
                ("received", received_again(client, Received.NAME, lambda one: self._admission([one]))),
                ("ended", received_again(client, CaseEnded.NAME, self._fact_consumer)),
            ]
        )

    async def _rows(self, after: str) -> Rebuilt:
        complaints = await self._store.open_cases(after, PAGE)
        done = await asyncio.gather(*(self._one(complaint) for complaint in complaints))
        return Rebuilt(
            looked_at=len(complaints),
            rebuilt=sum(one is True for one in done),
            unable=[name for name, one in zip(complaints, done, strict=True) if one is None],
            after=complaints[-1] if len(complaints) == PAGE else None,
        )

    async def _one(self, complaint_id: str) -> bool | None:
        """Whether it was started; None if its opening is not stored."""
        # Temporal first: a workflow that ends has written its row before.
        if await runs(self._clock.client, complaint_workflow_id(complaint_id)):
            return False
        found = await self._store.whole(complaint_id)
        if found is None or found[0].stage == Stage.CLOSED:
            return False
        row, opening, stored = found
        if opening is None or not stored.facts:
            return None
        timeline = await read_timeline(self._publisher.client, complaint_id)
        said = [event for event in timeline if name_of(event["type"]) in TOLD]
        last = max(fact.at for fact in stored.facts)
        news = [one for one in said if not _known(one, last)]
        if not await self._start(
            (row, opening, stored), [_was_received(one) for one in said if _known(one, last)]
        ):
            return False
        for event in news:
            await self._fact_consumer(as_message(name_of(event["type"]), orjson.dumps(event)))
        return True

    async def _start(self, whole: Whole, signalled: list[SignalledFact]) -> bool:
        """Start it at its own clock, which is that of its last fact if it was moved; False if it runs."""
        row, opening, stored = whole
        state, at = Case.rebuilt(opening, stored.facts).state, max(fact.at for fact in stored.facts)
        state.erased = await self._store.is_erased(row.complaint_id)  # no notices follow any more
        # The roles of that time are unknown: people are looked up before anything else.
        state.people = LookedUp(
            roles=state.people.roles, units=state.people.units, heads=state.people.heads, due=True
        )
        try:
            await self._clock.client_at(at, f"{row.complaint_id}-{state.seq}").start_workflow(
                WORKFLOW,
                Start(
                    complaint_id=row.complaint_id,
                    received=opening.received,
                    at=at if self._clock.is_ahead(at) else None,
                    carried=Carried(state=state, replies=stored.replies, heard=signalled),
                ),
                id=complaint_workflow_id(row.complaint_id),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=row.complaint_id,
                priority=Priority(priority_key=6 - row.severity),
            )
        except WorkflowAlreadyStartedError:
            return False
        return True


def _known(event: dict[str, Any], last: datetime) -> bool:
    """Whether the case has received it already, as far as its own facts show."""
    return name_of(event["type"]) in KNOWN_BY_ID and datetime.fromisoformat(event["time"]) <= last


def _was_received(event: dict[str, Any]) -> SignalledFact:
    own = {"event_id": event["id"], "name": name_of(event["type"]), "at": event["time"]}
    return SignalledFact.model_validate(own | {"data": event["data"]})


def facts_of(store: Store) -> Page:
    """Page of stored facts, byte for byte as they were published."""

    async def load(first: str, limit: int) -> list[tuple[str, list[Outgoing]]]:
        cases = await store.recorded_cases(first, limit)
        return [(row.complaint_id, _outgoing(row, stored.facts)) for row, stored in cases]

    return handed_over(load)


def _outgoing(row: CaseRow, facts: list[RecordedFact]) -> list[Outgoing]:
    policy = opened_under(PolicyId.model_validate(row.state["policy"]), facts)
    return [message_of(Service.ROUTING, row.complaint_id, policy, fact) for fact in facts]
