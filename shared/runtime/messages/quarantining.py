"""Copy of a quarantined message: its bytes, its headers, and the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import orjson
from nats.aio.msg import Msg

from shared.contract import quarantine, subjects
from shared.contract.ids import complaint_id, short_hash
from shared.runtime.after_closing import turned_away
from shared.runtime.messages.together import OutgoingMessage


@dataclass(frozen=True, slots=True)
class Destination:
    """Destination of a message that cannot be worked on, and the reason."""

    subject: str
    reason: str
    detail: str
    field: str | None = None
    detail_zh: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class QuarantinedMessage:
    """Message that is going to be quarantined."""

    message: Msg
    verdict: Destination

    @property
    def size(self) -> int:
        """Approximate size in bytes."""
        return len(self.message.data)

    def copy(self) -> OutgoingMessage:
        """Copy whose id names the place of the message in its stream: a second copy is the same."""
        message, seen = self.message, self.message.metadata
        arrived = seen.timestamp.isoformat()
        headers = _original(message.headers or {}) | {quarantine.HEADER_ARRIVED: arrived}
        name = short_hash(f"{seen.stream}:{seen.sequence.stream}:{arrived}")
        return quarantine_copy(message.subject, message.data, headers, name, self.verdict)


def quarantine_copy(
    subject: str, body: bytes, headers: dict[str, str], name: str, verdict: Destination
) -> OutgoingMessage:
    """Copy of a message on `subject`, with the verdict in its headers."""
    client, sent_on = subjects.spoken_by(subject)
    said = {
        quarantine.HEADER_SUBJECT: sent_on,
        quarantine.HEADER_REASON: str(verdict.reason),
        quarantine.HEADER_DETAIL: _one_line(verdict.detail),
        quarantine.HEADER_AT: datetime.now(UTC).isoformat(),
    }
    if client != subjects.HOUSE:
        said[quarantine.HEADER_CLIENT] = client
    if complaint := _complaint_of(sent_on, body):
        said[quarantine.HEADER_COMPLAINT] = complaint
    if verdict.detail_zh:
        said[quarantine.HEADER_DETAIL_ZH] = quote(_one_line(verdict.detail_zh), safe=" ")
    if verdict.danger:
        turned_away(said.get(quarantine.HEADER_COMPLAINT, ""))
        said[quarantine.HEADER_DANGER] = "true"
    if verdict.field:
        said[quarantine.HEADER_FIELD] = _one_line(verdict.field)
    return OutgoingMessage(verdict.subject, body, name, headers | said)


def _original(headers: Mapping[str, str]) -> dict[str, str]:
    """Sender's headers; those that NATS would act upon get a prefix.

    Those that look like ours are dropped: with them, erasure would destroy a message of another complaint.
    """
    return {
        (quarantine.HEADER_ORIGINAL + name if name.lower().startswith("nats-") else name): _one_line(value)
        for name, value in headers.items()
        if not name.lower().startswith(quarantine.OURS.lower())
    }


def _complaint_of(subject: str, body: bytes) -> str | None:
    """Complaint whose texts a submission may hold, as far as it can be read at all."""
    if not subject.startswith(f"{subjects.SUBMIT}."):
        return None
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    source, external = (said.get("source"), said.get("id")) if isinstance(said, dict) else (None, None)
    if not isinstance(source, str) or not isinstance(external, str):
        return None
    return complaint_id(source, external)


def _one_line(text: str) -> str:
    return " ".join(str(text).split())[:500]
