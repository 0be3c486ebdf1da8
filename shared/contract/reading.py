"""Reading a submission: what it must be, checked in the order in which it is told. Pure.

Whatever is wrong is said with the reason and the field, never with the value: it may be somebody's text.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from pydantic import ValidationError

from shared.contract import subjects
from shared.contract.misfit import Misfit
from shared.contract.quarantine import Reason
from shared.contract.subjects import Channel
from shared.contract.submission import FUTURE_TOLERANCE_SECONDS, MAX_BYTES, SUBMITTED, Submitted

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Nobody complained to us before; an earlier instant is a mistake of the sender's clock or program."""

TOLERANCE = timedelta(seconds=FUTURE_TOLERANCE_SECONDS)
WORDS = "data.narrative"


def read_submission(
    subject: str, body: bytes, now: datetime, types: Collection[str] = (SUBMITTED,)
) -> tuple[Channel, Submitted]:
    """The channel and the message, `data.received_at` filled in. Raises `Misfit`.

    `types` are the CloudEvent types that are taken here; which one came is the message's `type`.
    """
    if len(body) > MAX_BYTES:
        raise Misfit(Reason.TOO_LARGE, f"it has {len(body)} bytes; at most {MAX_BYTES} are taken")
    channel = channel_of(subject)
    submitted = _typed(_cloud_event(body, types), types)
    submitted.data.received_at = _spoken_at(submitted, now)
    return channel, submitted


def channel_of(subject: str) -> Channel:
    """The channel that the subject names."""
    try:
        return Channel(subject.removeprefix(f"{subjects.SUBMIT}."))
    except ValueError:
        known = " ".join(Channel)
        raise Misfit(Reason.UNKNOWN_CHANNEL, f"the subject must end in one of the channels {known}") from None


def _cloud_event(body: bytes, types: Collection[str]) -> dict[str, Any]:
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Misfit(Reason.NOT_JSON, "it is not JSON in UTF-8") from None
    if not isinstance(message, dict):
        raise Misfit(Reason.NOT_CLOUDEVENT, "it is not a JSON object")
    if message.get("specversion") != "1.0":
        raise Misfit(Reason.NOT_CLOUDEVENT, "specversion must be the text 1.0", "specversion")
    if not isinstance(message.get("type"), str):
        raise Misfit(Reason.NOT_CLOUDEVENT, f"type must be the text {' or '.join(types)}", "type")
    return message


def _typed(message: dict[str, Any], types: Collection[str]) -> Submitted:
    if message["type"] not in types:
        raise Misfit(Reason.INVALID, f"type must be {' or '.join(types)} on this subject", "type")
    try:
        return Submitted.model_validate(message)
    except ValidationError as error:
        raise _invalid(error) from None
    except OverflowError:
        # An instant near the year 1 or 9999 that no longer is one in UTC.
        raise Misfit(Reason.INVALID, "an instant lies outside the years 1 to 9999", "data") from None


def _invalid(error: ValidationError) -> Misfit:
    """The first problem. Its words come from us or from Pydantic, not from the input."""
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    words = problem["msg"].removeprefix("Value error, ")
    if field == "data" and problem["type"] == "value_error":
        field = WORDS
    return Misfit(Reason.INVALID, f"{field}: {words}", field)


def _spoken_at(submitted: Submitted, now: datetime) -> datetime:
    """When the complainant spoke; by default when the message was made, or else now."""
    spoken = submitted.data.received_at or submitted.time or now
    if spoken > now + TOLERANCE:
        minutes = FUTURE_TOLERANCE_SECONDS // 60
        words = f"received_at (or time, where that is absent) is more than {minutes} minutes ahead"
        raise Misfit(Reason.FUTURE, words, "data.received_at")
    if spoken < EARLIEST:
        raise Misfit(Reason.INVALID, f"received_at is before {EARLIEST:%Y}", "data.received_at")
    return spoken
