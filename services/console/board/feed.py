"""Facts as they are published: for the ticker, and for the columns that a worklist does not have."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nats.aio.msg import Msg

from shared.client.facts import PublishedFact, read_fact

REMEMBERED = 20_000
"""Complaints whose last facts are kept; the oldest are forgotten and read again when needed."""

RECENT = 40
BACKLOG = 200
"""Facts that may wait for one slow browser; after that it misses some and catches up by itself."""


@dataclass
class KnownFacts:
    """Values from the facts of one complaint that are shown beside its row of the worklist."""

    last: PublishedFact | None = None
    breached: PublishedFact | None = None


class Feed:
    """Receive facts, remember the latest of them, and pass each fact on to every open page."""

    def __init__(self) -> None:
        self.recent: deque[PublishedFact] = deque(maxlen=RECENT)
        self._known: OrderedDict[str, KnownFacts] = OrderedDict()
        self._pages: set[asyncio.Queue[PublishedFact | None]] = set()

    async def take(self, message: Msg) -> None:
        """Handle a fact that was published."""
        fact = read_fact(message.data)
        if fact is None:
            return
        self.recent.appendleft(fact)
        if fact.complaint_id in self._known:
            self._note(self._known[fact.complaint_id], fact)
        for page in self._pages:
            if not page.full():
                page.put_nowait(fact)

    def known(self, complaint_id: str) -> KnownFacts | None:
        """Remembered values of a complaint; None if its facts have to be read first."""
        return self._known.get(complaint_id)

    def remember(self, complaint_id: str, known: KnownFacts) -> None:
        """Keep what was read of a complaint; from now on its facts are followed."""
        self._known[complaint_id] = known
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def begin_with(self, facts: list[PublishedFact]) -> None:
        """Add the facts from before the board started, oldest first; later facts stay the newest."""
        there = {fact.event_id for fact in self.recent}
        self.recent.extend(fact for fact in reversed(facts) if fact.event_id not in there)

    async def forget(self) -> None:
        """Forget all values after a lost connection: facts were missed, and are read when needed."""
        self._known.clear()

    @staticmethod
    def _note(known: KnownFacts, fact: PublishedFact) -> None:
        known.last = fact
        if fact.name == "deadline_breached":
            known.breached = fact

    @contextmanager
    def page(self) -> Iterator[asyncio.Queue[PublishedFact | None]]:
        """Queue of facts for one open page; None ends it."""
        queue: asyncio.Queue[PublishedFact | None] = asyncio.Queue(BACKLOG)
        self._pages.add(queue)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    async def follow(self) -> AsyncIterator[PublishedFact]:
        """Facts from now on, until the board stops."""
        with self.page() as queue:
            while (fact := await queue.get()) is not None:
                yield fact

    def close(self) -> None:
        """End every open page's stream, so that the board can stop at once."""
        for page in self._pages:
            if page.full():
                page.get_nowait()
            page.put_nowait(None)
