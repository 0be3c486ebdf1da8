"""What is no submission goes to the quarantine as it came, and disturbs nobody."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import httpx
import orjson
import pytest

from shared.contract import quarantine, subjects
from shared.contract.submission import MAX_BYTES
from tests.integration.intake_service import Door, new_submission

SAID = ["received", "promise_made", "notice"]
SECRET = "绝密的姓名"


def tomorrow() -> dict[str, Any]:
    at = datetime.now(UTC) + timedelta(days=1)
    return new_submission(received_at=at.isoformat())[1]


def nameless() -> dict[str, Any]:
    return new_submission(customer={"name": SECRET})[1]


MISFITS = [
    (b"\xff\xfe not json", "web", "not_json", None),
    (b"[]", "web", "not_cloudevent", None),
    (b'{"specversion": "0.3"}', "web", "not_cloudevent", "specversion"),
    (b'{"specversion": "1.0"}', "web", "not_cloudevent", "type"),
    (nameless(), "web", "invalid", "data.customer.ref"),
    (new_submission(narrative=None, title=None)[1], "web", "invalid", "data.narrative"),
    (new_submission()[1] | {"source": ""}, "web", "invalid", "source"),
    (tomorrow(), "web", "future", "data.received_at"),
    (b" " * (MAX_BYTES + 1), "web", "too_large", None),
    (new_submission(loss={"value": "-1", "currency": "CNY"})[1], "web", "invalid", "data.loss.value"),
    (new_submission(attachments=[f"data:,{SECRET}"])[1], "web", "invalid", "data.attachments.0"),
    (new_submission(title=f"{SECRET}\u202e")[1], "web", "invalid", "data.title"),
    (orjson.dumps(new_submission()[1])[:-1] + b',"id":"2"}', "web", "invalid", "id"),
    (new_submission()[1], "fax", "unknown_channel", None),
    (new_submission()[1], "web.shop", "unknown_channel", None),
]


@pytest.mark.parametrize(
    ("message", "channel", "reason", "field"),
    MISFITS,
    ids=[f"{reason}-{field}" for _, _, reason, field in MISFITS],
)
async def test_a_misfit_is_quarantined_with_its_bytes_subject_headers_reason_and_field(
    door: Door, message: Any, channel: str, reason: str, field: str | None
) -> None:
    body = message if isinstance(message, bytes) else orjson.dumps(message)
    before, earlier = new_submission()
    after, later = new_submission()
    mark, own_id = secrets.token_hex(8), secrets.token_hex(8)
    await door.submit(earlier)
    await door.submit(body, channel, **{"X-Mark": mark, "Nats-Msg-Id": own_id})
    await door.submit(later)
    async with door.open():
        await door.idle()

    aside = await door.admin.jetstream().get_last_msg(subjects.QUARANTINE_STREAM, subjects.quarantine(reason))
    headers = aside.headers or {}
    assert aside.data == body
    assert headers["X-Mark"] == mark
    assert headers[quarantine.HEADER_ORIGINAL + "Nats-Msg-Id"] == own_id
    assert headers[quarantine.HEADER_SUBJECT] == subjects.submit(channel)
    assert headers[quarantine.HEADER_REASON] == reason
    assert headers.get(quarantine.HEADER_FIELD) == field
    assert headers[quarantine.HEADER_DETAIL]
    assert SECRET not in headers[quarantine.HEADER_DETAIL]
    chinese = unquote(headers[quarantine.HEADER_DETAIL_ZH])
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert SECRET not in chinese
    assert datetime.fromisoformat(headers[quarantine.HEADER_AT]) <= datetime.now(UTC)
    assert await door.names(before) == SAID
    assert await door.names(after) == SAID
    assert (await door.admin.jetstream().stream_info(subjects.SUBMIT_STREAM)).state.messages == 0


async def test_a_misfit_that_is_taken_twice_is_quarantined_once(door: Door) -> None:
    await door.submit(b"not json " + secrets.token_bytes(8))
    js = door.admin.jetstream()
    before = (await js.stream_info(subjects.QUARANTINE_STREAM)).state.messages

    async def put_aside(intake: Any, messages: Any) -> None:
        delivery = intake.submissions.delivery
        (error,) = await intake.submissions.work(messages)
        term = messages[0].term
        messages[0].term = messages[0].in_progress  # dies before it can take the message off
        await delivery.settle(messages[0], error)
        messages[0].term = term

    await door.crash(put_aside)
    async with door.open():
        await door.idle()

    assert (await js.stream_info(subjects.QUARANTINE_STREAM)).state.messages == before + 1


async def test_the_metrics_of_intake_count_waiting_and_quarantined_submissions_by_reason(door: Door) -> None:
    await door.submit(b"not json " + secrets.token_bytes(8))
    async with door.open() as intake:
        await door.idle()
        transport = httpx.ASGITransport(app=intake.health.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
            text = (await client.get("/metrics")).text
    counted = re.search(r'amends_quarantined_messages\{reason="not_json"\} (\d+)', text)
    assert counted
    assert int(counted[1]) >= 1
    assert 'amends_pending_messages{durable="intake-submissions"} 0.0' in text
    assert 'amends_messages_in_hand{durable="intake-submissions"} 0.0' in text
