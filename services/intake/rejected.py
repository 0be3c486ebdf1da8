"""Query `rejected`: results of a client's own submissions that are in the quarantine."""

import asyncio
from datetime import datetime
from urllib.parse import unquote

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import Header

from services.intake import refusals
from shared.contract import quarantine, subjects
from shared.contract.errors import Refusal, refuse
from shared.contract.queries import Rejected, RejectedMessage, RejectedQuery
from shared.contract.subjects import HOUSE, QUARANTINE, QUARANTINE_STREAM
from shared.runtime.messages.publishing import Publisher

BATCH, MOST_BYTES = 200, 8 * 1024 * 1024
"""Limits of messages and of bytes of the quarantine that are read at once."""

BATCHES = 5
"""Limit of batches that an answer reads: a page may be short, or empty, and still have a next page."""

READ_SECONDS = 5.0
SEQUENCE = "Nats-Sequence"
LAST = 2**63 - 1


class RejectedWork:
    """Answers `rejected` from the quarantine, for the client that asks. Refused: `malformed` for a cursor."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def __call__(self, query: RejectedQuery) -> Rejected | Refusal:
        if query.cursor is not None and not (query.cursor.isascii() and query.cursor.isdecimal()):
            return refuse(refusals.CURSOR_NOT_FROM_PAGE)
        after = min(max(int((query.cursor or "1")[:20]), 1), LAST)
        return await self._page(query.via or HOUSE, after, query.limit)

    async def _page(self, client: str, after: int, limit: int) -> Rejected:
        found: list[RejectedMessage] = []
        for _ in range(BATCHES):
            batch = await _quarantined(self._publisher.client, after)
            if not batch:
                return Rejected(messages=found)
            for message in batch:
                after = int((message.headers or {})[SEQUENCE]) + 1
                if one := _own(message, client):
                    found.append(one)
                if len(found) == limit:
                    return Rejected(messages=found, next_cursor=str(after))
        return Rejected(messages=found, next_cursor=str(after))


async def _quarantined(client: Client, after: int) -> list[Msg]:
    """Next messages of the quarantine from a sequence on, by one batched direct get; empty at its end."""
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    wanted = {"seq": after, "next_by_subj": f"{QUARANTINE}.>", "batch": BATCH, "max_bytes": MOST_BYTES}
    try:
        await client.publish(f"$JS.API.DIRECT.GET.{QUARANTINE_STREAM}", orjson.dumps(wanted), reply=inbox)
        batch: list[Msg] = []
        async with asyncio.timeout(READ_SECONDS):
            while True:
                answer = await answers.next_msg(timeout=None)
                if "Status" in (answer.headers or {}):
                    return batch
                batch.append(answer)
    finally:
        await answers.unsubscribe()


def _own(message: Msg, client: str) -> RejectedMessage | None:
    """Answer to the client about a message; None if the message is not its own."""
    headers = message.headers or {}
    sender, subject = headers.get(quarantine.HEADER_CLIENT, HOUSE), headers.get(quarantine.HEADER_SUBJECT, "")
    if sender != client or not subject.startswith(f"{subjects.SUBMIT}."):
        return None
    at = headers[quarantine.HEADER_AT]
    chinese = headers.get(quarantine.HEADER_DETAIL_ZH)
    return RejectedMessage(
        reason=headers[quarantine.HEADER_REASON],
        detail=headers[quarantine.HEADER_DETAIL],
        detail_zh=unquote(chinese) if chinese else None,
        field=headers.get(quarantine.HEADER_FIELD),
        subject=subject,
        complaint_id=headers.get(quarantine.HEADER_COMPLAINT),
        message_id=headers.get(f"{quarantine.HEADER_ORIGINAL}{Header.MSG_ID.value}"),
        bytes=len(message.data),
        arrived_at=datetime.fromisoformat(headers.get(quarantine.HEADER_ARRIVED, at)),
        quarantined_at=datetime.fromisoformat(at),
    )
