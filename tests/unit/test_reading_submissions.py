"""What a submission must be, and what is said of one that is not."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contract.quarantine import Misfit, Reason
from shared.contract.subjects import Channel, submit
from shared.contract.submission import MAX_BYTES
from tests.unit.submissions import NOW, WEB, registered, said, submission

SECRET = "绝密的话 top secret words"


def misfit(message: Any, subject: str = WEB) -> Misfit:
    with pytest.raises(Misfit) as caught:
        registered(message, subject)
    return caught.value


def judged(message: Any, subject: str = WEB) -> tuple[Reason, str | None]:
    found = misfit(message, subject)
    return found.reason, found.field


def without(field: str) -> dict[str, Any]:
    message = submission()
    place = message
    *path, last = field.split(".")
    for step in path:
        place = place[step]
    del place[last]
    return message


def with_(field: str, value: Any) -> dict[str, Any]:
    message = submission()
    place = message
    *path, last = field.split(".")
    for step in path:
        place = place[step]
    place[last] = value
    return message


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_of_the_contract_is_taken(channel: Channel) -> None:
    assert said(registered(submission(), submit(channel)).facts[0])["channel"] == channel


@pytest.mark.parametrize("token", ["fax", "Web", "web.shop", "", "*"])
def test_another_last_token_is_no_channel(token: str) -> None:
    assert judged(submission(), submit(token)) == (Reason.UNKNOWN_CHANNEL, None)


def test_a_message_of_exactly_the_limit_is_read_and_one_more_byte_is_too_large() -> None:
    body = orjson.dumps(submission())
    registered(body + b" " * (MAX_BYTES - len(body)))

    assert judged(body + b" " * (MAX_BYTES - len(body) + 1)) == (Reason.TOO_LARGE, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"complaint",
        b'{"a": NaN}',
        b'{"a": 1} x',
        b"\xff\xfe{}",
        b'{"a": "\xc3\x28"}',
        b'{"a": "\\ud800"}',
        b"[" * 20_000 + b"]" * 20_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    ],
    ids=["empty", "open", "word", "nan", "tail", "utf16", "utf8", "surrogate", "deep-list", "deep-object"],
)
def test_bytes_that_cannot_be_parsed_are_not_json(body: bytes) -> None:
    assert judged(body) == (Reason.NOT_JSON, None)


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b"true"])
def test_json_that_is_no_object_is_no_cloudevent(body: bytes) -> None:
    assert judged(body) == (Reason.NOT_CLOUDEVENT, None)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({}, "specversion"),
        (without("specversion"), "specversion"),
        (with_("specversion", "0.3"), "specversion"),
        (with_("specversion", 1.0), "specversion"),
        (without("type"), "type"),
        (with_("type", None), "type"),
        (with_("type", ["complaints.submitted.v1"]), "type"),
    ],
)
def test_an_object_without_the_marks_of_a_cloudevent_is_none(message: dict[str, Any], field: str) -> None:
    assert judged(message) == (Reason.NOT_CLOUDEVENT, field)


@pytest.mark.parametrize("field", ["source", "id", "data", "data.customer", "data.customer.ref"])
def test_a_required_field_that_is_missing_is_named(field: str) -> None:
    assert judged(without(field)) == (Reason.INVALID, field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "complaints.submitted.v2"),
        ("source", ""),
        ("source", "two\nlines"),
        ("id", 7),
        ("id", "x" * 201),
        ("time", "yesterday"),
        ("time", 1_700_000_000),
        ("data", []),
        ("data.received_at", "2026-11-21T09:20:00"),
        ("data.received_at", 0),
        ("data.customer.ref", ""),
        ("data.customer.name", 5),
        ("data.title", ""),
        ("data.narrative", ["a"]),
        ("data.loss.value", "-1"),
        ("data.loss.value", 199.0),
        ("data.loss.currency", "XXQ"),
    ],
)
def test_a_field_with_a_wrong_value_is_named(field: str, value: Any) -> None:
    assert judged(with_(field, value)) == (Reason.INVALID, field)


def test_a_complaint_without_a_word_lacks_its_narrative() -> None:
    assert judged(submission(narrative=None, title=None)) == (Reason.INVALID, "data.narrative")


def test_a_title_alone_is_enough() -> None:
    assert set(registered(submission(narrative=None)).texts) >= {"title"}


def test_a_complainant_may_have_spoken_five_minutes_ahead_of_our_clock_but_not_more() -> None:
    ahead = NOW + timedelta(minutes=5)
    registered(submission(received_at=ahead.isoformat()))
    later = (ahead + timedelta(microseconds=1)).isoformat()

    assert judged(submission(received_at=later)) == (Reason.FUTURE, "data.received_at")
    assert judged(submission(received_at=None) | {"time": later}) == (Reason.FUTURE, "data.received_at")


def test_received_at_defaults_to_the_time_of_the_message_and_then_to_arrival() -> None:
    timed = submission(received_at=None)
    untimed = {name: value for name, value in timed.items() if name != "time"}

    assert said(registered(timed).facts[0])["received_at"] == "2026-11-21T01:30:00Z"
    assert said(registered(untimed).facts[0])["received_at"] == "2026-11-21T02:00:00.123456Z"


def test_a_complaint_of_last_year_is_taken_with_its_own_instant() -> None:
    old = registered(submission(received_at="2025-01-01T00:00:00+08:00"))

    assert said(old.facts[0])["received_at"] == "2024-12-31T16:00:00Z"


@pytest.mark.parametrize("instant", ["1969-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00"])
def test_an_instant_before_our_time_is_a_mistake(instant: str) -> None:
    assert misfit(submission(received_at=instant)).reason == Reason.INVALID


@pytest.mark.parametrize(
    "message",
    [
        with_("type", SECRET),
        with_("specversion", SECRET),
        with_("source", SECRET + "\n"),
        with_("time", SECRET),
        with_("data.loss.currency", SECRET),
        with_("data.loss.value", SECRET),
        with_("data.customer.name", {SECRET: SECRET}),
        with_("data.customer", {SECRET: SECRET}),
        with_("data.customer", SECRET),
    ],
)
def test_the_reason_of_a_misfit_never_repeats_its_words(message: dict[str, Any]) -> None:
    found = misfit(message)

    assert SECRET not in found.detail
    assert SECRET not in (found.field or "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    [
        "specversion", "type", "source", "id", "time", "data", "datacontenttype", "data.received_at",
        "data.language", "data.customer", "data.customer.ref", "data.customer.timezone",
        "data.customer.contact_hours", "data.title", "data.narrative", "data.loss", "data.loss.value",
        "data.hints", "data.hints.severity", "data.safety", "data.unit",
    ]
)  # fmt: skip
odd_instants = st.datetimes().map(lambda at: at.isoformat()) | st.sampled_from(
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-21T24:00:00Z", "2026-W47-6"]
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | json_values.map(lambda value: orjson_or_text(value)))
def test_arbitrary_bytes_are_a_misfit_and_never_a_crash(body: bytes) -> None:
    with pytest.raises(Misfit):
        registered(body)


@settings(max_examples=500, deadline=None)
@given(fields, json_values | odd_instants)
def test_a_submission_with_one_odd_field_is_taken_or_a_misfit(field: str, value: Any) -> None:
    message = with_(field, value)
    try:
        body = orjson.dumps(message)
    except TypeError:  # a number that JSON writers do not write
        return
    with suppress(Misfit):
        assert len(registered(body).facts) == 3


def orjson_or_text(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        return str(value).encode("utf-8", "surrogatepass")
