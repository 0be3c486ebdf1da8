"""Restart of the workflows of open follow-ups from our own tables, after Temporal lost its records.

Nothing is lost: a follow-up goes on from its opening and its facts, and every fact of routing that opens
or ends a follow-up is received again. Nothing is doubled: a running workflow is left alone, and a started
follow-up has a row.
"""

import asyncio
from typing import Any

from services.followup.consumers import OPENING_FACTS, Facts
from services.followup.progress import GoingOn, Opening, Progress, after
from services.followup.starting import Starter
from services.followup.store import Store
from services.followup.tables import FollowUpRow
from shared.contract.events import CaseEnded, Triaged
from shared.contract.outgoing import Outgoing
from shared.contract.rebuilding import Rebuilt
from shared.contract.recorded import RecordedFact, message_of
from shared.contract.subjects import Service
from shared.runtime.messages.handing_over import handed_over
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import PAGE, Page, in_turn, received_again


class OpenFollowUps:
    """Rebuilds the workflows of follow-ups, page by page."""

    def __init__(self, store: Store, starter: Starter, publisher: Publisher, facts: Facts) -> None:
        self._store = store
        self._starter = starter
        self._publisher = publisher
        self._facts = facts

    @property
    def page(self) -> Page:
        """First what has a row; then what began or ended and left none."""

        def client() -> Any:
            return self._publisher.client

        names = (*OPENING_FACTS, CaseEnded.NAME, Triaged.NAME)
        again = [(name, received_again(client, name, self._facts)) for name in names]
        return in_turn([("rows", self._rows), *again])

    async def _rows(self, place: str) -> Rebuilt:
        found = await self._store.open_followups(place, PAGE)
        done = await asyncio.gather(*(self._one(*one) for one in found))
        return Rebuilt(
            looked_at=len(found),
            rebuilt=sum(one is True for one in done),
            unable=[name for (name, _), one in zip(found, done, strict=True) if one is None],
            after=found[-1][0] if len(found) == PAGE else None,
        )

    async def _one(self, complaint_id: str, cycle: int) -> bool | None:
        """Whether it was started; None if its opening is not stored."""
        # Temporal first: a workflow that ends has written its row before.
        if await self._starter.runs(complaint_id, cycle):
            return False
        found = await self._store.whole(complaint_id, cycle)
        if found is None or found[0].ended:
            return False
        row, stored = found
        if row.opening is None:
            return None
        opening = Opening.model_validate_json(row.opening)
        own = [fact for fact in stored.facts if fact.seq > opening.seq]
        at = max((fact.at for fact in own), default=opening.at)
        progress = after(Progress(seq=opening.seq), own)
        going_on = GoingOn(at=at, progress=progress, replies=stored.replies)
        erased = await self._store.is_erased(complaint_id)
        return await self._starter.go_on(
            opening.model_copy(update={"going_on": going_on, "erased": erased}), at
        )


def facts_of(store: Store) -> Page:
    """Page of stored facts, byte for byte as they were published."""

    async def load(first: str, limit: int) -> list[tuple[str, list[Outgoing]]]:
        found = await store.recorded_followups(first, limit)
        return [(complaint, _outgoing(rows, stored.facts)) for complaint, rows, stored in found]

    return handed_over(load)


def _outgoing(rows: list[FollowUpRow], facts: list[RecordedFact]) -> list[Outgoing]:
    """Each fact names the policy that the follow-up of its cycle was opened under."""
    opened = [Opening.model_validate_json(row.opening) for row in rows if row.opening]
    policies = {one.cycle: one.policy.identity for one in opened}
    complaint = rows[0].complaint_id
    return [
        message_of(Service.FOLLOWUP, complaint, policies[fact.cycle], fact)
        for fact in facts
        if fact.cycle in policies
    ]
