"""The door in a process of its own, on a real nats-server: what is taken, refused and kept."""

import asyncio
import json
import secrets
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.contract.ids import complaint_id
from tests.door import FEW, SHOP, SLOW, Door, an_event, refused


def cloud_event(event: dict[str, Any]) -> CloudEvent:
    """The same event as the official library holds it."""
    attributes = {name: value for name, value in event.items() if name != "data"}
    attributes["time"] = datetime.fromisoformat(event["time"])
    return CloudEvent(attributes | {"datacontenttype": "application/json"}, event["data"])


# --- what is taken --------------------------------------------------------------------------------


async def test_a_submission_is_accepted_once_it_is_in_the_stream(http_door: Door) -> None:
    event = an_event()
    response = await http_door.post(event)
    complaint = complaint_id(SHOP, event["id"])
    assert response.status_code == 202
    assert response.json() == {
        "complaint_id": complaint,
        "source": SHOP,
        "id": event["id"],
        "timeline": f"complaints.v1.event.*.{complaint}",
    }
    assert response.headers["location"] == f"urn:amends:complaint:{complaint}"
    assert await http_door.stored(event["id"]) == [("complaints.v1.submit.web", event)]


async def test_binary_and_structured_mode_give_the_same_complaint(http_door: Door) -> None:
    event = an_event(data={"customer": {"ref": "cust-1"}, "narrative": "The kettle broke twice. 水壶坏了。"})
    form = JSONFormat()
    for message in (to_structured(cloud_event(event), form), to_binary(cloud_event(event), form)):
        response = await http_door.client.post(
            "/v1/complaints", content=message.body, headers=message.headers | http_door.bearer()
        )
        assert response.status_code == 202, response.text
        assert response.json()["complaint_id"] == complaint_id(SHOP, event["id"])
    kept = [sent for _, sent in await http_door.stored(event["id"])]
    assert len(kept) == 2
    assert kept[0]["data"] == kept[1]["data"] == event["data"]
    same = ("specversion", "type", "source", "id")
    assert [kept[0][name] for name in same] == [kept[1][name] for name in same]


async def test_an_attribute_in_a_header_may_be_percent_encoded(http_door: Door) -> None:
    name = f"单号 {secrets.token_hex(4)}"
    event = an_event(id=name, data={"customer": {"ref": "c"}, "title": "late"})
    message = to_binary(cloud_event(event), JSONFormat())
    response = await http_door.client.post(
        "/v1/complaints", content=message.body, headers=message.headers | http_door.bearer()
    )
    assert response.status_code == 202, response.text
    assert response.json()["id"] == name


@pytest.mark.parametrize(
    ("address", "extension", "expected"),
    [(None, None, "web"), ("phone", None, "phone"), (None, "email", "email"), ("app", "app", "app")],
)
async def test_the_channel_is_in_the_address_or_in_the_event(
    http_door: Door, address: str | None, extension: str | None, expected: str
) -> None:
    event = an_event(**({"channel": extension} if extension else {}))
    response = await http_door.post(event, params={"channel": address} if address else {})
    assert response.status_code == 202, response.text
    assert [subject for subject, _ in await http_door.stored(event["id"])] == [
        f"complaints.v1.submit.{expected}"
    ]


async def test_a_retry_is_the_same_message_and_answered_alike(http_door: Door) -> None:
    event = an_event()
    first, second = await http_door.post(event), await http_door.post(event)
    assert (first.status_code, first.json()) == (202, second.json())
    assert (await http_door.stored_once(event["id"]))[1] == event


async def test_many_at_once_are_all_stored_and_a_repeat_is_the_same_message(http_door: Door) -> None:
    events = [an_event() for _ in range(20)]
    await asyncio.gather(*(http_door.until_accepted(event) for event in events + events[:5]))
    for event in events[:6]:
        assert (await http_door.stored_once(event["id"]))[1] == event


async def test_a_grumble_comes_in_by_the_same_door(http_door: Door) -> None:
    event = an_event(type="complaints.grumbled.v1")
    assert (await http_door.post(event)).status_code == 202
    assert await http_door.stored(event["id"]) == [("complaints.v1.submit.web", event)]


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer amends_wrong", "Basic c2hvcDpzaG9w", "Bearer é"])
async def test_a_sender_without_a_good_token_is_refused(http_door: Door, header: str | None) -> None:
    event = an_event()
    headers = {"authorization": header.encode()} if header else {}
    response = await http_door.client.post("/v1/complaints", json=event, headers=headers)
    refused(response, 401, "unknown_publisher")
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert await http_door.stored(event["id"]) == []


@pytest.mark.parametrize("source", ["test/shopping", "test", "amends/door/form", "other", "test/sho"])
async def test_a_publisher_cannot_submit_for_the_source_of_another(http_door: Door, source: str) -> None:
    event = an_event(source=source)
    assert refused(await http_door.post(event), 403, "foreign_source")["field"] == "source"
    assert await http_door.stored(event["id"]) == []


