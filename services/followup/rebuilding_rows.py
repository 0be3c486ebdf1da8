"""Rebuilding of followup's rows from the stream of facts, after its database was lost or replaced by an older
one.

A follow-up is opened by a fact of routing, and its own facts are in the stream. Its workflow returns its
replies while Temporal keeps it. Lost are texts of followup with their keys, and remembered refusals.
"""

import asyncio
from datetime import datetime
from itertools import groupby

from services.followup.consumers import OPENING_FACTS, Facts
from services.followup.flushing import flush_of
from services.followup.progress import Progress, after
from services.followup.starting import Starter
from services.followup.store import Store
from shared.contract.envelope import RawEvent
from shared.contract.events import CaseEnded, Fact, FactHeader, Received, read_fact
from shared.contract.rebuilding import Rebuilt
from shared.contract.recorded import recorded_from
from shared.contract.subjects import Service, every
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import PAGE, Page, in_turn, received_again
from shared.runtime.messages.timeline import read_on, read_timeline

RATED = ("deadline_met", "deadline_breached", "deadline_cancelled")
"""Facts that the response rate counts."""

OPENERS = (*OPENING_FACTS, CaseEnded.NAME)


class LostRows:
    """Rebuilds follow-ups, verdicts and replies, page by page over all that was received."""

    def __init__(self, store: Store, starter: Starter, publisher: Publisher, facts: Facts) -> None:
        self._store = store
        self._starter = starter
        self._publisher = publisher
        self._facts = facts

    @property
    def page(self) -> Page:
        """Rebuild first the published follow-ups, then the facts for the rates, then follow-ups that began
        without a fact.
        """
        again = [
            (name, received_again(lambda: self._publisher.client, name, self._facts))
            for name in (*RATED, *OPENERS)
        ]
        return in_turn([("rows", self._rows), *again])

    async def _rows(self, place: str) -> Rebuilt:
        found = await read_on(self._publisher.client, every(Received.NAME), int(place or 0), PAGE)
        complaints = [str(RawEvent.model_validate_json(body).subject) for _, body in found]
        done = await asyncio.gather(*(self._one(complaint) for complaint in complaints))
        return Rebuilt(
            looked_at=len(complaints),
            rebuilt=sum(done),
            after=str(found[-1][0]) if len(found) == PAGE else None,
        )

    async def _one(self, complaint_id: str) -> bool:
        """Whether anything had to be written."""
        timeline = await read_timeline(self._publisher.client, complaint_id)
        events = [RawEvent.model_validate(event) for event in timeline]
        own = [event for event in events if event.source.endswith(f"/{Service.FOLLOWUP}")]
        written = False
        for cycle, published in groupby(own, key=lambda event: read_fact(event)[1].cycle):
            written = await self._cycle(cycle, list(published), events) or written
        return written

    async def _cycle(self, cycle: int, published: list[RawEvent], events: list[RawEvent]) -> bool:
        """Rebuild a follow-up from the fact of routing that opened it."""
        _, first, _ = read_fact(published[0])
        name, header, opener, at = _opener(events, cycle)
        because = opener.why if isinstance(opener, CaseEnded) else name
        present = header.model_copy(update={"cycle": cycle})
        opening = await self._facts.opening(because, present, opener, at, first.seq - 1)
        facts = [recorded_from(event, opening.policy.identity) for event in published]
        replies = await self._starter.replies(first.complaint_id, cycle)
        progress = after(Progress(seq=opening.seq), facts)
        return await self._store.rebuilt(flush_of(opening, progress, facts, replies))


def _opener(events: list[RawEvent], cycle: int) -> tuple[str, FactHeader, Fact, datetime]:
    """Fact of routing that opened the follow-up of a cycle: its first end, or that of a merger before."""
    ends = []
    for event in events:
        name, header, fact = read_fact(event)
        if name in OPENERS and event.time is not None:
            ends.append((name, header, fact, event.time))
    own = [one for one in ends if one[1].cycle == cycle]
    return own[0] if own else ends[-1]
