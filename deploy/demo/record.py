"""Record of an outside system: the facts by complaint, as they come from the stream."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.contract.envelope import RawEvent
from shared.contract.events import TYPE_PREFIX

SEEN_WITHIN = 60.0


class WentOtherwise(Exception):
    """Raised when a life differs from its script; the message names the expected and the actual fact."""


class SeenFact:
    """Fact as an outsider reads it."""

    def __init__(self, raw: dict[str, Any]) -> None:
        event = RawEvent.model_validate(raw)
        self.id = event.id
        self.name = event.type.removeprefix(TYPE_PREFIX).removesuffix(".v1")
        self.service = event.source.rsplit("/", 1)[-1]
        self.data = event.data
        self.complaint_id = str(event.data["complaint_id"])

    def instant(self, field: str) -> datetime:
        return datetime.fromisoformat(self.data[field])


class Story:
    """Facts of one complaint so far."""

    def __init__(self) -> None:
        self.facts: list[SeenFact] = []
        self._news = asyncio.Event()

    def add(self, fact: SeenFact) -> None:
        self.facts.append(fact)
        self._news.set()
        self._news = asyncio.Event()

    def all(self, name: str) -> list[SeenFact]:
        return [fact for fact in self.facts if fact.name == name]

    def last(self, name: str) -> SeenFact:
        """Newest fact of this name; `WentOtherwise` if there is none."""
        found = self.all(name)
        if not found:
            raise WentOtherwise(f"no fact {name} was published")
        return found[-1]

    @property
    def stage(self) -> str:
        return str(self.facts[-1].data["stage"]) if self.facts else "recorded"

    async def sees(self, name: str, count: int = 1) -> SeenFact:
        """Wait for the fact of this name that is number `count`."""
        await self.until(lambda: len(self.all(name)) >= count, f"fact {name} (number {count})")
        return self.all(name)[count - 1]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until what is seen makes `holds` true; `WentOtherwise` when it does not come in time."""
        try:
            async with asyncio.timeout(SEEN_WITHIN):
                while not holds():
                    await self._news.wait()
        except TimeoutError:
            last = self.facts[-1].name if self.facts else "nothing"
            raise WentOtherwise(f"{what} was not seen within {SEEN_WITHIN:.0f} s; last was {last}") from None


class Record:
    """All stories, in the order of the stream. `received` is called with each fact."""

    def __init__(self, received: Callable[[SeenFact], None] = lambda _: None) -> None:
        self.stories: defaultdict[str, Story] = defaultdict(Story)
        self.count = 0
        self._heard = received

    def receive(self, raw: dict[str, Any]) -> None:
        """Receive a fact."""
        fact = SeenFact(raw)
        self.count += 1
        self.stories[fact.complaint_id].add(fact)
        self._heard(fact)

    def stages(self) -> Counter[str]:
        """Number of complaints in each stage."""
        return Counter(story.stage for story in self.stories.values() if story.facts)