async def test_a_publisher_speaks_for_what_lies_below_its_source(http_door: Door) -> None:
    assert (await http_door.post(an_event(source=f"{SHOP}/beijing"))).status_code == 202


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        (b"{", 400, "not_json", None),
        (b"[]", 400, "not_cloudevent", None),
        (b"", 400, "not_json", None),
        (b"[" * 10_000, 400, "not_json", None),
        ({"specversion": "0.3"}, 400, "not_cloudevent", "specversion"),
        ({"type": "something.else"}, 422, "invalid", "type"),
        ({"id": ""}, 422, "invalid", "id"),
        ({"data": {"title": "x"}}, 422, "invalid", "data.customer"),
        ({"data": {"customer": {"ref": "c"}}}, 422, "invalid", "data.narrative"),
        ({"id": "13800138000"}, 422, "invalid", "id"),
        ({"data": {"customer": {"ref": "13800138000"}, "title": "x"}}, 422, "invalid", "data.customer.ref"),
        ({"time": "2126-01-01T00:00:00Z"}, 422, "future", "data.received_at"),
        ({"channel": "pigeon"}, 422, "unknown_channel", "channel"),
        ({"channel": 7}, 422, "unknown_channel", "channel"),
    ],
)
async def test_a_bad_submission_is_refused_with_its_reason_and_field(
    http_door: Door, change: Any, status: int, code: str, field: str | None
) -> None:
    event = change if isinstance(change, bytes) else an_event(**change)
    problem = refused(await http_door.post(event), status, code)
    assert problem.get("field") == field


async def test_an_unknown_channel_is_named_as_its_sender_wrote_it(http_door: Door) -> None:
    """Over HTTP nobody has heard of a subject."""
    for given in (
        {"event": an_event(), "params": {"channel": "pigeon"}},
        {"event": an_event(channel="pigeon")},
    ):
        problem = refused(await http_door.post(**given), 422, "unknown_channel")
        assert problem["field"] == "channel"
        for said in (problem["detail"], problem["detail_zh"]):
            assert "phone email web" in said
            assert "channel" in said
            assert "pigeon" not in said
        assert "subject" not in problem["detail"]
        assert "主题" not in problem["detail_zh"]


async def test_two_different_channels_are_one_too_many(http_door: Door) -> None:
    response = await http_door.post(an_event(channel="email"), params={"channel": "phone"})
    assert refused(response, 422, "unknown_channel")["field"] == "channel"


async def test_a_refusal_never_repeats_what_was_sent(http_door: Door) -> None:
    event = an_event(data={"customer": {"ref": "c", "timezone": "王小明 13800138000"}, "title": "x"})
    assert "13800138000" not in (await http_door.post(event)).text


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/cloudevents-batch+json",
        "application/x-www-form-urlencoded",
        "application/json; charset=gbk",
        "application/cloudevents+avro",
    ],
)
async def test_another_content_type_is_refused(http_door: Door, content_type: str) -> None:
    body = json.dumps(an_event()).encode()
    headers = http_door.bearer() | {"content-type": content_type}
    refused(
        await http_door.client.post("/v1/complaints", content=body, headers=headers), 415, "unsupported_type"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"ce-data": "{}"},
        {"ce-a_b": "x"},
        {"ce-subject": "%zz"},
        {"ce-subject": "%ff"},
        {"ce-specversion": "2.0"},
    ],
)
async def test_bad_attributes_of_binary_mode_are_refused(http_door: Door, headers: dict[str, str]) -> None:
    message = to_binary(cloud_event(an_event()), JSONFormat())
    response = await http_door.client.post(
        "/v1/complaints", content=message.body, headers=message.headers | http_door.bearer() | headers
    )
    refused(response, 400, "not_cloudevent")


async def test_a_body_cannot_break_out_of_the_data_of_binary_mode(http_door: Door) -> None:
    message = to_binary(cloud_event(an_event()), JSONFormat())
    body = (message.body or b"") + b',"source":"test/few"'
    response = await http_door.client.post(
        "/v1/complaints", content=body, headers=message.headers | http_door.bearer()
    )
    refused(response, 400, "not_json")


@pytest.mark.parametrize("size", [257 * 1024, 3 * 1024 * 1024])
async def test_a_body_over_the_limit_is_refused_unread(http_door: Door, size: int) -> None:
    refused(await http_door.post(b" " * size), 413, "too_large")


async def test_the_largest_submission_is_taken(http_door: Door) -> None:
    event = an_event()
    event["padding"] = "x" * (256 * 1024 - len(json.dumps(event).encode()) - len(', "padding": ""'))
    assert len(json.dumps(event).encode()) == 256 * 1024
    assert (await http_door.post(event)).status_code == 202
    event["padding"] += "x"
    refused(await http_door.post(event), 413, "too_large")


async def test_a_publisher_over_its_rate_gets_the_time_to_wait(http_door: Door) -> None:
    answers = [await http_door.post(an_event(source=SLOW), SLOW) for _ in range(FEW + 3)]  # a window slides
    statuses = [answer.status_code for answer in answers]
    assert statuses[:FEW] == [202] * FEW
    held_back = next(answer for answer in answers if answer.status_code != 202)
    refused(held_back, 429, "rate_limited")
    assert 1 <= int(held_back.headers["retry-after"]) <= 60
    assert (await http_door.post(an_event())).status_code == 202


async def test_an_unknown_address_is_answered_with_a_problem(http_door: Door) -> None:
    refused(await http_door.client.get("/v2/complaints"), 404, "not_found")
    response = await http_door.client.put("/v1/complaints")
    refused(response, 405, "not_allowed")
    assert response.headers["allow"] == "POST"
