"""Timeline of a complaint, page by page: by facts and by bytes, so that every page fits in a message."""

from typing import Annotated, Any

import orjson
from nats.aio.client import Client
from pydantic import Field, TypeAdapter

from shared.contract.cursors import cursor_of, position_in
from shared.contract.queries import Certificate, ComplaintQuery, Timeline, TimelineQuery
from shared.runtime.messages.aliases import Aliases
from shared.runtime.messages.timeline import read_part

MOST_BYTES = 600_000
"""Most bytes of a page: a reply has fields around its facts, and NATS carries 1 MiB."""

AT_ONCE = 100

Ids = Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=12)]
Position = tuple[Ids, Annotated[int, Field(ge=0)]]
POSITION: TypeAdapter[Position] = TypeAdapter(Position)
"""Ids whose facts were begun, the last of them the present id, and the last place in the stream."""

PLACE: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0)])


async def timeline_page(client: Client, aliases: Aliases, query: TimelineQuery) -> Timeline | None:
    """Page of the timeline; None for a complaint without facts. Raises `BadCursor`.

    After the facts of a merged id come those of its survivor.
    """
    chosen = query.chosen()
    ids, after = [query.complaint_id], 0
    if query.cursor:
        ids, after = position_in(query.cursor, query.NAME, chosen, POSITION)
    page = _Page(query.limit)
    while True:
        after, full = await _fill(client, page, ids[-1], after)
        if full:
            cursor = cursor_of(query.NAME, chosen, [ids, after])
            return Timeline(complaint_id=ids[-1], events=page.events, next_cursor=cursor)
        moved = await aliases.moved(ids[-1]) if query.follow and after else None
        if moved is None or moved.into in ids:
            break
        ids, after = [*ids, moved.into][-12:], 0
    return Timeline(complaint_id=ids[-1], events=page.events) if page.events or query.cursor else None


def page_of_certificates(
    query: ComplaintQuery, all_of_them: list[Certificate]
) -> tuple[list[Certificate], str | None]:
    """Certificates that fit in one reply beside the state, and the cursor for more. Raises `BadCursor`."""
    chosen: dict[str, Any] = {}
    begin = position_in(query.cursor, query.NAME, chosen, PLACE) if query.cursor else 0
    room = MOST_BYTES
    for place, one in enumerate(all_of_them[begin:], start=begin):
        room -= len(one.model_dump_json())
        if room < 0 and place > begin:
            return all_of_them[begin:place], cursor_of(query.NAME, chosen, place)
    return all_of_them[begin:], None


class _Page:
    """Facts of a page so far, and whether one more fits."""

    def __init__(self, limit: int) -> None:
        self.events: list[dict[str, Any]] = []
        self._left, self._bytes = limit, MOST_BYTES

    def take(self, body: bytes) -> bool:
        """Take a fact, if it fits; the first one always does."""
        if self.events and (self._left < 1 or len(body) > self._bytes):
            return False
        self.events.append(orjson.loads(body))
        self._left, self._bytes = self._left - 1, self._bytes - len(body)
        return True


async def _fill(client: Client, page: _Page, complaint_id: str, after: int) -> tuple[int, bool]:
    """Take facts behind a place in the stream; the place of the last one taken, and whether more are left."""
    while found := await read_part(client, complaint_id, after, AT_ONCE):
        for place, body in found:
            if not page.take(body):
                return after, True
            after = place
        if len(found) < AT_ONCE:
            break
    return after, False
