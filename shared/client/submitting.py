"""Submission of complaints and grumbles: check a message as intake does, and publish it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import nats.errors
import orjson
from nats.aio.client import Client
from nats.js.api import PubAck
from pydantic import ValidationError

from shared.client.failures import AmendsError
from shared.contract import subjects
from shared.contract.door import Reused
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.errors import ErrorCode
from shared.contract.ids import complaint_id
from shared.contract.quarantine import Misfit, Reason
from shared.contract.subjects import Channel
from shared.contract.submission import SUBMITTED, TAKEN
from shared.contract.submission.identifiers import EVERY_KIND, refuse_numbers
from shared.contract.submission.reading import read_submission

ASK_SECONDS = 2.0
"""Time limit in seconds for intake to answer whether an id is in use. A client without that permission gets
no answer.
"""


@dataclass(frozen=True)
class Receipt:
    """Receipt of a stored submission. `id_checked` is whether intake confirmed that the id is not in use.

    `not_understood` are the wishes that the contract does not know. They are left out.
    """

    complaint_id: str
    stream: str
    seq: int
    id_checked: bool
    not_understood: list[str] = field(default_factory=list)


def envelope(data: Mapping[str, Any], *, source: str, external_id: str | None, kind: str) -> dict[str, Any]:
    """Return the CloudEvent of a submission, with a new id if the sender gives none."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    identity = {"source": source, "id": external_id or str(uuid.uuid4())}
    return {"specversion": "1.0", "type": kind or SUBMITTED, **identity, "time": now, "data": dict(data)}


def checked(channel: Channel, payload: bytes) -> list[str]:
    """Check a message as intake does, and return the wishes that are not understood. Raises `Misfit`."""
    _, submitted = read_submission(subjects.submit(channel), payload, datetime.now(UTC), TAKEN)
    refuse_numbers(submitted, EVERY_KIND)
    return submitted.data.not_understood


def invalid(misfit: Misfit) -> AmendsError:
    """Return the failure of a submission that intake would quarantine."""
    return AmendsError(f"The complaint is not valid: {misfit.detail}.", code=ErrorCode.MALFORMED)


async def publish(client: Client, channel: Channel, payload: bytes) -> PubAck:
    """Publish a message and return the acknowledgement of the stream. It has no message id.

    Intake recognizes a repeat by source and id. With a message id, the server would drop a corrected
    complaint that follows a quarantined one within the duplicate window.
    """
    return await client.jetstream(timeout=10).publish(
        subjects.submit(channel),
        payload,
        stream=subjects.SUBMIT_STREAM,
        headers={"content-type": CONTENT_TYPE},
    )


async def id_is_free(client: Client, payload: bytes) -> bool:
    """Ask intake whether the id of a message is in use for another complaint.

    Returns False if intake does not answer. Raises `AmendsError` if the id is in use.
    """
    try:
        answer = await client.request(subjects.REUSED, payload, timeout=ASK_SECONDS)
        reused = Reused.model_validate_json(answer.data)
    except (nats.errors.Error, ValidationError, TimeoutError):
        return False
    if reused.detail:
        raise AmendsError(
            f"The complaint was not sent: {reused.detail}  未提交：{reused.detail_zh}", code=Reason.ID_REUSED
        )
    return True


async def submit(client: Client, channel: Channel, event: Mapping[str, Any]) -> Receipt:
    """Check a CloudEvent, publish it and return its receipt. Raises `AmendsError`."""
    payload = orjson.dumps(event)
    try:
        not_understood = checked(channel, payload)
    except Misfit as misfit:
        raise invalid(misfit) from None
    free = await id_is_free(client, payload)
    stored = await publish(client, channel, payload)
    identity = complaint_id(event["source"], event["id"])
    return Receipt(identity, stored.stream, stored.seq, free, not_understood)
