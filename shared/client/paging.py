"""Answers that come in pages, read to their end."""

from collections.abc import AsyncIterator
from typing import Any

from nats.aio.client import Client

from shared.client.requests import result_of

Json = dict[str, Any]


async def every_item(client: Client, name: str, wanted: Json, field: str) -> AsyncIterator[Json]:
    """Every entry of `field` in the pages of a query, in order."""
    cursor: str | None = None
    while True:
        page = await result_of(client, name, wanted | ({"cursor": cursor} if cursor else {}))
        for item in page[field]:
            yield item
        cursor = page.get("next_cursor")
        if cursor is None:
            return


async def timeline_of(client: Client, wanted: Json) -> list[Json]:
    """All facts of a complaint in the order of the stream."""
    return [event async for event in every_item(client, "timeline", wanted, "events")]


async def whole_state(client: Client, wanted: Json) -> Json:
    """State of a complaint with all its certificates."""
    state = await result_of(client, "complaint", wanted)
    more = state
    while cursor := more.pop("next_cursor", None):
        more = await result_of(client, "complaint", wanted | {"cursor": cursor})
        state["certificates"] = [*state.get("certificates", []), *more.get("certificates", [])]
    return state
