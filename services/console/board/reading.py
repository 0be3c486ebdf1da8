"""Requests of the board to the services: queries and single facts, each with a time limit."""

import asyncio
from typing import Any

from nats.aio.client import Client

from services.console.board.feed import Feed, KnownFacts
from services.console.board.rows import BoardRow, make_rows
from services.console.display.worklist_table import work_items
from shared.client.facts import PublishedFact, distinct, read_fact
from shared.client.last_facts import last_fact_of, last_facts
from shared.client.paging import timeline_of
from shared.client.requests import result_of
from shared.contract import subjects
from shared.contract.queries import ComplaintState, Rates

PAGE = 200


class Answers:
    """Answers for the pages. Raises the errors of the queries; the pages show each as one sentence."""

    def __init__(self, client: Client, feed: Feed) -> None:
        self._client = client
        self._feed = feed

    async def worklist(self, filters: dict[str, str]) -> tuple[list[BoardRow], str | None]:
        """Open complaints and the cursor of the next page."""
        page = await result_of(self._client, "worklist", {"limit": PAGE, **filters})
        items = work_items(page)
        known = await self._known([item.complaint_id for item in items])
        return make_rows(items, known), page.get("next_cursor")

    async def rates(self) -> Rates:
        """Three rates."""
        return Rates.model_validate(await result_of(self._client, "rates"))

    async def complaint(self, complaint_id: str) -> tuple[ComplaintState, list[PublishedFact]]:
        """State and timeline of one complaint; `RequestRefused` if there is none."""
        body = {"complaint_id": complaint_id}
        state, timeline = await asyncio.gather(
            result_of(self._client, "complaint", body), timeline_of(self._client, body)
        )
        facts = [fact for event in timeline if (fact := read_fact(event))]
        return ComplaintState.model_validate(state), sorted(distinct(facts), key=lambda fact: fact.time)

    async def ready(self) -> None:
        """Raises if the message server does not answer."""
        await self._client.flush(timeout=2)

    async def _known(self, complaint_ids: list[str]) -> dict[str, KnownFacts]:
        """Values from the facts of these complaints; new complaints have their facts read once."""
        unknown = [one for one in complaint_ids if self._feed.known(one) is None]
        last = await last_facts(self._client, unknown)
        gate = asyncio.Semaphore(32)
        breaches: list[Any] = await asyncio.gather(
            *(last_fact_of(self._client, subjects.event("deadline_breached", one), gate) for one in unknown)
        )
        for one, breach in zip(unknown, breaches, strict=True):
            self._feed.remember(one, KnownFacts(last.get(one), breach))
        return {one: self._feed.known(one) or KnownFacts() for one in complaint_ids}
