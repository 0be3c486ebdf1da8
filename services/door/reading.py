"""Reading of an event as intake will read it, while it can still be refused. Pure."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from services.door import refusals
from services.door.refusal import RefusedRequest
from shared.contract import subjects
from shared.contract.door import CHANNEL
from shared.contract.ids import complaint_id
from shared.contract.quarantine import Misfit, Reason
from shared.contract.subjects import Channel
from shared.contract.submission import TAKEN
from shared.contract.submission.identifiers import EVERY_KIND, refuse_numbers
from shared.contract.submission.reading import read_submission
from shared.masking.masker import Kind


@dataclass(frozen=True, slots=True)
class Sending:
    """Submission, ready to be published. `message_id` is the same when the same bytes are sent again."""

    complaint_id: str
    source: str
    external_id: str
    subject: str
    body: bytes
    message_id: str
    not_understood: list[str]
    trace: Mapping[str, str] = field(default_factory=dict)


def prepared(event: bytes, named: str | None, now: datetime, kinds: Collection[Kind] = EVERY_KIND) -> Sending:
    """Prepare the submission of an event that arrived at `now`.

    `named` is the channel in the address. `kinds` are the numbers of people that the policy allows in no
    identifier. Raises `RefusedRequest`. The event is published unchanged: where it has no time, its arrival
    in the stream counts.
    """
    wanted = _channel(named, _object(event))
    try:
        channel, submitted = read_submission(subjects.submit(wanted), event, now, TAKEN)
        refuse_numbers(submitted, kinds)
    except Misfit as misfit:
        raise RefusedRequest.of(misfit) from None
    complaint = complaint_id(submitted.source, submitted.id)
    told_apart = hashlib.sha256(channel.encode() + b"\n" + event).hexdigest()[:32]
    return Sending(
        complaint_id=complaint,
        source=submitted.source,
        external_id=submitted.id,
        subject=subjects.submit(channel),
        body=event,
        # Not the complaint's id alone: a corrected submission after a bad one must not pass for a repeat.
        message_id=f"{complaint}-{told_apart}",
        not_understood=submitted.data.not_understood,
    )


def _object(event: bytes) -> dict[str, Any]:
    """Event as an object; empty where the bytes are none, which the reading then reports."""
    try:
        message = orjson.loads(event)
    except orjson.JSONDecodeError:
        return {}
    return message if isinstance(message, dict) else {}


def _channel(named: str | None, message: dict[str, Any]) -> str:
    """Channel of the complainant: from the address or the event, and `web` where both are silent."""
    said = message.get(CHANNEL, named)
    if not isinstance(said, str | None):
        raise RefusedRequest(Reason.UNKNOWN_CHANNEL, refusals.CHANNEL_NO_TEXT, CHANNEL)
    if named is not None and said != named:
        raise RefusedRequest(Reason.UNKNOWN_CHANNEL, refusals.TWO_CHANNELS, CHANNEL)
    if said is not None and said not in list(Channel):
        words = refusals.UNKNOWN_CHANNEL.filled(known=" ".join(Channel))
        raise RefusedRequest(Reason.UNKNOWN_CHANNEL, words, CHANNEL)
    return Channel.WEB if said is None else said
