"""Messages in quarantine and dead letters: read them, and send them on their way again."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import PubAck, RawStreamMsg

from services.console.failure import ConsoleFailure
from shared.contract import subjects
from shared.contract.quarantine import (
    HEADER_AT,
    HEADER_DETAIL,
    HEADER_FIELD,
    HEADER_ORIGINAL,
    HEADER_REASON,
    HEADER_SUBJECT,
)

OURS = "Amends-"
MESSAGE_ID = "Nats-Msg-Id"


@dataclass(frozen=True)
class SetAside:
    """One message with why it is here. `headers` are those that it came with."""

    seq: int
    kind: str
    reason: str
    detail: str
    field: str | None
    at: str | None
    subject: str | None
    headers: dict[str, str]
    payload: bytes

    def summary(self) -> dict[str, Any]:
        """Everything but the content, which holds personal data."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "reason": self.reason,
            "detail": self.detail,
            "field": self.field,
            "at": self.at,
            "subject": self.subject,
            "bytes": len(self.payload),
        }

    def whole(self) -> dict[str, Any]:
        """The content too: as JSON where it is JSON, else as text."""
        return self.summary() | {"headers": self.headers, "content": _content(self.payload)}


def _content(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode("utf-8", "backslashreplace")


def _understand(message: RawStreamMsg) -> SetAside:
    headers = {name: str(value) for name, value in (message.headers or {}).items()}
    kind, _, reason = (message.subject or "").removeprefix(f"{subjects.PREFIX}.").partition(".")
    original = {
        name.removeprefix(HEADER_ORIGINAL): value
        for name, value in headers.items()
        if name.startswith(HEADER_ORIGINAL) or not name.startswith((OURS, "Nats-"))
    }
    return SetAside(
        seq=message.seq or 0,
        kind=kind,
        reason=headers.get(HEADER_REASON) or reason,
        detail=headers.get(HEADER_DETAIL, ""),
        field=headers.get(HEADER_FIELD),
        at=headers.get(HEADER_AT),
        subject=headers.get(HEADER_SUBJECT),
        headers=original,
        payload=message.data or b"",
    )


async def read_all(js: JetStreamContext, limit: int) -> list[SetAside]:
    """The oldest `limit` of them, in the order in which they came."""
    found = []
    async for one in _walk(js):
        found.append(one)
        if len(found) == limit:
            break
    return found


async def _walk(js: JetStreamContext) -> AsyncIterator[SetAside]:
    seq = 1
    while True:
        try:
            message = await js.get_msg(subjects.QUARANTINE_STREAM, seq=seq, subject=">", next=True)
        except nats.js.errors.NotFoundError:
            return
        yield _understand(message)
        seq = (message.seq or seq) + 1


async def read_one(js: JetStreamContext, seq: int) -> SetAside:
    """The message with that number; `ConsoleFailure` if there is none."""
    try:
        return _understand(await js.get_msg(subjects.QUARANTINE_STREAM, seq=seq))
    except nats.js.errors.NotFoundError:
        raise ConsoleFailure(
            f"Nothing is set aside under number {seq}. See `amends quarantine list`.", code="not_found"
        ) from None


async def replay(js: JetStreamContext, one: SetAside) -> PubAck:
    """Publish the original bytes on the original subject; once that is durable, delete this copy.

    The message id is a new one that repeats itself: under the old one the server would drop the message as a
    duplicate of the one that failed, and a second replay after a crash between the two steps is dropped.
    """
    if not one.subject:
        raise ConsoleFailure(
            f"Message {one.seq} does not say on which subject it came, so it cannot be replayed."
        )
    headers = {name: value for name, value in one.headers.items() if not name.startswith("Nats-")}
    headers[MESSAGE_ID] = f"replay-{subjects.QUARANTINE_STREAM}-{one.seq}"
    receipt = await js.publish(one.subject, one.payload, headers=headers, stream=_stream_of(one.subject))
    await js.delete_msg(subjects.QUARANTINE_STREAM, one.seq)
    return receipt


def _stream_of(subject: str) -> str | None:
    if subject.startswith(f"{subjects.SUBMIT}."):
        return subjects.SUBMIT_STREAM
    if subject.startswith(f"{subjects.EVENT}."):
        return subjects.EVENTS_STREAM
    return None
