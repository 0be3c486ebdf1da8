"""Pass through all complaints once: all that the stream knows, all that Temporal runs, all rows that are
open.

It takes a page at a time, some complaints at once. Findings are handed on and forgotten, so that memory
does not grow with the number of complaints. A complaint with a difference is read again: facts, rows and
workflows change during the pass, and only a difference that stays is a finding. A part of a complaint that
cannot be read is a finding, too, and the pass goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.console.audit.reconciler.comparing import findings
from services.console.audit.reconciler.gathering import Sources
from services.console.audit.unreadable import UnreadablePart

AT_ONCE = 16
LOOKS = 5
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Finding:
    """Fault by which a complaint could be forgotten."""

    complaint_id: str
    finding: str


async def reconcile(sources: Sources, rows: AsyncIterator[str]) -> AsyncIterator[tuple[int, list[Finding]]]:
    """Number of complaints that were compared, and the findings among them; until all complaints were
    compared.

    `rows` are the ids of the rows that routing has. A closed complaint may be met again among workflows
    and rows; its earlier findings are not repeated.
    """
    reported: set[Finding] = set()

    def new(found: list[Finding]) -> list[Finding]:
        fresh = [one for one in found if one not in reported]
        reported.update(fresh)
        return fresh

    async for page in sources.received():
        yield len(page), new(await _looked_at(sources, page))
    async for chunk in _chunks(sources.open_workflows()):
        yield 0, new(await _looked_at(sources, chunk, only_strange=True))
    async for chunk in _chunks(rows):
        yield 0, new(await _looked_at(sources, chunk, only_strange=True))


async def _looked_at(
    sources: Sources, complaints: Iterable[str], *, only_strange: bool = False
) -> list[Finding]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(complaint_id: str) -> list[Finding]:
        async with gate:
            if only_strange and not await _strange(sources, complaint_id):
                return []
            return await look(sources, complaint_id)

    found = await asyncio.gather(*(one(complaint) for complaint in complaints))
    return [finding for some in found for finding in some]


async def _strange(sources: Sources, complaint_id: str) -> bool:
    """Whether it still has to be compared: only if the stream does not know it, or knows it as closed."""
    try:
        facts = await sources.facts(complaint_id)
    except UnreadablePart:
        return True
    return facts is None or facts.closed


async def look(sources: Sources, complaint_id: str) -> list[Finding]:
    """Faults of one complaint that stay."""
    found: list[str] = []
    for number in range(LOOKS):
        if number:
            await asyncio.sleep(PAUSE_SECONDS)
        try:
            found = await _compared(sources, complaint_id, first=not number)
        except UnreadablePart as unreadable:
            found = [str(unreadable)]
        if not found:
            break
    return [Finding(complaint_id, one) for one in found]


async def _compared(sources: Sources, complaint_id: str, *, first: bool) -> list[str]:
    """Differences now. At the first look, the workflow of what was closed everywhere is not asked for."""
    facts, row = await sources.facts(complaint_id), await sources.row(complaint_id)
    over = facts is not None and facts.closed and row is not None and row.closed
    follow_up = facts.cycle if facts and facts.following_up and not facts.closed else None
    workflow = None if over and first else await sources.workflow(complaint_id, follow_up)
    return list(findings(facts, row, workflow, datetime.now(UTC)))


async def _chunks(ids: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    chunk: list[str] = []
    async for one in ids:
        chunk.append(one)
        if len(chunk) == AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
