"""Reading back what the stream holds of one complaint: the audit record itself, not a copy of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from nats.aio.client import Client

from shared.contract import subjects

BATCH = 500
WAIT = 5.0
END_OF_BATCH = "204"
NOT_FOUND = "404"


async def read_timeline(client: Client, complaint_id: str) -> list[dict[str, Any]]:
    """All facts of a complaint in the order of the stream, as published."""
    found: list[dict[str, Any]] = []
    async for page in pages(client, subjects.timeline(complaint_id)):
        found.extend(page)
    return found


async def read_part(client: Client, complaint_id: str, after: int, most: int) -> list[tuple[int, bytes]]:
    """Up to `most` facts of a complaint behind a place in the stream, as published, with their places."""
    return await _raw_page(client, subjects.timeline(complaint_id), after + 1, min(most, BATCH))


async def read_on(client: Client, subject: str, after: int, most: int) -> list[tuple[int, bytes]]:
    """Up to `most` facts on a subject, which may have wildcards, behind a place in the stream."""
    return await _raw_page(client, subject, after + 1, min(most, BATCH))


async def read_from(client: Client, subject: str, first: int) -> list[tuple[int, dict[str, Any]]]:
    """All facts on a subject from a place of the stream on, each with its place."""
    found: list[tuple[int, dict[str, Any]]] = []
    while True:
        page = await _raw_page(client, subject, first, BATCH)
        found.extend((place, orjson.loads(body)) for place, body in page)
        if len(page) < BATCH:
            return found
        first = page[-1][0] + 1


async def pages(client: Client, subject: str) -> AsyncIterator[list[dict[str, Any]]]:
    """All facts on a subject, which may have wildcards, in the order of the stream; up to 500 at a time."""
    after = 1
    while True:
        page, last = await _page(client, subject, after)
        yield page
        if len(page) < BATCH:
            return
        after = last + 1


async def _page(client: Client, subject: str, after: int) -> tuple[list[dict[str, Any]], int]:
    """Up to `BATCH` facts from stream sequence `after` on, and the place of the last."""
    found = await _raw_page(client, subject, after, BATCH)
    return [orjson.loads(body) for _, body in found], found[-1][0] if found else after


async def _raw_page(client: Client, subject: str, first: int, batch: int) -> list[tuple[int, bytes]]:
    """Up to `batch` facts from stream sequence `first` on, by one batched direct get."""
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    try:
        wanted = {"seq": first, "next_by_subj": subject, "batch": batch}
        await client.publish(
            f"$JS.API.DIRECT.GET.{subjects.EVENTS_STREAM}", orjson.dumps(wanted), reply=inbox
        )
        page: list[tuple[int, bytes]] = []
        async with asyncio.timeout(WAIT):
            while True:
                answer = await answers.next_msg(timeout=None)
                headers = answer.headers or {}
                if headers.get("Status") in (END_OF_BATCH, NOT_FOUND):
                    return page
                page.append((int(headers["Nats-Sequence"]), answer.data))
    finally:
        await answers.unsubscribe()
