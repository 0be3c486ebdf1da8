"""Messages in quarantine and dead letters: find them, read them, hand them to their service again."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig

from shared.client.failures import AmendsError
from shared.contract import subjects
from shared.contract.json_objects import parsed, unambiguous
from shared.contract.quarantine import (
    HEADER_ARRIVED,
    HEADER_AT,
    HEADER_CLIENT,
    HEADER_DANGER,
    HEADER_DETAIL,
    HEADER_DETAIL_ZH,
    HEADER_FIELD,
    HEADER_ORIGINAL,
    HEADER_REASON,
    HEADER_SUBJECT,
    Misfit,
)
from shared.contract.quarantine import Reason as Cause

OURS = "Amends-"
SIZE = "Nats-Msg-Size"
KINDS = ("quarantine", "deadletter")
PATIENCE = 10.0
SHOWN = 4_000
"""Bytes that are shown of what is no clean JSON."""


@dataclass(frozen=True)
class Selection:
    """Criteria for quarantined messages: a kind, a reason (or a service), the earliest instant."""

    kind: str | None = None
    reason: str | None = None
    since: datetime | None = None

    @property
    def subject(self) -> str:
        """Subject by which NATS can select."""
        return f"{subjects.PREFIX}.{self.kind}.>" if self.kind else f"{subjects.PREFIX}.>"

    def fits(self, one: "Quarantined") -> bool:
        late = self.since is None or (one.at is not None and datetime.fromisoformat(one.at) >= self.since)
        return late and self.reason in (None, one.reason, one.under)


@dataclass(frozen=True)
class Quarantined:
    """Quarantined message with its reason. `under` is the last token of its subject: a reason or a service.

    `copy` are all headers of the copy, `headers` those that the message came with.
    """

    seq: int
    kind: str
    under: str
    size: int
    copy: dict[str, str]
    payload: bytes

    @property
    def reason(self) -> str:
        return self.copy.get(HEADER_REASON) or self.under

    @property
    def at(self) -> str | None:
        return self.copy.get(HEADER_AT)

    @property
    def subject(self) -> str | None:
        return self.copy.get(HEADER_SUBJECT)

    @property
    def danger(self) -> bool:
        """Whether the message names a danger, so that a person has to read it now."""
        return self.copy.get(HEADER_DANGER) == "true"

    @property
    def service(self) -> str:
        """Service that failed with the message, or that would have handled it."""
        return self.under if self.kind == "deadletter" else str(subjects.Service.INTAKE)

    @property
    def headers(self) -> dict[str, str]:
        return {
            name.removeprefix(HEADER_ORIGINAL): value
            for name, value in self.copy.items()
            if name.startswith(HEADER_ORIGINAL) or not name.startswith((OURS, "Nats-"))
        }

    def summary(self) -> dict[str, Any]:
        """Document without the content, which holds personal data."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "service": self.service,
            "reason": self.reason,
            "detail": self.copy.get(HEADER_DETAIL, ""),
            "detail_zh": unquote(self.copy.get(HEADER_DETAIL_ZH, "")),
            "field": self.copy.get(HEADER_FIELD),
            "at": self.at,
            "arrived": self.copy.get(HEADER_ARRIVED),
            "subject": self.subject,
            "client": self.copy.get(HEADER_CLIENT),
            "bytes": self.size,
            "danger": self.danger,
        }

    def whole(self) -> dict[str, Any]:
        """Document with the content too: as JSON where it is JSON, else as text."""
        return self.summary() | {"headers": self.headers, "content": content(self.payload)}


def content(payload: bytes) -> Any:
    """JSON of the payload, parsed as intake parses it; else its text, cut where it is long.

    Another parser would hide what is wrong: a field twice, half a character, a thousand brackets.
    """
    try:
        message = parsed(payload)
        unambiguous(message, payload, frozenset())
    except Misfit:
        return _literally(payload)
    return message


def _literally(payload: bytes) -> str:
    text = payload[:SHOWN].decode("utf-8", "backslashreplace")
    left = len(payload) - SHOWN
    return f"{text}… ({left} more bytes)" if left > 0 else text


def _understand(seq: int, subject: str, headers: Mapping[str, str] | None, payload: bytes) -> Quarantined:
    copy = {str(name): str(value) for name, value in (headers or {}).items()}
    kind, _, under = subject.removeprefix(f"{subjects.PREFIX}.").partition(".")
    size = int(copy.get(SIZE, len(payload)))
    return Quarantined(seq, kind, under, size, copy, payload)


async def find(js: JetStreamContext, wanted: Selection) -> list[Quarantined]:
    """All that are wanted, the oldest first, without their content."""
    async with aclosing(_walk(js, wanted.subject)) as walk:
        return [one async for one in walk if wanted.fits(one)]


async def dangers(js: JetStreamContext) -> list[int]:
    """Numbers of the messages that name a danger: such a message is quarantined only under a used id."""
    async with aclosing(_walk(js, subjects.quarantine(Cause.ID_REUSED))) as walk:
        return [one.seq async for one in walk if one.danger]


def gravest_first(found: list[Quarantined]) -> list[Quarantined]:
    """Sort messages that name a danger before all others; otherwise the order stays."""
    return sorted(found, key=lambda one: not one.danger)


async def _walk(js: JetStreamContext, subject: str) -> AsyncGenerator[Quarantined, None]:
    info = await js.stream_info(subjects.QUARANTINE_STREAM, subjects_filter=subject)
    if not info.state.subjects:
        return
    reading = await js.subscribe(
        subject,
        stream=subjects.QUARANTINE_STREAM,
        ordered_consumer=True,
        config=ConsumerConfig(headers_only=True),
    )
    try:
        left = 1
        while left:
            message = await reading.next_msg(timeout=PATIENCE)
            left = message.metadata.num_pending
            seq = message.metadata.sequence.stream
            yield _understand(seq, message.subject, message.headers, b"")
    finally:
        await reading.unsubscribe()


async def read_one(js: JetStreamContext, seq: int) -> Quarantined:
    """Message with that number; `AmendsError` if there is none."""
    try:
        message = await js.get_msg(subjects.QUARANTINE_STREAM, seq=seq)
    except nats.js.errors.NotFoundError:
        raise AmendsError(
            f"No quarantined message has the number {seq}. See `amends quarantine list`.", code="not_found"
        ) from None
    return _understand(seq, message.subject or "", message.headers, message.data or b"")


async def delete(js: JetStreamContext, seq: int) -> None:
    """Overwrite one message for good; `AmendsError` if there is none with that number."""
    await read_one(js, seq)
    await js.delete_msg(subjects.QUARANTINE_STREAM, seq)
