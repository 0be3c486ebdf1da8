"""Reading of a submission, with the checks in the order in which they are reported. Pure.

A fault is reported with its reason and field, never with the value, which may be a text about a person.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.contract import subjects
from shared.contract.json_objects import parsed, unambiguous
from shared.contract.quarantine import Misfit, Reason
from shared.contract.subjects import Channel
from shared.contract.submission import (
    FUTURE_TOLERANCE_SECONDS,
    MAX_BYTES,
    SUBMITTED,
    Customer,
    Hints,
    Representative,
    Submission,
    Submitted,
    misfits,
)
from shared.contract.submission.wishes import named, outermost, wish_at, wishes_of, without
from shared.contract.values import Money
from shared.contract.values.problems import OWN, Words, first_problem

TOLERANCE = timedelta(seconds=FUTURE_TOLERANCE_SECONDS)
WORDS = "data.narrative"
WISHES = frozenset(wishes_of(Submitted))

MODELS: tuple[type[BaseModel], ...] = (Submitted, Submission, Customer, Representative, Hints, Money)
KNOWN = frozenset(name for model in MODELS for name in model.model_fields)
"""Names that a fault may repeat: names of the contract, not of the sender."""


def read_submission(
    subject: str,
    body: bytes,
    now: datetime,
    types: Collection[str] = (SUBMITTED,),
    *,
    arrived: datetime | None = None,
) -> tuple[Channel, Submitted]:
    """Channel and message, with `data.received_at` filled in. Raises `Misfit`.

    `arrived` is the instant at which the stream stored the message, if that was before `now`. `types` are
    the CloudEvent types that are accepted here; the message's `type` is the type that came.
    """
    if len(body) > MAX_BYTES:
        raise Misfit(Reason.TOO_LARGE, misfits.TOO_LARGE.filled(size=len(body), most=MAX_BYTES))
    channel = channel_of(subject)
    submitted = _typed(_cloud_event(body, types), types)
    submitted.data.received_at = _spoken_at(submitted, now, arrived or now)
    return channel, submitted


def channel_of(subject: str) -> Channel:
    """Channel that the subject names."""
    try:
        return Channel(subject.removeprefix(f"{subjects.SUBMIT}."))
    except ValueError:
        words = misfits.UNKNOWN_CHANNEL.filled(known=" ".join(Channel))
        raise Misfit(Reason.UNKNOWN_CHANNEL, words) from None


def _cloud_event(body: bytes, types: Collection[str]) -> dict[str, Any]:
    message = parsed(body)
    if message.get("specversion") != "1.0":
        raise _named(Reason.NOT_CLOUDEVENT, "specversion", misfits.NO_VERSION)
    if not isinstance(message.get("type"), str):
        raise _named(Reason.NOT_CLOUDEVENT, "type", _one_of(types))
    unambiguous(message, body, KNOWN)
    return message


def _typed(message: dict[str, Any], types: Collection[str]) -> Submitted:
    if message["type"] not in types:
        raise _named(Reason.INVALID, "type", _one_of(types))
    try:
        return _without_strange_wishes(message)
    except ValidationError as error:
        raise _invalid(error) from None
    except OverflowError:
        # An instant near the year 1 or 9999 that no longer is one in UTC.
        raise _named(Reason.INVALID, "data", OWN["implausible_year"]) from None


def _without_strange_wishes(message: dict[str, Any]) -> Submitted:
    """Message without the wishes that are not understood. Raises `ValidationError` for other faults."""
    try:
        return Submitted.model_validate(message)
    except ValidationError as error:
        places = [found["loc"] for found in error.errors(include_input=False, include_url=False)]
        wrong = [wish_at(place, WISHES) for place in places]
        if None in wrong:
            raise
        strange = outermost({wish for wish in wrong if wish})
    submitted = Submitted.model_validate(without(message, strange))
    submitted.data.leave_out([named(wish) for wish in strange])
    return submitted


def _one_of(types: Collection[str]) -> Words:
    either = Words(misfits.OR.en.join(types), misfits.OR.zh.join(types))
    return misfits.NO_TYPE.filled(types=either)


def _invalid(error: ValidationError) -> Misfit:
    """Misfit for the first problem. Its words come from Amends, not from the input."""
    field, kind, words = first_problem(error)
    return _named(Reason.INVALID, WORDS if kind == "no_words" else field, words)


def _named(reason: Reason, field: str, words: Words) -> Misfit:
    """Misfit with one sentence in each language, whose subject is the field."""
    return Misfit(reason, misfits.NAMED.filled(field=field, problem=words), field)


def _spoken_at(submitted: Submitted, now: datetime, arrived: datetime) -> datetime:
    """Instant at which the complainant spoke; by default that of the message, else that of its arrival."""
    spoken = submitted.data.received_at or submitted.time or min(arrived, now)
    if spoken > now + TOLERANCE:
        minutes = FUTURE_TOLERANCE_SECONDS // 60
        raise _named(Reason.FUTURE, "data.received_at", misfits.AHEAD.filled(minutes=minutes))
    return spoken
