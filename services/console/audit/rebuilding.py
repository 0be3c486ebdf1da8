"""Requests to the services to rebuild, page by page, with progress for the person who waits."""

import asyncio
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import orjson
from nats.aio.client import Client
from nats.errors import NoRespondersError
from pydantic import TypeAdapter

from services.console.audit.facts_in_order import in_order, read
from shared.client.failures import AmendsError
from shared.contract import subjects
from shared.contract.outgoing import unpacked
from shared.contract.rebuilding import NotRebuilt, RebuildAsked, Rebuilt, What
from shared.contract.subjects import Service
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import read_timeline

PAGE_WITHIN = 60.0
TRIES, PAUSE_SECONDS = 10, 1.0
QUIET_SECONDS = 2.0
"""Time after which progress is shown."""

ANSWER: TypeAdapter[Rebuilt | NotRebuilt] = TypeAdapter(Rebuilt | NotRebuilt)


@dataclass
class Total:
    """Count of what was rebuilt, and the ids of the complaints that could not be rebuilt."""

    rebuilt: int = 0
    unable: list[str] = field(default_factory=list)


class ProgressLine:
    """Progress on standard error, shown from the second second on."""

    def __init__(self, show: bool) -> None:
        self._show = show
        self._next = time.monotonic() + QUIET_SECONDS

    def report(self, sentence: str) -> None:
        if self._show and time.monotonic() >= self._next:
            self._next = time.monotonic() + QUIET_SECONDS
            print(sentence, file=sys.stderr, flush=True)


async def workflows(client: Client, services: Iterable[Service], *, show: bool) -> Total:
    """Workflows of these services are started again. Routing comes first: follow-ups belong to its cases."""
    return await _counted(client, services, "workflows", show=show)


async def rows(client: Client, services: Iterable[Service], *, show: bool) -> Total:
    """Rows of these services are made again from the stream."""
    return await _counted(client, services, "rows", show=show)


async def _counted(client: Client, services: Iterable[Service], what: What, *, show: bool) -> Total:
    total, progress, looked_at = Total(), ProgressLine(show), 0
    for service in services:
        async for page in pages(client, service, what):
            looked_at += page.looked_at
            total.rebuilt += page.rebuilt
            total.unable += page.unable
            progress.report(f"{service}: {looked_at} looked at, {total.rebuilt} rebuilt")
    return total


async def pages(client: Client, service: Service, what: What) -> AsyncIterator[Rebuilt]:
    """Pages of one service. Raises `AmendsError` where the service is not available or cannot go on."""
    after: str | None = ""
    while after is not None:
        page = await _page(client, service, RebuildAsked(what=what, after=after))
        yield page
        after = page.after


async def _page(client: Client, service: Service, asked: RebuildAsked) -> Rebuilt:
    """Rebuild one page. A failed request is sent again, because the service does nothing twice."""
    body, error = asked.model_dump_json().encode(), ""
    for _ in range(TRIES):
        try:
            message = await client.request(subjects.rebuild(service), body, timeout=PAGE_WITHIN)
        except NoRespondersError:
            raise AmendsError(f"The {service} service is not running. Start it first.") from None
        answer = ANSWER.validate_json(message.data)
        if isinstance(answer, Rebuilt):
            return answer
        error = answer.error
        await asyncio.sleep(PAUSE_SECONDS)
    raise AmendsError(f"The {service} service could not go on ({error}); see its log, then run this again.")


async def stream(client: Client, *, show: bool) -> Total:
    """Publish stored facts that the stream lacks again, complaint by complaint, under their ids."""
    total, progress, publisher = Total(), ProgressLine(show), Publisher()
    publisher.connect(client)
    readers = [_FactReader(client, service) for service in Service]
    looked_at = 0
    while (
        first := min([one for reader in readers if (one := await reader.next())], default=None)
    ) is not None:
        bodies = [body for reader in readers for body in await reader.take(first)]
        total.rebuilt += await _published(client, publisher, first, bodies)
        looked_at += 1
        progress.report(f"{looked_at} complaints looked at, {total.rebuilt} facts published")
    return total


async def _published(client: Client, publisher: Publisher, complaint: str, bodies: list[bytes]) -> int:
    """Publish the missing facts of a complaint; return how many there were."""
    there = {event["id"] for event in await read_timeline(client, complaint)}
    facts = [fact for message in in_order(map(read, bodies)) for fact in unpacked(message.body)]
    missing = [fact for fact in facts if fact.id not in there]
    await publisher.publish(missing, again=False)
    return len(missing)


class _FactReader:
    """Facts of one service, a complaint at a time."""

    def __init__(self, client: Client, service: Service) -> None:
        self._pages = pages(client, service, "facts")
        self._bodies: deque[tuple[str, bytes]] = deque()

    async def next(self) -> str | None:
        """Id of the complaint that comes next; None at the end."""
        while not self._bodies:
            page = await anext(self._pages, None)
            if page is None:
                return None
            self._bodies.extend((orjson.loads(body)["subject"], body.encode()) for body in page.facts)
        return self._bodies[0][0]

    async def take(self, complaint: str) -> list[bytes]:
        """Facts of this complaint; none if another complaint comes next."""
        taken = []
        while await self.next() == complaint:
            taken.append(self._bodies.popleft()[1])
        return taken
